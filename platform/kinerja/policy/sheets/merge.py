"""A workbook beside a folder of rule files: what it would change, and doing it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ...core.errors import InputError
from ...core.numbers import decimal_text, parse_number
from ..compile import CheckReport, check_policy, located
from ..diagnostics import Diagnostic, Report
from ..difference import Change, compare
from ..document import Document, to_document, to_yaml
from ..folder import read_folder
from . import layout
from .places import on_sheet
from .read import Sheet, read_workbook
from .write import grid_of, trees_of


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would do. report: the check of the result (places in the new files); changes: against the folder as it is.

    written: file → new text, only for files whose content differs; removed: files that the workbook no longer has;
    documents: all the files that would be there; sheets: where the written ones stand in a workbook.
    """

    report: CheckReport
    changes: tuple[Change, ...]
    written: dict[str, str]
    removed: tuple[str, ...]
    documents: frozenset[str] = frozenset()
    sheets: Mapping[str, Sheet] = field(default_factory=dict)

    def errors(self, folder: Path) -> tuple[Diagnostic, ...]:
        """What keeps it from being done, each where whoever brought it can mend it: in the workbook, else in the folder's file."""
        return tuple(
            replace(one, place=on_sheet(self.sheets[file], self.written[file], one.place))
            if (file := one.place.file) in self.sheets and file in self.written
            else located(folder, (one,))[0]
            for one in self.report.errors
        )


def prepare_import(workbook: Path, folder: Path) -> Import:
    """Read a workbook and say what importing it into the folder would change. Nothing is written there."""
    sheets = read_workbook(workbook)
    return replace(prepare_documents({file: sheet.document for file, sheet in sheets.items()}, folder), sheets=sheets)


def prepare_documents(documents: dict[str, Document], folder: Path) -> Import:
    """The same for rule files that are read already."""
    present = documents_of(folder)
    written = {file: to_yaml(document) for file, document in documents.items() if _differs(document, present.get(file))}
    removed = tuple(sorted(present.keys() - documents.keys()))
    with tempfile.TemporaryDirectory() as name:
        trial = Path(name) / "rules"
        if folder.is_dir():
            shutil.copytree(folder, trial)
        _apply(trial, written, removed)
        report = check_policy(trial)
    before = check_policy(folder).policy if folder.is_dir() else None
    changes = compare(before, report.policy) if before is not None and report.policy is not None else ()
    return Import(report, changes, written, removed, frozenset(documents))


def import_workbook(prepared: Import, folder: Path) -> None:
    """Write what `prepare_import` found; a folder that is missing is made."""
    _apply(folder, prepared.written, prepared.removed)


def _apply(folder: Path, written: dict[str, str], removed: tuple[str, ...]) -> None:
    for file, content in written.items():
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(path.name + ".new")
        beside.write_text(content, encoding="utf-8")
        os.replace(beside, path)
    for file in removed:
        (folder / file).unlink(missing_ok=True)


def documents_of(folder: Path) -> dict[str, Document]:
    """File → rule file, as a workbook would hold it."""
    if not folder.is_dir():
        return {}
    read = read_folder(folder, Report())
    return {
        file: layout.to_document(layout.to_sections(to_document(tree), grid_of(read, tree, Report())))
        for file, tree in trees_of(read)
    }


def _differs(new: Document, old: Document | None) -> bool:
    """Both as the workbook holds them: order of keys, width of columns and spelling of numbers (1.50) are no difference."""
    return old is None or to_yaml(_spelt(new)) != to_yaml(_spelt(old))


def _spelt(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _spelt(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spelt(item) for item in value]
    try:
        return decimal_text(parse_number(value)) if isinstance(value, str) else value
    except InputError:
        return value
