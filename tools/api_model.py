"""The service's API models as the generators see them: shapes, their C names, their order."""
import json
import re

MODELS = ("dynamodb", "dynamodbstreams")

# C names of shapes whose plain name belongs to another part of the code (see src/item, src/expr).
TAKEN = {"condition", "key_schema", "projection", "update"}

INTEGERS = ("integer", "long")
DOUBLES = ("double", "float", "timestamp")


def upper_snake(name):
    words = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", words).upper()


def snake(name):
    return upper_snake(name).lower()


def enumerator(shape_name, value):
    words = upper_snake(value) if value != value.upper() else value
    return upper_snake(shape_name) + "_" + re.sub(r"[^A-Z0-9]", "_", words)


def read_model(folder, name):
    with open(f"{folder}/{name}.json", encoding="utf-8") as file:
        return json.load(file)


class Api:
    """Both models as one: operations by name, shapes by name, and what C makes of a shape."""

    def __init__(self, folder):
        self.shapes = {}
        self.operations = {}
        for model in MODELS:
            content = read_model(folder, model)
            for name, shape in content["shapes"].items():
                self._add_shape(name, shape)
            for name, operation in content["operations"].items():
                assert name not in self.operations, name
                self.operations[name] = dict(operation, model=model)
        self.ordered = self._order(("input", "output"))
        self.in_requests = set(self._order(("input",)))

    def _add_shape(self, name, shape):
        """A shape that both models have must have one form; of the limits the wider one stays."""
        known = self.shapes.setdefault(name, shape)
        form = ("type", "members", "required", "member", "key", "value", "enum", "pattern", "min")
        for part in form:
            if known.get(part) != shape.get(part):
                raise SystemExit(f"gen_api: shape {name} differs between the models in {part}")
        if "max" not in shape:
            known.pop("max", None)

    def _order(self, sides):
        """Every shape that an operation reaches, each after the shapes that it is made of."""
        done = []
        seen = set()

        def visit(name):
            if name in seen:
                return
            seen.add(name)
            if name == "AttributeValue":
                return
            shape = self.shapes[name]
            parts = list(shape.get("members", {}).values())
            parts += [shape[part] for part in ("member", "key", "value") if part in shape]
            for part in parts:
                visit(part)
            done.append(name)

        for operation in sorted(self.operations):
            for side in sides:
                if self.operations[operation].get(side):
                    visit(self.operations[operation][side])
        return done

    def kind(self, name):
        """One word for what C makes of a shape; see c_type."""
        if name == "AttributeValue":
            return "value"
        shape = self.shapes[name]
        type_ = shape["type"]
        if type_ == "string":
            return "enum" if "enum" in shape else "string"
        if type_ in INTEGERS:
            return "integer"
        if type_ in DOUBLES:
            return "timestamp" if type_ == "timestamp" else "double"
        if type_ == "list":
            member = self.kind(shape["member"])
            return {"value": "value_list", "item": "item_list",
                    "string": "string_list"}.get(member, "list")
        if type_ == "map":
            value = self.kind(shape["value"])
            return {"value": "item", "string": "string_map"}.get(value, "map")
        return type_  # boolean, blob, structure

    def c_name(self, name):
        plain = snake(name)
        return "api_" + plain if plain in TAKEN else plain

    def c_type(self, name):
        """The type of one such value, held in place."""
        kind = self.kind(name)
        plain = {"string": "struct span", "blob": "struct span", "integer": "int64_t",
                 "double": "double", "timestamp": "double", "boolean": "bool"}
        if kind in plain:
            return plain[kind]
        if kind == "enum":
            return "enum " + self.c_name(name)
        if kind in ("structure", "list", "map"):
            return "struct " + self.c_name(name)
        return "struct " + kind

    def is_pointer(self, name):
        """As a member of a structure: by pointer, NULL meaning absent."""
        return self.kind(name) in ("structure", "list", "map", "item", "item_list", "value",
                                   "value_list", "string_list", "string_map")

    def has_flag(self, name):
        return self.kind(name) in ("integer", "double", "timestamp", "boolean")

    def is_named(self, name):
        """Does the shape get a C type of its own?"""
        return self.kind(name) in ("structure", "list", "map", "enum")
