"""Nothing printed lacks its trace: every figure and band on every kind of letter is followed to a rule, a record or a sum of both.

Two walks: over what the letter was told to say, and over what stands in the PDF, where a template could say more.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.indonesian import number as shown
from kinerja.core.numbers import parse_number
from kinerja.services.city import City
from kinerja.store import models as db

pytestmark = pytest.mark.slow  # in ./run check: it reads the demo city

NAMES = {
    "nip",
    "number",
    "code",
    "contact",
    "address",
    "year",
    "ordinal",
    "token",
    "rank",
    "period",
    "day",
    "date",
    "first",
    "last",
}
"""Keys under which digits name something instead of counting it."""
DECIMAL = re.compile(r"-?\d+(\.\d+)?\Z")
BANDS = {"rating", "before", "after", "predikat"}

Leaf = tuple[tuple[str, ...], Any]


def leaves(content: Any, path: tuple[str, ...] = ()) -> Iterator[Leaf]:
    if isinstance(content, Mapping):
        for key, value in content.items():
            yield from leaves(value, (*path, str(key)))
    elif isinstance(content, list | tuple):
        for number, value in enumerate(content):
            yield from leaves(value, (*path, str(number)))
    else:
        yield path, content


def figures(content: Any) -> Iterator[tuple[tuple[str, ...], Fraction]]:
    for path, value in leaves(content):
        if NAMES & set(path) or isinstance(value, bool) or value is None:
            continue
        if isinstance(value, int | Fraction):
            yield path, Fraction(value)
        elif isinstance(value, str) and DECIMAL.match(value):
            yield path, parse_number(value)


class Sources:
    """What a letter's figures may come from: traces with file, line and citation; plan items with their standard; evidence."""

    def __init__(self, letter: Any) -> None:
        self.numbers: set[Fraction] = set()
        self.texts: set[str] = set()
        cases = {link.case_id for link in letter.cases} | ({letter.case_id} if letter.case_id else set())
        for row in db.Evaluation.select().where(db.Evaluation.case << (list(cases) or [0])):
            self._trace(row.finding["trace"])
        for run in db.PayRun.select().where(db.PayRun.case << (list(cases) or [0])):  # its list and its decree
            self.numbers.add(Fraction(run.total))
            for line in run.lines:
                self._take(line.facts)
                self.numbers |= {Fraction(line.amount), Fraction((line.last - line.first).days + 1)}
                for step in line.steps:
                    self._trace(step["trace"])
        for item in db.PlanItem.select().where(db.PlanItem.case << (list(cases) or [0])):
            if item.place:
                self.numbers |= {number for number in (item.target, item.target_high, item.weight) if number is not None}
            for measurement in item.measurements:
                if measurement.evidence.get("source"):
                    self.numbers.add(measurement.value)
                    self.numbers |= {Fraction(number) for _, number in figures(measurement.evidence)}
        for judgement in db.Judgement.select().where(db.Judgement.case << (list(cases) or [0])):
            if judgement.author:
                self._take(judgement.value)

    def _trace(self, entries: Any) -> None:
        for entry in entries:
            assert entry["file"], entry
            assert entry["line"] > 0, entry
            assert entry["citations"], entry
            assert entry["text"]["id"], entry
            assert entry["text"]["en"], entry
            self._take(entry["value"])
            for given in entry["inputs"]:
                self._take(given["value"])

    def _take(self, value: Any) -> None:
        for _, one in leaves(value):
            if isinstance(one, bool) or one is None:
                continue
            if isinstance(one, int | Fraction):
                self.numbers.add(Fraction(one))
            else:
                self.texts.add(str(one))
                if DECIMAL.match(str(one)):
                    self.numbers.add(parse_number(str(one)))


def unexplained(letter: Any) -> list[tuple[str, Any]]:
    """Figures of a letter that no source gives, and that are no sum of figures of one kind on it."""
    sources = Sources(letter)
    by_key: dict[str, list[Fraction]] = {}
    for path, number in figures(letter.content):
        by_key.setdefault(path[-1], []).append(number)
    sums = {sum(numbers, Fraction(0)) for numbers in by_key.values()} | {Fraction(len(numbers)) for numbers in by_key.values()}
    left = [("/".join(path), number) for path, number in figures(letter.content) if number not in sources.numbers | sums]
    for path, value in leaves(letter.content):
        if path[-1] in BANDS and isinstance(value, str) and value and value not in sources.texts:
            left.append(("/".join(path), value))
    return left


def test_every_figure_that_a_letter_is_told_to_print_has_its_trace(demo: Any, city: City) -> None:
    kinds: dict[str, int] = {}
    for letter in db.Letter.select().order_by(db.Letter.id):
        assert unexplained(letter) == [], (letter.kind, letter.number)
        kinds[letter.kind] = kinds.get(letter.kind, 0) + 1
    assert {"keputusan_predikat", "dokumen_evaluasi"} <= kinds.keys()


def test_every_figure_that_stands_in_the_pdf_was_told(demo: Any, city: City) -> None:
    """What a template adds by itself are numbers of articles, dates and days, which stand in the template."""
    seen = set()
    for letter in db.Letter.select().where(db.Letter.sha256 != "").order_by(db.Letter.id):
        if letter.kind in seen:
            continue
        seen.add(letter.kind)
        text = subprocess.run(
            ["pdftotext", "-layout", str(city.letters / letter.pdf), "-"], capture_output=True, text=True, check=True
        ).stdout
        told = " ".join([*(str(value) for _, value in leaves(letter.content)), templates(city)])
        spoken = {form for _, number in figures(letter.content) for form in written(number)} | numbers(told)
        rupiah = re.findall(r"Rp\s?(\d[\d.]*)", text)
        assert [amount for amount in rupiah if amount not in spoken and amount not in sums(letter)] == [], letter.kind
        decimals = re.findall(r"(?<![\d.,/])\d[\d.]*,\d+(?![\d/])", text)
        assert [number for number in decimals if number not in spoken] == [], letter.kind
    assert {"keputusan_predikat", "dokumen_evaluasi"} <= seen


def written(number: Fraction) -> set[str]:
    """How an Indonesian letter may write a number: all its digits, or two."""
    return {shown(number), shown(number, 2)}


def sums(letter: Any) -> set[str]:
    by_key: dict[str, Fraction] = {}
    for path, number in figures(letter.content):
        by_key[path[-1]] = by_key.get(path[-1], Fraction(0)) + number
    return {form for total in by_key.values() for form in written(total)}


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d.]*(?:,\d+)?", text))


def templates(city: City) -> str:
    return " ".join(file.read_text("utf-8") for file in Path(city.settings.workflows).rglob("letters/*.html"))


def test_a_figure_without_a_source_is_found(demo: Any, city: City) -> None:
    """The walk can fail: an allowance one rupiah off is one that no rule gave."""
    letter = db.Letter.select().where(db.Letter.kind == "keputusan_predikat").order_by(db.Letter.id).first()
    letter.content["rows"][0]["allowance"] += 1
    assert any(path == "rows/0/allowance" for path, _ in unexplained(letter))
    letter.content["rows"][0]["rating"] = "Istimewa"
    assert ("rows/0/rating", "Istimewa") in unexplained(letter)
