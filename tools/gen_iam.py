#!/usr/bin/env python3
"""Turns model/iam.json into the tables that policies are checked and evaluated against.

gen_iam.py iam.json OUT.h OUT.c
"""
import json
import sys

HEADER = """/* policy_tables.h - generated from model/iam.json; change tools/gen_iam.py instead */
#pragma once

#include "base/span.h"

#include <stdint.h>

/* The keys that only some actions have. */
enum policy_key_bit {
%(bits)s
};

struct policy_action {
    struct span name; /* "GetItem" */
    uint32_t keys;    /* 1 << policy_key_bit */
};

extern const struct policy_action policy_actions[]; /* by name */
enum { POLICY_ACTION_COUNT = %(action_count)d };

struct policy_key {
    struct span name;    /* ends with a slash where any name follows */
    struct span type;    /* "String", "ArrayOfString", "Bool", ... */
    int bit;             /* of the actions that have it; -1: all have */
};

extern const struct policy_key policy_keys[];
enum { POLICY_KEY_COUNT = %(key_count)d };

/* What a request of an operation needs. */
struct policy_need {
    struct span operation;
    struct span action;
    struct span resource; /* where the request names it; "*": none */
    struct span only_if;  /* a member that has to be there; absent: always */
};

extern const struct policy_need policy_needs[]; /* by operation */
enum { POLICY_NEED_COUNT = %(need_count)d };
"""


def bit_name(key):
    name = key.split(":")[1].rstrip("/")
    words = "".join("_" + c if c.isupper() and i else c for i, c in enumerate(name))
    return "POLICY_KEY_" + words.upper()


def span(text):
    return "{ NULL, 0 }" if text is None else f'{{ "{text}", {len(text)} }}'


def main(arguments):
    if len(arguments) != 3:
        sys.stderr.write(__doc__)
        return 2
    with open(arguments[0], encoding="utf-8") as file:
        model = json.load(file)
    names = [key["name"] for key in model["keys"]]
    special = sorted({key for action in model["actions"].values() for key in action["keys"]})
    for key in special:
        if key not in names:
            sys.exit(f"gen_iam.py: {key} is not among the keys")
    bits = {key: number for number, key in enumerate(special)}
    needs = [(operation, need) for operation in sorted(model["operations"])
             for need in model["operations"][operation]]
    for operation, need in needs:
        if need["action"] not in model["actions"]:
            sys.exit(f"gen_iam.py: {operation} needs {need['action']}, which is no action")
    with open(arguments[1], "w", encoding="ascii") as out:
        out.write(HEADER % {
            "bits": ",\n".join(f"    {bit_name(key)}" for key in special),
            "action_count": len(model["actions"]), "key_count": len(names),
            "need_count": len(needs)})
    with open(arguments[2], "w", encoding="ascii") as out:
        out.write("/* policy_tables.c - generated from model/iam.json;"
                  " change tools/gen_iam.py instead */\n"
                  "#include \"policy_tables.h\"\n\n#include <stddef.h>\n\n"
                  "const struct policy_action policy_actions[] = {\n")
        for name in sorted(model["actions"]):
            mask = sum(1 << bits[key] for key in model["actions"][name]["keys"])
            out.write(f"    {{ {span(name)}, {mask:#x} }},\n")
        out.write("};\n\nconst struct policy_key policy_keys[] = {\n")
        for key in model["keys"]:
            out.write(f"    {{ {span(key['name'])}, {span(key['type'])},"
                      f" {bits.get(key['name'], -1)} }},\n")
        out.write("};\n\nconst struct policy_need policy_needs[] = {\n")
        for operation, need in needs:
            out.write(f"    {{ {span(operation)}, {span(need['action'])},\n"
                      f"      {span(need['resource'])}, {span(need.get('if'))} }},\n")
        out.write("};\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
