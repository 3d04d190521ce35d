"""Small models written on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kinerja.dmn import run_decision

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
Write = Callable[..., Path]
Decide = Callable[..., Any]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write definitions around some elements; returns the file."""

    def write_model(body: str, *, namespace: str = DMN_13, own: str = "urn:coba", name: str = "coba.dmn") -> Path:
        path = tmp_path / name
        path.write_text(
            f'<?xml version="1.0"?><definitions xmlns="{namespace}" xmlns:feel="urn:feel" name="coba" namespace="{own}">'
            f"{body}</definitions>",
            encoding="utf-8",
        )
        return path

    return write_model


@pytest.fixture
def decide(write: Write) -> Decide:
    """Write a model and run one decision of it (by default `hasil`)."""

    def run(body: str, inputs: dict[str, Any] | None = None, decision: str = "hasil") -> Any:
        return run_decision(write(body), inputs or {}, decision)[decision]

    return run


def text(value: str) -> str:
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    return f"<text>{escaped}</text>"


def literal(value: str) -> str:
    return f"<literalExpression>{text(value)}</literalExpression>"


def input_data(name: str, type_ref: str = "") -> str:
    declared = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<inputData id="_{name}" name="{name}"><variable name="{name}"{declared}/></inputData>'


def decision(logic: str, *, name: str = "hasil", needs: str = "", knows: str = "", type_ref: str = "") -> str:
    """needs: names of input data and decisions (`!` before those); knows: names of knowledge models."""
    requirements = ""
    for one in needs.split():
        kind = "requiredDecision" if one.startswith("!") else "requiredInput"
        requirements += f'<informationRequirement><{kind} href="#_{one.lstrip("!")}"/></informationRequirement>'
    for one in knows.split():
        requirements += f'<knowledgeRequirement><requiredKnowledge href="#_{one}"/></knowledgeRequirement>'
    declared = f' typeRef="{type_ref}"' if type_ref else ""
    return f'<decision id="_{name}" name="{name}"><variable name="{name}"{declared}/>{requirements}{logic}</decision>'


def table(
    hit: str, columns: str, outputs: str, rules: list[str], *, aggregation: str = "", values: str = "", otherwise: str = ""
) -> str:
    """columns, outputs: names by blanks; a rule is its cells, inputs then outputs, parted by `|`."""
    inputs = "".join(f"<input><inputExpression>{text(column)}</inputExpression></input>" for column in columns.split())
    names = outputs.split()
    parts = (f"<outputValues>{text(values)}</outputValues>" if values else "") + (
        f"<defaultOutputEntry>{text(otherwise)}</defaultOutputEntry>" if otherwise else ""
    )
    results = "".join(f'<output name="{name}">{parts}</output>' for name in names)
    rows = []
    for rule in rules:
        cells = [cell.strip() for cell in rule.split("|")]
        split = len(columns.split())
        entries = "".join(f"<inputEntry>{text(cell)}</inputEntry>" for cell in cells[:split])
        rows.append(f"<rule>{entries}{''.join(f'<outputEntry>{text(cell)}</outputEntry>' for cell in cells[split:])}</rule>")
    attribute = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{hit}"{attribute}>{inputs}{results}{"".join(rows)}</decisionTable>'
