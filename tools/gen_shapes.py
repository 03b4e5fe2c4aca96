"""shapes.h and shapes.c: the API's structures and enumerations as C types."""
from api_model import enumerator, snake, upper_snake

HEADER = """\
/* shapes.h - generated from model/; change tools/gen_shapes.py instead
 *
 * The structures of the API as C data, for input and output alike. A member is absent when its span
 * has no data, its pointer is NULL, its enumeration is ..._ABSENT, or its has_ flag is false.
 * What hangs on a structure lives in the request's arena. Enumerations are in the model's order;
 * the _texts arrays spell them as on the wire, [0] being absent. */
#pragma once

#include "base/span.h"
#include "item/value.h"

#include <stdbool.h>
#include <stdint.h>

"""


def write_enum(api, name, out):
    c_name = api.c_name(name)
    out.write(f"enum {c_name} {{\n    {upper_snake(name)}_ABSENT,\n")
    values = [enumerator(name, value) for value in api.shapes[name]["enum"]]
    out.write(",\n".join(f"    {value}" for value in values) + "\n};\n\n")
    out.write(f"extern const struct span {c_name}_texts[{len(values) + 1}];\n\n")


def write_member(api, member, shape, out):
    c_type = api.c_type(shape)
    if api.is_pointer(shape):
        out.write(f"    const {c_type} *{snake(member)};\n")
    else:
        out.write(f"    {c_type} {snake(member)};\n")
    if api.has_flag(shape):
        out.write(f"    bool has_{snake(member)};\n")


def write_structure(api, name, out):
    out.write(f"struct {api.c_name(name)} {{\n")
    members = api.shapes[name].get("members", {})
    for member, shape in members.items():
        write_member(api, member, shape, out)
    if not members:
        out.write("    char nothing; /* the API's structure has no members, C's needs one */\n")
    out.write("};\n\n")


def write_list(api, name, out):
    out.write(f"struct {api.c_name(name)} {{\n    size_t count;\n"
              f"    {api.c_type(api.shapes[name]['member'])} *items;\n}};\n\n")


def write_map(api, name, out):
    c_name = api.c_name(name)
    out.write(f"struct {c_name}_entry {{\n    struct span key;\n"
              f"    {api.c_type(api.shapes[name]['value'])} value;\n}};\n\n"
              f"struct {c_name} {{\n    size_t count;\n"
              f"    struct {c_name}_entry *entries;\n}};\n\n")


def write_shapes(api, header_path, source_path):
    writers = {"enum": write_enum, "structure": write_structure, "list": write_list,
               "map": write_map}
    with open(header_path, "w", encoding="utf-8") as out:
        out.write(HEADER)
        for wanted in (["enum"], ["structure", "list", "map"]):
            for name in api.ordered:
                if api.kind(name) in wanted:
                    writers[api.kind(name)](api, name, out)
    with open(source_path, "w", encoding="utf-8") as out:
        out.write("/* shapes.c - generated from model/; change tools/gen_shapes.py instead */\n"
                  "#include \"shapes.h\"\n")
        for name in api.ordered:
            if api.kind(name) == "enum":
                write_texts(api, name, out)


def write_texts(api, name, out):
    values = api.shapes[name]["enum"]
    out.write(f"\nconst struct span {api.c_name(name)}_texts[{len(values) + 1}] = {{\n")
    for value in values:
        out.write(f"    [{enumerator(name, value)}] = {{ \"{value}\", {len(value)} }},\n")
    out.write("};\n")
