"""Rule files → a DMN 1.3 model."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from ...core.exactjson import dumps
from ..assemble.grid import NOTES
from ..compile import load_policy
from ..diagnostics import Report
from ..document import Document
from ..document import to_document as tree_document
from ..folder import read_folder
from ..model import BindingKind, Decision, Formula, Policy, Table, ValueType
from ..sheets.write import grid_of, trees_of
from .names import AGGREGATIONS, DMN, FEEL, OWN, dmn, own, quoted, type_name

SPACES: Any = {None: DMN, "feel": FEEL, "kinerja": OWN}


def export_model(root: Path, target: Path) -> int:
    """Write the rule files of a folder as one DMN model; the number of decisions. Raises FindingsError when they hold errors."""
    policy = load_policy(root)
    folder = read_folder(root, Report())
    versions = {version.place.file: version for found in policy.decisions.values() for version in found}
    definitions = etree.Element(
        dmn("definitions"), nsmap=SPACES,
        id="aturan", name=policy.title, namespace=OWN, expressionLanguage=FEEL, typeLanguage=FEEL,
    )  # fmt: skip
    kept = etree.SubElement(definitions, dmn("extensionElements"))
    _inputs(definitions, policy)
    written = 0
    for file, tree in trees_of(folder):
        document, version = tree_document(tree), versions.get(file)
        if version is None or "decision" not in document:
            _keep(kept, file, document)
            continue
        grid = grid_of(folder, tree, Report())
        _decision(definitions, file, document, version, grid, policy)
        written += 1
    etree.ElementTree(definitions).write(str(target), xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _keep(parent: Any, file: str, document: Document) -> None:
    """What DMN has no place for, as JSON text: exact, and out of the way of other editors."""
    etree.SubElement(parent, own("file"), name=file).text = dumps(document)


def _inputs(definitions: Any, policy: Policy) -> None:
    """Facts and parameters as input data."""
    for entity in policy.vocabulary.entities.values():
        for name, fact in entity.facts.items():
            _input(definitions, f"fakta.{entity.name}.{name}", name, type_name(fact.type))
        _input(definitions, f"butir.{entity.name}", entity.name, "Any")
    for name, parameter in policy.parameters.items():
        _input(definitions, f"parameter.{name}", name, "Any" if parameter.key_type else type_name(parameter.type))


def _input(definitions: Any, id_: str, name: str, type_ref: str) -> None:
    element = etree.SubElement(definitions, dmn("inputData"), id=id_, name=name)
    etree.SubElement(element, dmn("variable"), name=name, typeRef=type_ref)


def _decision(
    definitions: Any, file: str, document: Document, version: Decision, grid: Sequence[Sequence[str]] | None, policy: Policy
) -> None:
    element = etree.SubElement(definitions, dmn("decision"), id=_id(version, policy), name=version.name)
    etree.SubElement(element, dmn("description")).text = version.label.id
    kept = dict(document)
    if grid is not None:
        kept["table"] = [list(row) for row in grid]
    _keep(etree.SubElement(element, dmn("extensionElements")), file, kept)
    single = len(version.outputs) == 1 and "steps" not in document
    type_ref = type_name(version.outputs[0].type) if single else "Any"
    etree.SubElement(element, dmn("variable"), name=version.name, typeRef=type_ref)
    for href in _requirements(version, policy):
        required = etree.SubElement(element, dmn("informationRequirement"))
        kind = "requiredDecision" if href.startswith("#keputusan.") else "requiredInput"
        etree.SubElement(required, dmn(kind), href=href)
    if isinstance(version.logic, Table):
        assert grid is not None
        _table(element, version, version.logic, grid)
    else:
        _formula(element, version.logic, document)


def _id(version: Decision, policy: Policy) -> str:
    several = len(policy.decisions[version.name]) > 1
    return f"keputusan.{version.name}" + (f".{version.effective.first}" if several else "")


def _requirements(version: Decision, policy: Policy) -> Iterable[str]:
    found: dict[str, None] = {}
    for given in version.inputs:
        if given.binding.kind is BindingKind.FACT:
            found[f"#fakta.{given.binding.target}.{given.binding.member}"] = None
        elif given.binding.kind is BindingKind.ITEMS:
            found[f"#butir.{given.binding.target}"] = None
    for name in version.requires_decisions:
        found |= dict.fromkeys("#" + _id(one, policy) for one in policy.decisions[name])
    found |= dict.fromkeys(f"#parameter.{name}" for name in version.requires_parameters)
    return found


def _table(element: Any, version: Decision, table: Table, grid: Sequence[Sequence[str]]) -> None:
    policy, _, aggregation = table.hit.value.partition(" ") if table.hit.value.startswith("COLLECT") else (table.hit.value, "", "")
    attributes = {"hitPolicy": policy} | ({"aggregation": AGGREGATIONS[aggregation]} if aggregation else {})
    made = etree.SubElement(element, dmn("decisionTable"), attributes)
    heading, inputs = list(grid[0]), len(table.columns)
    for text, type_ in zip(heading[:inputs], table.column_types, strict=True):
        column = etree.SubElement(made, dmn("input"))
        _text(etree.SubElement(column, dmn("inputExpression"), typeRef=type_name(type_)), text)
        _values(column, "inputValues", type_)
    for output in version.outputs:
        column = etree.SubElement(made, dmn("output"), name=output.name, typeRef=type_name(output.type))
        _values(column, "outputValues", output.type)
    has_note = heading[-1] in NOTES and len(heading) == inputs + len(version.outputs) + 1
    if has_note:
        etree.SubElement(made, dmn("annotation"), name=heading[-1])
    types = [*table.column_types, *(output.type for output in version.outputs)]
    for row in grid[1:]:
        rule = etree.SubElement(made, dmn("rule"))
        for number, (cell, type_) in enumerate(zip(row, types, strict=False)):
            _text(etree.SubElement(rule, dmn("inputEntry" if number < inputs else "outputEntry")), quoted(cell, type_.values))
        if has_note:
            _text(etree.SubElement(rule, dmn("annotationEntry")), row[-1])


def _values(column: Any, name: str, type_: ValueType) -> None:
    if type_.values:
        _text(etree.SubElement(column, dmn(name)), ", ".join(json.dumps(value, ensure_ascii=False) for value in type_.values))


def _formula(element: Any, formula: Formula, document: Document) -> None:
    if "steps" not in document:
        _text(etree.SubElement(element, dmn("literalExpression")), str(document["formula"]))
        return
    context = etree.SubElement(element, dmn("context"))
    steps: Mapping[str, Any] = document["steps"]
    for step in formula.steps:
        written = steps[step.name]
        entry = etree.SubElement(context, dmn("contextEntry"))
        etree.SubElement(entry, dmn("variable"), name=step.name)
        text = written["formula"] if isinstance(written, Mapping) else written
        _text(etree.SubElement(entry, dmn("literalExpression")), str(text))


def _text(parent: Any, text: str) -> None:
    etree.SubElement(parent, dmn("text")).text = text
