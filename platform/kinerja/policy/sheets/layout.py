"""How a rule file lies on a sheet: sections one under another, each with a heading an officer knows.

A section is a heading row and rows of cells. Everything a rule file holds has its place, so that nothing is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ...core.errors import InputError
from ...core.exactjson import dumps, loads
from ...core.numbers import parse_number
from ..assemble.grid import NOTES
from ..document import Document
from .decimals import from_indonesian, to_indonesian

GENERAL, BASIS, INPUTS, OUTPUTS = "UMUM", "DASAR HUKUM", "MASUKAN", "KELUARAN"
TABLE, STEPS, REQUIRES, MONOTONE, CASES = "TABEL", "LANGKAH", "PRASYARAT", "MONOTON", "KASUS"
TYPE, KEY, VALUES, INDICATORS = "TIPE", "KUNCI", "NILAI", "INDIKATOR"
HAPPENINGS = "KEJADIAN KASUS"
ENTITIES, FACTS, CONSTRAINTS, GOALS = "ENTITAS", "FAKTA", "KENDALA", "TUJUAN"

CITATION = ("instrument", "part", "status", "note")
TYPED = ("type", "unit", "scale", "range", "values", "list", "nullable", "label", "label.en", "note")
INPUT, OUTPUT, FACT = ("from", *TYPED), (*TYPED, "best"), (*TYPED, "source")
INDICATOR = (
    *("kode", "label", "label.en", "polarity", "target", "target_high", "weight", "unit", "source", "statistic", "service"),
    *("prorate", "aspect", "serves", "definition", "population", "note"),
)
DATED = ("from", "to", "review_by", "key", "value", "note", "authority")
GIVEN, EXPECT = "diketahui: ", "hasil: "
LISTS = ("serves", "values", "choices", "positions", "units", "classes", "at_least", "ignore", "same", "before")
LIST_PATHS = ("together.key",)


@dataclass(slots=True)
class Section:
    """heading: its name; columns; rows of plain values (text, Fraction, bool, None). at: the heading's row on the sheet it was read
    from; the columns stand in the row below it."""

    name: str
    columns: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    at: int = 0


# ── document → sections ───────────────────────────────────────────────────────────────────────────────────────────────
def to_sections(document: Document, grid: Sequence[Sequence[str]] | None) -> list[Section]:
    """grid: heading and rows of the decision table, when the file has one."""
    rest = dict(document)
    sections = [Section(GENERAL, ["hal", "isi"])]
    found: list[Section] = []
    take = rest.pop
    if "authority" in rest:
        found.append(_records(BASIS, CITATION, take("authority")))
    if "entities" in rest:
        found += _vocabulary(take("entities"), take("goals", None))
    if "parameter" in rest:
        found.append(
            Section(
                TYPE,
                ["hal", "isi"],
                [[key, _cell(rest.pop(key))] for key in ("type", "unit", "scale", "range", "choices") if key in rest],
            )
        )
        if "key" in rest:
            found.append(Section(KEY, ["hal", "isi"], [list(pair) for pair in _pairs(take("key"), "")]))
        found.append(_dated(take("values")))
    if "indicators" in rest:
        found.append(_records(INDICATORS, INDICATOR, take("indicators")))
    if "inputs" in rest:
        found.append(_named(INPUTS, INPUT, _mapping(take("inputs")), lone="from"))
    if "outputs" in rest:
        found.append(_named(OUTPUTS, OUTPUT, take("outputs")))
    if "requires" in rest:
        found.append(_records(REQUIRES, ("code", "that", "id", "en"), take("requires")))
    if "table" in rest and grid is not None:
        take("table")
        found.append(Section(TABLE, list(grid[0]), [_table_row(grid[0], row) for row in grid[1:]]))
    if "steps" in rest:
        found.append(_named(STEPS, ("formula", "label", "label.en"), take("steps"), lone="formula"))
    if "monotone" in rest:
        found.append(Section(MONOTONE, ["masukan", "arah"], [[name, way] for name, way in take("monotone").items()]))
    if "cases" in rest:
        found += _reaction_cases(take("cases")) if "reaction" in rest else [_cases(take("cases"))]
    sections[0].rows = [list(pair) for pair in _pairs(rest, "")]
    return [*sections, *(section for section in found if section.rows or section.name == INPUTS)]


def _mapping(value: Any) -> Mapping[str, Any]:
    return dict.fromkeys(value) if isinstance(value, list) else value or {}


def _pairs(value: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Nested keys as paths: effective.from."""
    for key, item in value.items():
        if key == "given":
            yield from ((f"{path}given.{name}", _literal(item, name)) for name in item)
        elif isinstance(item, Mapping):
            yield from _pairs(item, f"{path}{key}.")
        else:
            yield f"{path}{key}", _cell(item)


