"""Where on its sheet a finding stands that was made on the rule file written from it."""

from __future__ import annotations

from ...core.errors import Place
from . import layout
from .layout import Section
from .read import Sheet

_SECTIONS = {
    "authority": layout.BASIS,
    "inputs": layout.INPUTS,
    "outputs": layout.OUTPUTS,
    "table": layout.TABLE,
    "steps": layout.STEPS,
    "requires": layout.REQUIRES,
    "monotone": layout.MONOTONE,
    "cases": layout.CASES,
    "values": layout.VALUES,
    "indicators": layout.INDICATORS,
}


def on_sheet(sheet: Sheet, text: str, place: Place) -> Place:
    """The sheet, with row and column where they are sure: text is the rule file that `place` speaks of."""
    lines = text.split("\n")[: max(place.line, 1)]
    top = next((number for number in reversed(range(len(lines))) if lines[number][:1].strip()), 0)
    key = lines[top].partition(":")[0]
    sections = {section.name: section for section in sheet.sections}
    section = sections.get(_SECTIONS.get(key, ""))
    if section is None:
        return Place(sheet.name, _general(sections.get(layout.GENERAL), key))
    if key == "table":
        return Place(sheet.name, section.at + len(lines) - 1 - top, max(lines[-1][: place.column - 1].count("|"), 1))
    entries = sum(1 for line in lines[top + 1 :] if line[:2] == "  " and line[2:3].strip())
    if not entries or entries > len(section.rows) or key == "values":  # dated values may take several rows each
        return Place(sheet.name, section.at)
    return Place(sheet.name, section.at + 1 + entries)


def _general(section: Section | None, key: str) -> int:
    """The row of a key among the general ones, 0 where it has none."""
    rows = section.rows if section else []
    named = (number for number, row in enumerate(rows) if str(row[0]).partition(".")[0] == key)
    number = next(named, None)
    return 0 if section is None or number is None else section.at + 2 + number
