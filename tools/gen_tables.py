"""api_tables.h and api_tables.c: every shape, field and limit of the API as constant tables."""
import random

from api_model import snake

# Patterns of the models and the functions of src/api/pattern.h that stand for them.
PATTERNS = {
    "[a-zA-Z0-9_.-]+": "pattern_name",
    "^[^\\$]+$": "pattern_no_dollar",
    "^[a-z0-9A-Z]+[\\.\\-\\w]*[a-z0-9A-Z]+$": "pattern_bucket",
    "[0-9]{12}": "pattern_account",
    "\\p{Print}+": "pattern_print",
    "[,;:|\\t ]": "pattern_delimiter",
    "[\\x20-\\x21\\x23-\\x2B\\x2D-\\x7E]*": "pattern_csv_header",
    "([0-9a-f]{16})+": "pattern_hex_blocks",
    "[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*": "pattern_no_control",
}
JAVA_CLASSES = {"integer": "java.lang.Integer", "long": "java.lang.Long",
                "double": "java.lang.Double", "boolean": "java.lang.Boolean",
                "timestamp": "java.util.Date", "blob": "java.nio.ByteBuffer",
                "string": "java.lang.String"}
KINDS = {"string": "STRING", "enum": "ENUM", "double": "DOUBLE", "timestamp": "TIMESTAMP",
         "boolean": "BOOLEAN", "structure": "STRUCTURE", "list": "LIST", "map": "MAP",
         "value": "VALUE", "item": "ITEM", "value_list": "LIST", "item_list": "LIST",
         "string_list": "LIST", "string_map": "MAP"}
CONSTRAINTS = {"required", "min", "max", "pattern", "enum", "keys", "members"}
NO_LIMITS = {"min": None, "max": None, "pattern": None, "length_first": False,
             "first_only": False, "arn": False}


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t") + '"'


def java_hash(text):
    value = 0
    for character in text:
        value = (value * 31 + ord(character)) & 0xFFFFFFFF
    return value