def _cell(value: Any) -> Any:
    """A value of a document as a cell: lists joined by "; " (or as JSON, where an item holds a semicolon)."""
    if isinstance(value, list):
        if all(isinstance(item, str) and ";" not in item for item in value) and len(value) > 0:
            return "; ".join(value)
        return dumps(value)
    return value


def _records(name: str, columns: Sequence[str], items: Sequence[Mapping[str, Any]]) -> Section:
    return Section(name, list(columns), [[_get(item, column) for column in columns] for item in items])


def _named(name: str, columns: Sequence[str], items: Mapping[str, Any], lone: str = "") -> Section:
    """lone: the column that a bare text stands for (`x: ikm.ikm`, `step: formula`)."""
    rows = []
    for key, item in items.items():
        body = item if isinstance(item, Mapping) else {lone: item} if item is not None else {}
        rows.append([key, *(_get(body, column) for column in columns)])
    return Section(name, ["nama", *columns], rows)


def _get(item: Mapping[str, Any], column: str) -> Any:
    """label: the Indonesian one, label.en: the English one, when there are two."""
    if column == "label" and isinstance(item.get("label"), Mapping):
        return item["label"].get("id")
    if column == "label.en":
        both = item.get("label")
        return both.get("en") if isinstance(both, Mapping) else None
    return _cell(item.get(column))


def _dated(items: Sequence[Mapping[str, Any]]) -> Section:
    """One row a value; of a keyed parameter one row a key."""
    rows: list[list[Any]] = []
    for item in items:
        head = [item.get(column) for column in ("from", "to", "review_by")]
        tail = [item.get("note"), dumps(item["authority"]) if "authority" in item else None]
        value = item.get("value")
        pairs = value.items() if isinstance(value, Mapping) else [(None, value)]
        rows += [[*head, key, one, *tail] for key, one in pairs]
    return Section(VALUES, list(DATED), rows)


def _vocabulary(entities: Mapping[str, Any], goals: Mapping[str, Any] | None) -> list[Section]:
    facts = Section(FACTS, ["entitas", "nama", *FACT])
    constraints = Section(CONSTRAINTS, ["entitas", "that", "id", "en"])
    for name, entity in entities.items():
        for fact, body in entity.get("facts", {}).items():
            facts.rows.append([name, fact, *(_get(body, column) for column in FACT)])
        for item in entity.get("constraints", []):
            constraints.rows.append([name, item.get("that"), item.get("id"), item.get("en")])
    listed = _named(ENTITIES, ("label", "label.en", "of", "key", "note"), entities)
    aims = Section(GOALS, ["entitas", "keputusan"], [[name, goal] for name, names in (goals or {}).items() for goal in names])
    return [listed, facts, constraints, aims]


def _cases(items: Sequence[Mapping[str, Any]]) -> Section:
    given = list(dict.fromkeys(name for item in items for name in item.get("given", {})))
    expect = list(dict.fromkeys(name for item in items for name in item.get("expect") or {}))
    columns = [*(GIVEN + name for name in given), *(EXPECT + name for name in expect), "galat", "tanggal", "catatan"]
    rows = []
    for item in items:
        left = [_literal(item.get("given", {}), name) for name in given]
        right = [_literal(item.get("expect") or {}, name) for name in expect]
        rows.append([*left, *right, item.get("error"), item.get("on"), item.get("note")])
    return Section(CASES, columns, rows)


