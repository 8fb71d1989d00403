"""JSON Schema for every kind of file, made by pydantic from the model: completion and help in
editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import PydanticCustomError, core_schema

from mentorkit.model.examples import EXAMPLES
from mentorkit.model.file_kinds import FILE_KINDS
from mentorkit.model.types import SHORT_NAME, SHORT_NAME_LENGTH

FOLDER = ".mentorkit"
REFERENCE = "#/definitions/{model}"
LIMITS = {"ge": "minimum", "le": "maximum"}
# 2027.1 and yes are texts to mentorkit, whatever YAML takes them for.
WORD: JsonSchemaValue = {"type": ["string", "number", "boolean"]}


class EditorSchema(GenerateJsonSchema):
    """pydantic's schema as editors need it: of the YAML that is written, not of the values it
    becomes."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        made = {**super().str_schema(schema), **WORD}
        made.pop("minLength", None)
        if "pattern" in made:  # the reader removes the line break that a text after | ends with
            made["pattern"] = made["pattern"].removesuffix("$") + r"\n?$"
        return made

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:  # noqa: ARG002
        return {"enum": ["yes", "no", True, False]}

    def date_schema(self, schema: core_schema.DateSchema) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        values = self.generate_inner(schema["values_schema"]) if "values_schema" in schema else {}
        made: JsonSchemaValue = {"type": "object", "additionalProperties": values or True}
        if schema.get("keys_schema", {}).get("type") == "function-before":
            made["propertyNames"] = {"pattern": SHORT_NAME, "maxLength": SHORT_NAME_LENGTH}
        return made

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        choices = schema["choices"].values()
        return {"anyOf": [self.generate_inner(choice) for choice in choices]}

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """Return the schema of the value, and a text beside it where a text is short for it."""
        inner = self.generate_inner(schema["schema"])
        is_group = "$ref" in inner or inner.get("type") in ("array", "object")
        if is_group and takes_text(schema["function"]["function"]):
            return {"anyOf": [WORD, inner]}
        return inner

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002
        return False


def files() -> dict[str, str]:
    """Every file that editors need, by its place in a program's folder."""
    made = {f"{FOLDER}/{kind.name}.schema.json": _text(schema(kind.model)) for kind in FILE_KINDS}
    schemas = {f"{FOLDER}/{kind.name}.schema.json": list(kind.patterns()) for kind in FILE_KINDS}
    typing_ = {
        "editor.insertSpaces": True,
        "editor.tabSize": 2,
        "editor.wordWrap": "on",
        "editor.autoIndent": "keep",
    }
    settings = {
        "yaml.schemas": schemas,
        "yaml.yamlVersion": "1.2",
        "files.encoding": "utf8",
        "[yaml]": typing_,
    }
    return {
        **made,
        ".vscode/settings.json": _text(settings),
        ".vscode/extensions.json": _text({"recommendations": ["redhat.vscode-yaml"]}),
    }


def write(folder: Path) -> None:
    """Put these files into a program's folder; others there stay."""
    for place, text in files().items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(text, encoding="utf-8")


def modeline(kind: str, depth: int = 1) -> str:
    """The first line of a file of this kind, which tells editors where its schema lies."""
    return f"# yaml-language-server: $schema={'../' * depth}{FOLDER}/{kind}.schema.json\n"


def schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of one kind of file (JSON Schema, draft 7)."""
    _, made = models_json_schema(
        [(model, "validation")], ref_template=REFERENCE, schema_generator=EditorSchema
    )
    definitions = _with_limits(made["$defs"])
    for name, group in definitions.items():
        group.pop("title", None)
        group["properties"] = {
            key: _for_editors(value, EXAMPLES.get(f"{name}.{key}", EXAMPLES.get(key)))
            for key, value in group["properties"].items()
        }
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": model.__name__,
        "description": (model.__doc__ or "").strip(),
        "$ref": REFERENCE.format(model=model.__name__),
        "definitions": definitions,
    }


def _for_editors(field: dict[str, Any], example: object) -> dict[str, Any]:
    """Return the schema of a key with its example; beside $ref, draft 7 reads nothing else."""
    reference = field.pop("$ref", None)
    if reference:
        return {**field, "allOf": [{"$ref": reference}]}
    if example is not None and "enum" not in field:
        field["examples"] = [example]
    return field


def _with_limits(value: Any) -> Any:
    """Return a schema in which limits have their names of JSON Schema.

    Behind a validator, pydantic leaves its own.
    """
    if isinstance(value, dict):
        return {LIMITS.get(key, key): _with_limits(inner) for key, inner in value.items()}
    return [_with_limits(inner) for inner in value] if isinstance(value, list) else value


def _text(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def takes_text(convert: Any) -> bool:
    """Return whether `convert` makes a group or a list of a single text."""
    try:
        return not isinstance(convert("x"), str)
    except (PydanticCustomError, TypeError):
        return False