class Tables:
    """Writes the tables of one Api; special is model/validation.json."""

    def __init__(self, api, special, out):
        self.api = api
        self.special = special
        self.out = out
        self.limit_names = {}
        self.checks_used = set()

    # --- limits ---

    def shape_limits(self, name):
        shape = self.api.shapes[name]
        limits = dict(NO_LIMITS)
        if name not in self.api.in_requests:
            return limits
        for part in ("min", "max", "pattern"):
            limits[part] = shape.get(part)
        limits["length_first"] = name in self.special["length_before_pattern"]["shapes"]
        return self.changed(limits, name)

    def changed(self, limits, name):
        """With what model/validation.json says of a shape or Structure.Member."""
        change = self.special["limits"].get(name, {})
        limits.update({part: change[part] for part in ("min", "max") if part in change})
        return limits

    def table_name_limits(self, minimum):
        return {"min": minimum, "max": 255, "pattern": self.special["table_names"]["pattern"],
                "length_first": True, "first_only": minimum == 1, "arn": True}

    def field_limits(self, structure, member, shape):
        if shape == "TableArn" and member == "TableName":
            on_data = structure in self.special["table_names"]["data_structures"]
            return self.table_name_limits(1 if on_data else 3)
        return self.changed(self.shape_limits(shape), f"{structure}.{member}")

    def limits_name(self, limits):
        """The C expression for limits, writing their table when it is the first of its kind."""
        if limits["min"] is None and limits["max"] is None and limits["pattern"] is None:
            return "NULL"
        key = tuple(sorted(limits.items(), key=lambda item: item[0]))
        if key not in self.limit_names:
            number = self.limit_names[key] = f"limits_{len(self.limit_names)}"
            pattern = limits["pattern"]
            low = "INT64_MIN" if limits["min"] is None else limits["min"]
            high = "INT64_MAX" if limits["max"] is None else limits["max"]
            matcher = PATTERNS[pattern] if pattern else "NULL"
            self.out.write(
                f"static const struct limits {number} = {{ {low}, {high}, {matcher}, "
                f"{quoted(pattern) if pattern else 'NULL'}, "
                f"{str(limits['length_first']).lower()}, {str(limits['first_only']).lower()}, "
                f"{str(limits['arn']).lower()} }};\n")
        return "&" + self.limit_names[key]

    # --- shapes ---

    def java(self, name):
        if name == "AttributeValue":
            return "com.amazonaws.dynamodb.v20120810.AttributeValue"
        shape = self.api.shapes[name]
        if shape["type"] == "structure":
            return "com.amazonaws.dynamodb.v20120810." + name
        if shape["type"] == "list":
            return f"java.util.List<{self.java(shape['member'])}>"
        if shape["type"] == "map":
            return f"java.util.Map<java.lang.String, {self.java(shape['value'])}>"
        return JAVA_CLASSES[shape["type"]]

    def reference(self, name):
        return "&attribute_value_shape" if name == "AttributeValue" else f"&{snake(name)}_shape"

    def kind(self, name):
        kind = self.api.kind(name)
        if kind == "integer":
            return "LONG" if self.api.shapes[name]["type"] == "long" else "INTEGER"
        if kind == "blob":
            raise SystemExit(f"gen_api: {name} is a blob outside an attribute value")
        return KINDS[kind]

    def choices(self, name):
        values = self.api.shapes[name]["enum"]
        known = self.special["enum_order"].get(name)
        if known:
            assert sorted(known) == sorted(values), name
            return ", ".join(known)
        return ", ".join(sorted(values, key=lambda value: java_hash(value) & 31))

    def write_fields(self, name):
        api, plain = self.api, snake(name)
        shape = api.shapes[name]
        members = list(shape.get("members", {}).items())
        optional = self.special["optional"].get(name, [])
        required = [member for member in shape.get("required", []) if member not in optional]
        rows = []
        for member, target in members:
            place = f"struct {api.c_name(name)}, {snake(member)}"
            flag = f"offsetof(struct {api.c_name(name)}, has_{snake(member)})"
            limits = self.limits_name(self.field_limits(name, member, target))
            rows.append(
                f"    {{ {{ {quoted(member)}, {len(member)} }}, "
                f"{{ {quoted(quoted(member) + ':')}, {len(member) + 3} }},\n"
                f"      {self.reference(target)}, {limits}, offsetof({place}),\n"
                f"      {flag if api.has_flag(target) else 0}, "
                f"{str(api.is_pointer(target)).lower()}, "
                f"{str(member in required).lower()} }},\n")
        if rows:
            self.out.write(f"static const struct field {plain}_fields[] = {{\n{''.join(rows)}}};\n")
        self.write_lookup(plain, [member for member, _ in members], required,
                          self.special["field_order"].get(name, []))

    def write_lookup(self, plain, names, required, first):
        order = [names.index(name) for name in first]
        order += [i for i in range(len(names)) if i not in order]
        bits = sum(1 << names.index(name) for name in required)
        assert len(names) <= 64, plain
        if not names:
            self.out.write(f"static const struct fields {plain}_members = {{ 0 }};\n\n")
            return
        mask, factors, slots = perfect_hash(names)
        self.out.write(
            f"static const uint8_t {plain}_order[] = {{ {', '.join(map(str, order))} }};\n"
            f"static const uint8_t {plain}_slots[] = {{ {', '.join(map(str, slots))} }};\n"
            f"static const struct fields {plain}_members = {{\n"
            f"    {len(names)}, {plain}_fields, {plain}_order, {bits:#x}, {plain}_slots, {mask},\n"
            f"    {{ {', '.join(map(str, factors))} }}\n}};\n\n")

    def write_shape(self, name):
        api, plain = self.api, snake(name)
        shape = api.shapes[name]
        kind = self.kind(name)
        parts = [f".kind = SHAPE_{kind}", f".size = sizeof({api.c_type(name)})",
                 f".name = {quoted(name)}"]
        java = self.java(name)
        parts.append(f".java = {quoted(java if '<' in java else 'class ' + java)}")
        limits = self.limits_name(self.shape_limits(name))
        if limits != "NULL":
            parts.append(f".limits = {limits}")
        if kind == "STRUCTURE":
            self.write_fields(name)
            parts.append(f".fields = &{plain}_members")
        elif kind == "ENUM":
            parts += [f".texts = {api.c_name(name)}_texts",
                      f".text_count = {len(shape['enum']) + 1}",
                      f".choices = {quoted(self.choices(name))}"]
        elif kind == "LIST":
            parts.append(f".member = {self.reference(shape['member'])}")
        if kind in ("MAP", "ITEM"):
            parts += self.map_parts(name, kind)
        self.out.write(f"const struct shape {plain}_shape = {{\n    "
                       + ",\n    ".join(parts) + "\n};\n\n")

    def map_parts(self, name, kind):
        shape = self.api.shapes[name]
        limits = self.shape_limits(shape["key"])
        if shape["key"] == "TableArn":
            limits = self.table_name_limits(3)
        parts = []
        if self.limits_name(limits) != "NULL":
            parts.append(f".key_limits = {self.limits_name(limits)}")
        if kind == "MAP":
            entry = ("struct string_pair" if self.api.kind(name) == "string_map"
                     else f"struct {self.api.c_name(name)}_entry")
            parts += [f".member = {self.reference(shape['value'])}",
                      f".entry_size = sizeof({entry})",
                      f".value_offset = offsetof({entry}, value)"]
        return parts

    # --- operations ---

    def write_signature(self, name):
        operation = self.api.operations[name]
        plain = snake(name)
        rules = [rule for rule in self.special["rules"] if name in rule["operations"]]
        if rules:
            self.out.write(f"static const struct rule {plain}_rules[] = {{\n"
                           + "".join(self.rule_row(rule) for rule in rules) + "};\n")
        output = operation.get("output")
        self.out.write(
            f"const struct signature {plain}_signature = {{\n"
            f"    {{ {quoted(name)}, {len(name)} }}, {self.reference(operation['input'])},\n"
            f"    {self.reference(output) if output else 'NULL'},\n"
            f"    {plain + '_rules' if rules else 'NULL'}, {len(rules)},\n"
            f"    {str(operation['model'] == 'dynamodbstreams').lower()}\n}};\n\n")

    def rule_row(self, rule):
        assert rule["constraint"] in CONSTRAINTS, rule
        message = quoted(rule["message"]) if "message" in rule else "NULL"
        flags = ["current" in rule["validators"], "classic" in rule["validators"],
                 rule.get("newer", False), rule.get("json_value", False)]
        return (f"    {{ {quoted(rule['path'])}, CONSTRAINT_{rule['constraint'].upper()}, "
                f"{', '.join(str(flag).lower() for flag in flags)},\n      {message} }},\n")


