#!/usr/bin/env python3
"""Turns model/*.json into the C tables that Stator is built from.

gen_api.py errors MODEL_DIR OUT.h OUT.c    error codes with wire name, status and message key
gen_api.py shapes MODEL_DIR OUT.h OUT.c    structures and enumerations of the API
gen_api.py tables MODEL_DIR OUT.h OUT.c    tables of shapes, fields, limits and operations
gen_api.py operations MODEL_DIR OUT.h OUT.c [NAME.c]...
                                           the handlers, those named being there
"""
import re
import sys

from api_model import Api, MODELS, read_model, upper_snake
from gen_shapes import write_shapes
from gen_tables import write_operations, write_tables


def error_code(name):
    return "ERR_" + re.sub(r"_EXCEPTION$", "", upper_snake(name))


def error_kinds(folder):
    """(name, namespace, status, message key) of every error, sorted by name."""
    extra = read_model(folder, "errors")
    kinds = {}
    for model in MODELS:
        for name, shape in read_model(folder, model)["shapes"].items():
            if shape.get("exception"):
                kinds[name] = (extra["modelled_namespace"], shape["httpStatus"])
    for layer in ("validate", "service"):
        for name, status in extra[layer]["errors"].items():
            kinds[name] = (extra[layer]["namespace"], status)
    capital = extra["capital_message"]
    return [(name, space, status, "Message" if name in capital else "message")
            for name, (space, status) in sorted(kinds.items())]


def write_errors(folder, header_path, source_path):
    kinds = error_kinds(folder)
    with open(header_path, "w", encoding="utf-8") as out:
        out.write("/* error_codes.h - generated from model/; change tools/gen_api.py instead */\n"
                  "#pragma once\n\nenum error_code {\n")
        for name, _, status, _ in kinds:
            out.write(f"    {error_code(name)}, /* {status} */\n")
        out.write("    ERR_COUNT\n};\n\nstruct error_kind {\n    const char *name;\n"
                  "    const char *name_space;\n    const char *message_key;\n"
                  "    int http_status;\n};\n\n"
                  "extern const struct error_kind error_kinds[ERR_COUNT];\n")
    with open(source_path, "w", encoding="utf-8") as out:
        out.write("/* error_codes.c - generated from model/; change tools/gen_api.py instead */\n"
                  "#include \"error_codes.h\"\n\n"
                  "const struct error_kind error_kinds[ERR_COUNT] = {\n")
        for name, space, status, key in kinds:
            out.write(f"    [{error_code(name)}] = {{ \"{name}\", \"{space}\", "
                      f"\"{key}\", {status} }},\n")
        out.write("};\n")


def main(arguments):
    if len(arguments) == 4 and arguments[0] == "errors":
        write_errors(*arguments[1:])
    elif len(arguments) == 4 and arguments[0] == "shapes":
        write_shapes(Api(arguments[1]), *arguments[2:])
    elif len(arguments) == 4 and arguments[0] == "tables":
        write_tables(Api(arguments[1]), read_model(arguments[1], "validation"), *arguments[2:])
    elif len(arguments) >= 4 and arguments[0] == "operations":
        enabled = [path.split("/")[-1].removesuffix(".c") for path in arguments[4:]]
        write_operations(Api(arguments[1]), enabled, *arguments[2:4])
    else:
        sys.stderr.write(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
