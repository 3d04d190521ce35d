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
from ..model import BindingKind, Decision, Formula, Input, Policy, Table, ValueType
from ..sheets.write import grid_of, trees_of
from .names import AGGREGATIONS, DMN, FEEL, OWN, TYPES, dmn, own, quoted, type_name
from .scope import OUTSIDE, Sources, read_beyond_headings

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
    sources = Sources(policy)
    _inputs(definitions, policy, sources)
    written = 0
    for file, tree in trees_of(folder):
        document, version = tree_document(tree), versions.get(file)
        if version is None or "decision" not in document:
            _keep(kept, file, document)
            continue
        grid = grid_of(folder, tree, Report())
        kept_document = dict(document) | ({"table": [list(row) for row in grid]} if grid is not None else {})
        logic = _Logic(sources, version, document, grid)
        if version.name in sources.functions:
            _function(definitions, file, kept_document, version, logic)
        else:
            _decision(definitions, file, kept_document, version, logic, policy, sources)
            if version.name in sources.copied:
                _function(definitions, "", {}, version, logic)
        written += 1
    etree.ElementTree(definitions).write(str(target), xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _keep(parent: Any, file: str, document: Document) -> None:
    """What DMN has no place for, as JSON text: exact, and out of the way of other editors."""
    etree.SubElement(parent, own("file"), name=file).text = dumps(document)


def _inputs(definitions: Any, policy: Policy, sources: Sources) -> None:
    """Facts and parameters as input data, and what decisions are given by whoever asks them."""
    for entity in policy.vocabulary.entities.values():
        for name, fact in entity.facts.items():
            _input(definitions, f"fakta.{entity.name}.{name}", name, type_name(fact.type))
        _input(definitions, f"butir.{entity.name}", entity.name, "Any")
    for name, parameter in policy.parameters.items():
        _input(definitions, f"parameter.{name}", name, "Any" if parameter.key_type else type_name(parameter.type))
    for versions in policy.decisions.values():
        for version in versions if versions[0].name not in sources.functions else ():
            for given in version.inputs:
                if given.binding.kind in OUTSIDE:
                    _input(definitions, _own_input(version, given, policy), given.name, type_name(given.type))


def _own_input(version: Decision, given: Input, policy: Policy) -> str:
    return f"masukan.{_id(version, policy).removeprefix('keputusan.')}.{given.name}"


def _input(definitions: Any, id_: str, name: str, type_ref: str) -> None:
    element = etree.SubElement(definitions, dmn("inputData"), id=id_, name=name)
    etree.SubElement(element, dmn("variable"), name=name, typeRef=type_ref)


def _decision(
    definitions: Any, file: str, kept: Document, version: Decision, logic: _Logic, policy: Policy, sources: Sources
) -> None:
    element = _element(definitions, "decision", _id(version, policy), file, kept, version)
    type_ref = type_name(version.outputs[0].type) if sources.lone(version) else "Any"
    etree.SubElement(element, dmn("variable"), name=version.name, typeRef=type_ref)
    for href in _requirements(version, policy, sources):
        if href.startswith("#fungsi."):
            continue
        required = etree.SubElement(element, dmn("informationRequirement"))
        kind = "requiredDecision" if href.startswith("#keputusan.") else "requiredInput"
        etree.SubElement(required, dmn(kind), href=href)
    _knowledge(element, _requirements(version, policy, sources))
    logic.write(element)


def _function(definitions: Any, file: str, kept: Document, version: Decision, logic: _Logic) -> None:
    """A decision that formulas call, as a knowledge model that gives a context of its outputs. file "": a copy beside it."""
    element = _element(definitions, "businessKnowledgeModel", f"fungsi.{version.name}", file, kept, version)
    etree.SubElement(element, dmn("variable"), name=version.name)
    body = etree.SubElement(element, dmn("encapsulatedLogic"), kind="FEEL")
    for given in version.inputs:
        etree.SubElement(body, dmn("formalParameter"), name=given.name, typeRef=type_name(given.type))
    logic.write(body, in_context=len(version.outputs) == 1)


def _element(definitions: Any, kind: str, id_: str, file: str, kept: Document, version: Decision) -> Any:
    element = etree.SubElement(definitions, dmn(kind), id=id_, name=version.name)
    etree.SubElement(element, dmn("description")).text = version.label.id
    if file:
        _keep(etree.SubElement(element, dmn("extensionElements")), file, kept)
    return element


def _knowledge(element: Any, hrefs: Iterable[str]) -> None:
    for href in hrefs:
        if href.startswith("#fungsi."):
            required = etree.SubElement(element, dmn("knowledgeRequirement"))
            etree.SubElement(required, dmn("requiredKnowledge"), href=href)


def _id(version: Decision, policy: Policy) -> str:
    several = len(policy.decisions[version.name]) > 1
    return f"keputusan.{version.name}" + (f".{version.effective.first}" if several else "")


def _requirements(version: Decision, policy: Policy, sources: Sources) -> Iterable[str]:
    found: dict[str, None] = {}
    for given in version.inputs:
        if given.binding.kind is BindingKind.FACT:
            found[f"#fakta.{given.binding.target}.{given.binding.member}"] = None
        elif given.binding.kind is BindingKind.ITEMS:
            found[f"#butir.{given.binding.target}"] = None
        elif given.binding.kind in OUTSIDE:
            found[f"#{_own_input(version, given, policy)}"] = None
    for name in version.requires_decisions:
        if sources.is_called(version, name):
            found[f"#fungsi.{name}"] = None
        else:
            found |= dict.fromkeys("#" + _id(one, policy) for one in policy.decisions[name])
    found |= dict.fromkeys(f"#parameter.{name}" for name in version.requires_parameters)
    return found


class _Logic:
    """The logic of one version as DMN writes it."""

    def __init__(self, sources: Sources, version: Decision, document: Document, grid: Sequence[Sequence[str]] | None) -> None:
        self.version, self.document, self.grid = version, document, grid
        self.aliases = sources.aliases(version)
        self.named = self.aliases if read_beyond_headings(version, self.aliases) else {}

    def write(self, parent: Any, *, in_context: bool = False) -> None:
        """in_context: a context with the one output as its entry."""
        if "steps" in self.document:
            self._steps(etree.SubElement(parent, dmn("context")))
            return
        if self.named or in_context:
            context = etree.SubElement(parent, dmn("context"))
            self._aliases(context)
            entry = etree.SubElement(context, dmn("contextEntry"))
            if in_context:
                etree.SubElement(entry, dmn("variable"), name=self.version.outputs[0].name)
            parent = entry
        if isinstance(self.version.logic, Table):
            assert self.grid is not None
            self._table(parent, self.version.logic, self.grid)
        else:
            _text(etree.SubElement(parent, dmn("literalExpression")), str(self.document["formula"]))

    def _aliases(self, context: Any) -> None:
        for name, text in self.named.items():
            entry = etree.SubElement(context, dmn("contextEntry"))
            etree.SubElement(entry, dmn("variable"), name=name)
            _text(etree.SubElement(entry, dmn("literalExpression")), text)

    def _steps(self, context: Any) -> None:
        self._aliases(context)
        assert isinstance(self.version.logic, Formula)
        steps: Mapping[str, Any] = self.document["steps"]
        for step in self.version.logic.steps:
            written = steps[step.name]
            entry = etree.SubElement(context, dmn("contextEntry"))
            etree.SubElement(entry, dmn("variable"), name=step.name)
            text = written["formula"] if isinstance(written, Mapping) else written
            _text(etree.SubElement(entry, dmn("literalExpression")), str(text))

    def _table(self, element: Any, table: Table, grid: Sequence[Sequence[str]]) -> None:
        hit = table.hit.value
        policy, _, aggregation = hit.partition(" ") if hit.startswith("COLLECT") else (hit, "", "")
        attributes = {"hitPolicy": policy} | ({"aggregation": AGGREGATIONS[aggregation]} if aggregation else {})
        made = etree.SubElement(element, dmn("decisionTable"), attributes)
        heading, inputs = list(grid[0]), len(table.columns)
        for text, type_ in zip(heading[:inputs], table.column_types, strict=True):
            column = etree.SubElement(made, dmn("input"), label=text)
            shown = text if self.named else self.aliases.get(text, text)
            _text(etree.SubElement(column, dmn("inputExpression"), typeRef=type_name(type_)), shown)
            _values(column, "inputValues", type_)
        for output in self.version.outputs:
            column = etree.SubElement(made, dmn("output"), name=output.name, typeRef=_one(output.type))
            _values(column, "outputValues", output.type)
        has_note = heading[-1] in NOTES and len(heading) == inputs + len(self.version.outputs) + 1
        if has_note:
            etree.SubElement(made, dmn("annotation"), name=heading[-1])
        types = [*table.column_types, *(output.type for output in self.version.outputs)]
        for row in grid[1:]:
            rule = etree.SubElement(made, dmn("rule"))
            for number, (cell, type_) in enumerate(zip(row, types, strict=False)):
                _text(etree.SubElement(rule, dmn("inputEntry" if number < inputs else "outputEntry")), quoted(cell, type_.values))
            if has_note:
                _text(etree.SubElement(rule, dmn("annotationEntry")), row[-1])


def _one(type_: ValueType) -> str:
    """The type of an output column: of one row, also where all rows are collected."""
    return TYPES[type_.base]


def _values(column: Any, name: str, type_: ValueType) -> None:
    if type_.values:
        _text(etree.SubElement(column, dmn(name)), ", ".join(json.dumps(value, ensure_ascii=False) for value in type_.values))


def _text(parent: Any, text: str) -> None:
    etree.SubElement(parent, dmn("text")).text = text