def perfect_hash(names):
    """Factors under which the names of a structure fall into different slots."""
    draws = random.Random(1)
    size = 1
    while size < len(names):
        size *= 2
    while size <= 256:
        for _ in range(4000):
            factors = [draws.randrange(1, 256) for _ in range(4)]
            slots = [255] * size
            for i, name in enumerate(names):
                place = hash_place(name, factors) & (size - 1)
                if slots[place] != 255:
                    break
                slots[place] = i
            else:
                return size - 1, factors, slots
        size *= 2
    raise SystemExit(f"gen_api: no perfect hash for {names}")


def hash_place(name, factors):
    size = len(name)
    places = (min(1, size - 1), size // 4, size // 2, size * 3 // 4)
    return size + sum(ord(name[place]) * factor for place, factor in zip(places, factors))


def write_tables(api, special, header_path, source_path):
    with open(header_path, "w", encoding="utf-8") as out:
        out.write("/* api_tables.h - generated from model/; change tools/gen_tables.py instead */\n"
                  "#pragma once\n\n#include \"api/schema.h\"\n\n"
                  "extern const struct shape attribute_value_shape;\n")
        for name in api.ordered:
            if api.kind(name) != "blob":
                out.write(f"extern const struct shape {snake(name)}_shape;\n")
        out.write("\n")
        for name in sorted(api.operations):
            out.write(f"extern const struct signature {snake(name)}_signature;\n")
    with open(source_path, "w", encoding="utf-8") as out:
        out.write("/* api_tables.c - generated from model/; change tools/gen_tables.py instead */\n"
                  "#include \"api_tables.h\"\n\n"
                  "#include \"api/pattern.h\"\n#include \"shapes.h\"\n\n"
                  "const struct shape attribute_value_shape = {\n"
                  "    .kind = SHAPE_VALUE,\n    .size = sizeof(struct value),\n"
                  "    .name = \"AttributeValue\",\n"
                  "    .java = \"class com.amazonaws.dynamodb.v20120810.AttributeValue\"\n};\n\n")
        tables = Tables(api, special, out)
        for name in api.ordered:
            if api.kind(name) != "blob":
                tables.write_shape(name)
        for name in sorted(api.operations):
            tables.write_signature(name)


def write_operations(api, enabled, header_path, source_path):
    """The operations table: enabled names the operations that have a handler, in snake case."""
    names = sorted(api.operations)
    unknown = set(enabled) - {snake(name) for name in names}
    if unknown:
        raise SystemExit(f"gen_api: no operation of the API: {', '.join(sorted(unknown))}")
    with open(header_path, "w", encoding="utf-8") as out:
        out.write(OPERATIONS_HEADER)
        for name in names:
            plain = snake(name)
            out.write(f"\nMUST_USE struct error *{plain}(struct request *req, "
                      f"const {side_type(api, name, 'input')} *in,\n"
                      f"    {side_type(api, name, 'output')} *out);")
        out.write("\n")
    with open(source_path, "w", encoding="utf-8") as out:
        out.write("/* operations.c - generated from model/; change tools/gen_tables.py instead */\n"
                  "#include \"operations.h\"\n\n#include \"api_tables.h\"\n\n")
        for name in names:
            if snake(name) in enabled:
                write_thunk(snake(name), out)
        out.write("const struct operation operations[OPERATIONS_COUNT] = {\n")
        for name in names:
            run = "run_" + snake(name) if snake(name) in enabled else "NULL"
            out.write(f"    {{ &{snake(name)}_signature, {run} }},\n")
        out.write("};\n")


def side_type(api, name, side):
    shape = api.operations[name].get(side)
    return "struct " + api.c_name(shape) if shape else "void"


def write_thunk(plain, out):
    out.write(f"static struct error *run_{plain}(struct request *req, const void *in, void *out)\n"
              f"{{\n    return {plain}(req, in, out);\n}}\n\n")


OPERATIONS_HEADER = """\
/* operations.h - generated from model/; change tools/gen_tables.py instead
 *
 * The handlers, one file each in src/ops, and the table of them. A handler gets input that has been
 * decoded and validated against the model, and fills output, which is zeroed before. */
#pragma once

#include "base/error.h"
#include "engine/request.h"

#include "shapes.h"

struct signature;

struct operation {
    const struct signature *signature;
    /* NULL: known to the API, but not to this program. */
    struct error *(*run)(struct request *req, const void *in, void *out);
};

enum { OPERATIONS_COUNT = 62 };

extern const struct operation operations[OPERATIONS_COUNT]; /* sorted by name */
"""
