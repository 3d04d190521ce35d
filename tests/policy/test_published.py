"""What is published beside the code stays current: schemas and the page of diagnostics."""

from __future__ import annotations

import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from kinerja.core.errors import Place
from kinerja.core.exactjson import dumps
from kinerja.policy.catalogue import CATALOGUE
from kinerja.policy.diagnostics import make
from kinerja.policy.kinds import FOLDERS, KINDS
from kinerja.policy.schema import editor_settings, json_schema, schema_files

from .conftest import FILES

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", schema_files())
def test_published_schemas_are_current(name: str) -> None:
    assert (DOCS / "schemas" / name).read_text(encoding="utf-8") == schema_files()[name], "run: kinerja rules schemas docs/schemas"


@pytest.mark.parametrize("kind", KINDS)
def test_schemas_are_valid(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema(kind))


@pytest.mark.parametrize("name", FILES)
def test_good_files_fit_their_schema_and_a_misspelt_key_does_not(name: str) -> None:
    kind = FOLDERS[name.split("/")[0]] if "/" in name else "vocabulary"
    document = yaml.load(FILES[name], Loader=yaml.BaseLoader)
    validator = jsonschema.Draft202012Validator(_textual(json_schema(kind)))
    assert [error.message for error in validator.iter_errors(document)] == []
    document["titel"] = document.pop("title")
    assert not validator.is_valid(document)


def _textual(schema: object) -> object:
    """The schema for a reader that keeps every scalar as text, as BaseLoader does."""
    if isinstance(schema, dict):
        changed = {key: _textual(value) for key, value in schema.items()}
        if "enum" in changed:
            changed["enum"] = [{True: "true", False: "false"}.get(v, v) if isinstance(v, bool) else v for v in changed["enum"]]
        if changed.get("type") in ("integer", "null"):
            changed["type"] = "string"
        return changed
    return [_textual(item) for item in schema] if isinstance(schema, list) else schema


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_has_its_section(code: str) -> None:
    page = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {code} [^\n]*\n(.*?)(?=^## |\Z)", page, re.M | re.S)
    assert section is not None, f"docs/diagnostics.md has no section for {code}"
    assert len(section[1].split()) >= 12, f"the section for {code} says too little"


def test_no_section_without_a_code() -> None:
    page = (DOCS / "diagnostics.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^## ([RPD]\d+) ", page, re.M)) == set(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_template_can_be_filled(code: str) -> None:
    kind = CATALOGUE[code]
    names = {name for template in kind[1:] for name in re.findall(r"(?<!\{)\{(\w+)\}", template)}
    found = make(code, Place("a", 1), **{name: "x" for name in names if not name.startswith("hint_")})
    assert all((found.text_id, found.text_en, found.remedy_id, found.remedy_en))


def test_the_editor_of_this_folder_finds_the_schemas() -> None:
    settings = (DOCS.parent / ".vscode" / "settings.json").read_text(encoding="utf-8")
    assert settings == dumps(editor_settings("docs/schemas"), indent=2) + "\n"
