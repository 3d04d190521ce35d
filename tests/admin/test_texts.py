"""The English catalogue is complete, has no leftovers, and keeps every placeholder; labels have both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from kinerja_admin.texts import english

CONSOLE = Path(__file__).resolve().parents[2] / "admin" / "kinerja_admin"
LABELS = yaml.safe_load((CONSOLE / "translations" / "labels.yaml").read_text(encoding="utf-8"))
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def sentences_of_templates() -> set[str]:
    found: set[str] = set()
    for file in CONSOLE.rglob("*.html"):
        for _, _, message in extract_from_ast(Environment(autoescape=True).parse(file.read_text(encoding="utf-8")), ("_",)):
            text = message[0] if isinstance(message, tuple) else message
            if isinstance(text, str):
                found.add(text)
    return found


def sentences_of_code() -> set[str]:
    """Literal arguments of `_()`, and the names that views, columns and fields are shown by."""
    found: set[str] = set()
    for file in CONSOLE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_":
                found |= {node.args[0].value} if isinstance(node.args[0], ast.Constant) else set()
            if isinstance(node, ast.Call):
                found |= {
                    word.value.value for word in node.keywords if word.arg in ("label", "description") and is_text(word.value)
                }
                if any(word.arg == "endpoint" for word in node.keywords):
                    found |= {argument.value for argument in node.args if is_text(argument)}
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                if node.targets[0].id == "LABELS" and isinstance(node.value, ast.Dict):
                    found |= {value.value for value in node.value.values if is_text(value)}
                if node.targets[0].id == "group" and is_text(node.value) and node.value.value:
                    found.add(node.value.value)
    return found


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


USED = sentences_of_templates() | sentences_of_code()


def test_enough_sentences_were_found() -> None:
    assert len(USED) > 200
    assert "Tugas saya" in USED


def test_every_sentence_has_english() -> None:
    assert sorted(USED - set(english())) == []


def test_no_english_is_left_over() -> None:
    assert sorted(set(english()) - USED) == []


def test_placeholders_agree() -> None:
    wrong = {id: en for id, en in english().items() if sorted(PLACEHOLDER.findall(id)) != sorted(PLACEHOLDER.findall(en))}
    assert wrong == {}


@pytest.mark.parametrize("kind", sorted(LABELS))
def test_labels_have_both_languages(kind: str) -> None:
    assert {value: label for value, label in LABELS[kind].items() if set(label) != {"id", "en"} or not all(label.values())} == {}


@pytest.mark.parametrize("name", ["en", "keys"])
def test_a_sentence_stands_once(name: str) -> None:
    """YAML would take the last of two, and nobody would see that the first is dead."""
    lines = (CONSOLE / "translations" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    keys = [found.group() for line in lines if (found := re.match(r'"(?:[^"\\]|\\.)*":|[^\s#][^:]*:', line))]
    assert len(keys) > 40
    assert len(keys) == len(set(keys))
