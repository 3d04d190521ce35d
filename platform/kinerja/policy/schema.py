"""The JSON Schema of each kind of rule file, for editors: made from the shapes that the checker itself uses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core.exactjson import dumps
from .kinds import FOLDERS, KINDS
from .shapes import NAME, RANGE, Day, Either, Empty, Flag, ListOf, MapOf, Name, Number, Plain, Record, Shape, Span, Text

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NAME = NAME.pattern.replace(r"\Z", "$")


def json_schema(kind: str) -> dict[str, Any]:
    """The schema of a kind: "vocabulary", "parameter", "standard", "decision"."""
    return {"$schema": DIALECT, "title": f"Kinerja {kind}", **_schema(KINDS[kind])}


def schema_files() -> dict[str, str]:
    """File name → text, as published under docs/schemas/."""
    return {f"{kind}.json": dumps(json_schema(kind), indent=2) + "\n" for kind in KINDS}


def editor_settings(schemas: str) -> dict[str, Any]:
    """What `.vscode/settings.json` of a folder with `rules/` says, so that its editor completes and checks rule files as they are
    typed (the Red Hat YAML extension). schemas: the folder of the schema files, relative to that folder."""
    patterns: dict[str, list[str]] = {"vocabulary": ["rules/vocabulary.yaml"]}
    for part, kind in FOLDERS.items():
        patterns.setdefault(kind, []).append(f"rules/{part}/*.yaml")
    return {"yaml.schemas": {f"./{schemas}/{kind}.json": globs for kind, globs in patterns.items()}}


def write_schemas(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in schema_files().items():
        path = folder / name
        path.write_text(content, encoding="utf-8")
        written.append(path)
    return written


def _schema(shape: Shape) -> dict[str, Any]:
    match shape:
        case Text(choices) if choices:
            return {"enum": list(choices)}
        case Text(longest=longest, worded=worded):
            kinds = {"type": "string"} if worded else {"type": ["string", "number", "boolean"]}
            return kinds | ({"maxLength": longest} if longest else {}) | ({"pattern": r"[^\W\d_]"} if worded else {})
        case Name():
            return {"type": "string", "pattern": f"^{_NAME}"}
        case Number(integer):
            return {"type": "integer"} if integer else {"type": ["number", "string"]}
        case Day():
            return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
        case Flag(also):
            return {"enum": [True, False, *also]}
        case Span():
            return {
                "type": "string",
                "pattern": "^" + RANGE.pattern.replace("?P<low>", "").replace("?P<high>", "").replace(r"\Z", "$"),
            }
        case Empty():
            return {"type": "null"}
        case Plain():
            return {}
        case ListOf(item, least):
            return {"type": "array", "items": _schema(item), **({"minItems": least} if least else {})}
        case MapOf(value, key):
            names = {"propertyNames": {"pattern": f"^{_NAME}"}} if key == "name" else {}
            return {"type": "object", "additionalProperties": _schema(value), **names}
        case Either(options):
            return {"anyOf": [_schema(option) for option in options]}
        case Record(keys):
            return _record(keys)


def _record(keys: Any) -> dict[str, Any]:
    required = [name for name, key in keys.items() if key.required]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: {"description": key.doc, **_schema(key.shape)} for name, key in keys.items()},
        **({"required": required} if required else {}),
    }
