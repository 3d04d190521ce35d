"""A DMN model that `export_model` wrote, perhaps edited since → rule files, compared with what is there."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import Any

from ...core.errors import InputError, Place
from ...core.exactjson import loads
from ...dmn.read import read_xml
from ..document import Document
from ..sheets.layout import to_document, to_sections
from ..sheets.merge import Import, prepare_documents
from .names import AGGREGATIONS, DMN, OWN, bare

NAMES = {"d": DMN, "k": OWN}


def is_own(model: Path) -> bool:
    """Whether `export_model` wrote it: it carries rule files as extensions. Raises InputError where it is no XML."""
    root = read_xml(model)
    return root.tag == f"{{{DMN}}}definitions" and root.find("d:extensionElements/k:file", NAMES) is not None


def prepare_import(model: Path, folder: Path) -> Import:
    """Read a model and say what importing it into the folder would change. Nothing is written there.

    Raises InputError: `xml_tidak_sah`, `dmn_asing` (a model without our extensions holds no citations, dates or vocabulary),
    `dmn_tidak_sesuai` (a decision whose logic no longer has the kind it had).
    """
    root = read_xml(model)
    kept = root.findall("d:extensionElements/k:file", NAMES)
    decisions = [*root.findall("d:decision", NAMES), *root.findall("d:businessKnowledgeModel", NAMES)]
    if root.tag != f"{{{DMN}}}definitions" or not kept:
        raise InputError(
            "dmn_asing",
            "berkas DMN ini bukan hasil kinerja dmn export",
            "this DMN file is none that kinerja dmn export wrote",
            place=Place(str(model)),
            remedy_id="impor dengan kinerja dmn import",
            remedy_en="import it by kinerja dmn import",
        )
    documents = {file: _laid_out(document, None) for file, document in (_kept(element, model) for element in kept)}
    for decision in decisions:
        held = decision.find("d:extensionElements/k:file", NAMES)
        if held is None and decision.get("id") == f"fungsi.{decision.get('name')}":
            continue  # a copy of the decision of that name, for those that call it
        if held is None:
            raise _unfit(model, decision, "keputusan baru tanpa dasar hukum", "a new decision without citations")
        file, document = _kept(held, model)
        documents[file] = _merged(model, decision, document)
    return prepare_documents(documents, folder)


def _kept(element: Any, model: Path) -> tuple[str, Document]:
    file = str(element.get("name") or "")
    path = PurePosixPath(file)
    document = loads(element.text or "", file=str(model), line=element.sourceline or 1)
    if not file.endswith(".yaml") or path.is_absolute() or ".." in path.parts or "\\" in file or not isinstance(document, dict):
        raise InputError(
            "nama_berkas_tidak_sah", f"nama berkas “{file}” tidak sah", f'illegal file name "{file}"', place=Place(str(model))
        )
    return file, document


def _merged(model: Path, decision: Any, document: Document) -> Document:
    """The document with the logic as the model has it now."""
    table, context = decision.find(".//d:decisionTable", NAMES), decision.find(".//d:context", NAMES)
    literal = decision.find(".//d:contextEntry[last()]/d:literalExpression", NAMES)
    if literal is None or context is None:
        literal = decision.find("d:literalExpression", NAMES)
    if "table" in document and table is not None:
        return _laid_out(_with_hit(document, table), _grid(model, decision, table, document["table"]))
    if "steps" in document and context is not None:
        return _laid_out(document | {"steps": _steps(context, document)}, None)
    if "formula" in document and literal is not None:
        return _laid_out(document | {"formula": _text(literal)}, None)
    raise _unfit(model, decision, "tabel, rumus atau langkahnya tidak ada lagi", "its table, formula or steps are gone")


def _with_hit(document: Document, table: Any) -> Document:
    hit = table.get("hitPolicy", "UNIQUE")
    aggregation = table.get("aggregation")
    whole = f"{hit} {aggregation}" if aggregation in AGGREGATIONS else hit
    return document if document.get("hit", "UNIQUE") == whole else document | {"hit": whole}


def _grid(model: Path, decision: Any, table: Any, before: list[list[str]]) -> list[list[str]]:
    """Heading and rows; a cell that means what the officer wrote is left as the officer wrote it."""
    heading = [_heading(column, before[0]) for column in table.findall("d:input", NAMES)]
    outputs = table.findall("d:output", NAMES)
    heading += [str(column.get("name") or decision.get("name")) for column in outputs]
    heading += [str(note.get("name")) for note in table.findall("d:annotation", NAMES)]
    spelt = [{bare(row[number]): row[number] for row in before[1:] if number < len(row)} for number in range(len(before[0]))]
    rows = []
    for rule in table.findall("d:rule", NAMES):
        entries = [*rule.findall("d:inputEntry", NAMES), *rule.findall("d:outputEntry", NAMES)]
        cells = [_text(entry) for entry in [*entries, *rule.findall("d:annotationEntry", NAMES)]]
        if len(cells) != len(heading):
            raise _unfit(model, decision, "jumlah sel dan kolom berbeda", "cells and columns differ in number")
        same = heading == before[0]
        rows.append([spelt[number].get(bare(cell), cell) if same else cell for number, cell in enumerate(cells)])
    return [heading, *rows]


def _heading(column: Any, before: list[str]) -> str:
    """The input that a column tests: `export_model` writes it as the label, beside the expression that it stands for in DMN."""
    label = column.get("label")
    return str(label) if label in before else _text(column.find("d:inputExpression", NAMES))


def _laid_out(document: Document, grid: list[list[str]] | None) -> Document:
    """As a sheet would hold it, so that layout alone is no difference."""
    found = to_document(to_sections(document, grid))
    if grid is None:
        return found
    written = "\n".join("| " + " | ".join(" ".join(cell.split()) for cell in row) + " |" for row in grid)
    if "".join(str(found["table"]).split()) != "".join(written.split()):
        found["table"] = written  # a sheet would read 76,61 as a decimal; in DMN it is a slip, which the check is to name
    return found


def _steps(context: Any, document: Document) -> dict[str, Any]:
    """Entries that only give an input its name are no steps."""
    before: dict[str, Any] = document["steps"]
    inputs = document.get("inputs") or {}
    found: dict[str, Any] = {}
    for entry in context.findall("d:contextEntry", NAMES):
        name = str(entry.find("d:variable", NAMES).get("name"))
        if name in inputs:
            continue
        text = _text(entry.find("d:literalExpression", NAMES))
        old = before.get(name)
        found[name] = old | {"formula": text} if isinstance(old, dict) else text
    return found


def _text(element: Any) -> str:
    text = element.find("d:text", NAMES) if element is not None else None
    return (text.text or "").strip() if text is not None else ""


def _unfit(model: Path, decision: Any, why_id: str, why_en: str) -> InputError:
    name = decision.get("name") or decision.get("id")
    return InputError(
        "dmn_tidak_sesuai",
        f"keputusan “{name}”: {why_id}",
        f'decision "{name}": {why_en}',
        place=Place(str(model), decision.sourceline or 0),
        remedy_id="ubah berkas aturannya, lalu ekspor lagi",
        remedy_en="change the rule file, then export again",
    )