def _reaction_cases(items: Sequence[Mapping[str, Any]]) -> list[Section]:
    """One row a case, and one row a happening that names its case by number."""
    fields = list(dict.fromkeys(name for item in items for one in item.get("given", ()) for name in one))
    cases, happenings = Section(CASES, ["nomor", "tanggal", "hasil", "catatan"]), Section(HAPPENINGS, ["kasus", *fields])
    for number, item in enumerate(items, 1):
        cases.rows.append([Fraction(number), item.get("on"), _cell(list(map(_text, item.get("expect", ())))), item.get("note")])
        happenings.rows += [[Fraction(number), *(_literal(one, name) for name in fields)] for one in item.get("given", ())]
    return [cases, happenings]


def _literal(values: Mapping[str, Any], name: str) -> Any:
    """A value of a worked case: absent is empty, null is the word; a text that would read as something else is put in quotes."""
    if name not in values:
        return None
    value = values[name]
    if value is None:
        return "null"
    if isinstance(value, Mapping | list):
        return dumps(value)
    if isinstance(value, str) and (_reads_otherwise(value)):
        return dumps(value)
    return value


def _reads_otherwise(text: str) -> bool:
    if text != text.strip() or text in ("null", "true", "false", "") or text[0] in '[{"':
        return True
    return _number(text) is not None


def _number(text: str) -> Fraction | None:
    try:
        return parse_number(from_indonesian(text))
    except InputError:
        return None


# ── sections → document ───────────────────────────────────────────────────────────────────────────────────────────────
def to_document(sections: Sequence[Section]) -> Document:
    """The rule file that the sections say; raises InputError for a section or value that cannot be read."""
    document: Document = {}
    for section in sections:
        if section.name in (GENERAL, TYPE):
            _put_pairs(document, section.rows)
        elif section.name == KEY:
            document["key"] = {}
            _put_pairs(document["key"], section.rows)
        elif section.name == BASIS:
            document["authority"] = _read_records(section)
        elif section.name == INDICATORS:
            document["indicators"] = _read_records(section)
        elif section.name == REQUIRES:
            document["requires"] = _read_records(section)
        elif section.name == INPUTS:
            document["inputs"] = {str(row[0]): _body(section, row) or None for row in section.rows}
        elif section.name == OUTPUTS:
            document["outputs"] = {str(row[0]): _body(section, row) for row in section.rows}
        elif section.name == STEPS:
            document["steps"] = {str(row[0]): _step(_body(section, row)) for row in section.rows}
        elif section.name == MONOTONE:
            document["monotone"] = {str(row[0]): row[1] for row in section.rows}
        elif section.name == TABLE:
            document["table"] = _grid_text(section)
        elif section.name == VALUES:
            document["values"] = _read_dated(section, keyed="key" in document)
        elif section.name == CASES and "nomor" in section.columns:
            document["cases"] = [_read_reaction_case(section, row) for row in section.rows]
        elif section.name == HAPPENINGS:
            _read_happenings(document, section)
        elif section.name == CASES:
            document["cases"] = [_read_case(section, row) for row in section.rows]
        elif section.name == ENTITIES:
            document["entities"] = {str(row[0]): {**_body(section, row), "facts": {}} for row in section.rows}
        elif section.name in (FACTS, CONSTRAINTS, GOALS):
            _read_vocabulary(document, section)
        else:
            raise InputError(
                "bagian_tidak_dikenal",
                f"bagian “{section.name}” tidak dikenal",
                f'unknown section "{section.name}"',
                remedy_id="pakai nama bagian dari buku kerja yang diekspor",
                remedy_en="use the section names of the exported workbook",
            )
    return document


def _put_pairs(document: Document, rows: Sequence[Sequence[Any]]) -> None:
    for path, value in rows:
        here = document
        *way, last = str(path).split(".")
        for step in way:
            here = here.setdefault(step, {})
        if "given" in way:
            here[last] = _unliteral(value)
        else:
            here[last] = _uncell("values" if path in LIST_PATHS else last, value)


def _uncell(column: str, value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Fraction):
        return dumps(value) if column not in LISTS else [dumps(value)]
    if isinstance(value, str) and column in LISTS:
        return _texts(loads(value)) if value.startswith("[") else [part.strip() for part in value.split(";")]
    return value


def _texts(items: Sequence[Any]) -> list[str]:
    return [item if isinstance(item, str) else dumps(item) for item in items]


def _body(section: Section, row: Sequence[Any]) -> Document:
    """The columns of a row after its name; label and label.en become one."""
    body: Document = {}
    for column, value in zip(section.columns, row, strict=True):
        if column not in ("nama", "entitas") and value is not None:
            body[column] = _uncell(column, value)
    english = body.pop("label.en", None)
    if english is not None:
        body["label"] = {"id": body.get("label", english), "en": english}
    return body


def _read_records(section: Section) -> list[Document]:
    return [_body(section, row) for row in section.rows]


def _step(body: Document) -> Any:
    return body["formula"] if set(body) == {"formula"} else body


def _table_row(heading: Sequence[str], row: Sequence[str]) -> list[Any]:
    """Cells with the officer's decimal sign; notes are prose and stay as they are."""
    return [cell if name in NOTES else to_indonesian(cell) for name, cell in zip(heading, row, strict=True)]


def _grid_text(section: Section) -> str:
    names = section.columns
    body = [
        [_text(cell) if name in NOTES else from_indonesian(_text(cell)) for name, cell in zip(names, row, strict=True)]
        for row in section.rows
    ]
    rows = [names, *body]
    widths = [max(len(row[index]) for row in rows) for index in range(len(section.columns))]
    return "\n".join("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return dumps(cell) if isinstance(cell, Fraction) else str(cell)


def _read_dated(section: Section, *, keyed: bool) -> list[Document]:
    found: dict[tuple[Any, ...], Document] = {}
    for row in section.rows:
        first, last, review, key, value, note, authority = row
        body = {name: one for name, one in (("from", first), ("to", last), ("review_by", review)) if one is not None}
        item = found.setdefault((first, last, review), body)
        if keyed:
            item.setdefault("value", {})[_text(key)] = _text(value)
        else:
            item["value"] = _text(value)
        if note is not None:
            item["note"] = note
        if authority is not None:
            item["authority"] = loads(authority)
    return list(found.values())


def _read_case(section: Section, row: Sequence[Any]) -> Document:
    case: Document = {"given": {}}
    for column, value in zip(section.columns, row, strict=True):
        if value is None:
            continue
        if column.startswith(GIVEN):
            case["given"][column.removeprefix(GIVEN)] = _unliteral(value)
        elif column.startswith(EXPECT):
            case.setdefault("expect", {})[column.removeprefix(EXPECT)] = _unliteral(value)
        else:
            case[{"galat": "error", "tanggal": "on", "catatan": "note"}[column]] = value
    return case


def _read_reaction_case(section: Section, row: Sequence[Any]) -> Document:
    _, on, expect, note = row
    case: Document = {"on": on, "given": [], "expect": _uncell("values", _text(expect))}
    return case | ({"note": note} if note is not None else {})


def _read_happenings(document: Document, section: Section) -> None:
    cases = document.get("cases", [])
    for row in section.rows:
        number = int(row[0]) if isinstance(row[0], Fraction) else 0
        if not 1 <= number <= len(cases):
            raise InputError(
                "lembar_tidak_sah",
                f"{HAPPENINGS}: tidak ada kasus nomor {_text(row[0])}",
                f"{HAPPENINGS}: there is no case number {_text(row[0])}",
                remedy_id=f"sebut nomor dari bagian {CASES}",
                remedy_en=f"name a number of the section {CASES}",
            )
        pairs = zip(section.columns[1:], row[1:], strict=True)
        cases[number - 1]["given"].append({name: _unliteral(value) for name, value in pairs if value is not None})


def _unliteral(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if value == "null":
        return None
    if value[:1] in ("[", "{", '"'):
        return loads(value)
    number = _number(value)
    return value if number is None else number


def _read_vocabulary(document: Document, section: Section) -> None:
    entities = document.setdefault("entities", {})
    for row in section.rows:
        entity = str(row[0])
        if section.name == GOALS:
            document.setdefault("goals", {}).setdefault(entity, []).append(row[1])
        elif section.name == FACTS:
            body = _body(section, row)
            entities.setdefault(entity, {}).setdefault("facts", {})[str(row[1])] = body
        else:
            entities.setdefault(entity, {}).setdefault("constraints", []).append(_body(section, row))
