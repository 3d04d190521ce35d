"""Nothing printed lacks its trace: every figure and band on every kind of letter is followed to a rule, a record or a sum of both.

Two walks: over what the letter was told to say, and over what stands in the PDF, where a template could say more.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.indonesian import number as shown
from kinerja.core.numbers import parse_number
from kinerja.letters import level_words
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

WINDOW = {"objection_days"}
"""How long one may object: a parameter of the rules, not an output of theirs."""

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

    def __init__(self, letter: Any, city: City) -> None:
        self.numbers: set[Fraction] = set()
        self.texts: set[str] = set()
        cases = {link.case_id for link in letter.cases} | ({letter.case_id} if letter.case_id else set())
        about = ((db.Case.get_by_id(letter.case_id).subject if letter.case_id else "") or "").split(":")
        if about[0] == "pembinaan":  # of the case whose result led to it
            cases.add(int(about[1]))
        if about[0] == "berkas-disiplin":
            self._absences(int(about[1]), int(about[2]))
        window = city.policy(city.release().fingerprint).parameters["masa_keberatan"].on(letter.issued_at.date())
        assert window is not None
        self.window = Fraction(window.value)
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

    def _absences(self, person: int, year: int) -> None:
        """Days absent of a year on record, and the longest row of them that only weekends interrupt."""
        table = db.Attendance
        rows = table.select().where(table.person == person, table.absent == True, table.excused == False)  # noqa: E712
        days = sorted(row.day for row in rows if row.day.year == year)
        self.texts |= {day.isoformat() for day in days}
        longest = run = 0
        for number, day in enumerate(days):
            between = (day - days[number - 1]).days if number else 99
            idle = all((day - timedelta(days=back)).weekday() >= 5 for back in range(1, between)) if between < 99 else False
            run = run + 1 if idle else 1
            longest = max(longest, run)
        self.numbers |= {Fraction(len(days)), Fraction(longest)}

    def explain(self, text: str) -> bool:
        """A figure or band in the words of a letter: "93,8", "Rp 3.366.385", "Sesuai ekspektasi"."""
        figure = text.replace("−", "-").replace("Rp ", "").replace("Rp\u00a0", "")
        if re.fullmatch(r"-?\d[\d.]*(,\d+)?", figure):
            return parse_number(figure.replace(".", "").replace(",", ".")) in self.numbers
        return text in self.texts | {level_words(one) for one in self.texts}

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


COUNTED = {
    "keputusan_predikat": {"total": "rows/allowance"},
    "keputusan_insentif": {"total": "rows/amount"},
    "daftar_tpp": {"paid": "rows/amount", "corrected": "corrections/amount"},
}
"""Kind of letter → its figures that are sums: of what. "rows": how many there are; "rows/amount": the amounts of all of them.

Only these may be explained by a sum. Any other figure that happens to equal a sum or a count of others is explained by nothing.
"""


def sums(letter: Any) -> dict[str, Fraction]:
    """Figure that is a sum, by the first part of its path → what its parts add up to."""
    found = {}
    for name, parts in COUNTED.get(letter.kind, {}).items():
        table, _, column = parts.partition("/")
        rows = letter.content.get(table, ())
        found[name] = sum((Fraction(row[column]) for row in rows), Fraction(0)) if column else Fraction(len(rows))
    return found


def unexplained(letter: Any, city: City) -> list[tuple[str, Any]]:
    """Figures of a letter that no source gives, nor is each the declared sum of its parts."""
    sources, added = Sources(letter, city), sums(letter)
    left: list[tuple[str, Any]] = []
    for path, number in figures(letter.content):
        if path[0] in added and number != added[path[0]]:
            left.append(("/".join(path), number))
        elif path[-1] in WINDOW or path[:2] == ("objection", "days"):
            if number != sources.window:
                left.append(("/".join(path), number))
        elif path[0] not in added and number not in sources.numbers:
            left.append(("/".join(path), number))
    for path, value in leaves(letter.content):
        if path[-1] in BANDS and isinstance(value, str) and value and not sources.explain(value):
            left.append(("/".join(path), value))
    return left


def test_every_figure_that_a_letter_is_told_to_print_has_its_trace(demo: Any, city: City) -> None:
    kinds: dict[str, int] = {}
    for letter in db.Letter.select().order_by(db.Letter.id):
        assert unexplained(letter, city) == [], (letter.kind, letter.number)
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
        spoken |= {form for total in sums(letter).values() for form in written(total)}
        rupiah = re.findall(r"Rp\s?(\d[\d.]*)", text)
        assert [amount for amount in rupiah if amount not in spoken] == [], letter.kind
        decimals = re.findall(r"(?<![\d.,/])\d[\d.]*,\d+(?![\d/])", text)
        assert [number for number in decimals if number not in spoken] == [], letter.kind
    assert {"keputusan_predikat", "dokumen_evaluasi"} <= seen


def written(number: Fraction) -> set[str]:
    """How an Indonesian letter may write a number: all its digits, or two."""
    return {shown(number), shown(number, 2)}


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d.]*(?:,\d+)?", text))


def templates(city: City) -> str:
    return " ".join(file.read_text("utf-8") for file in Path(city.settings.workflows).rglob("letters/*.html"))


def test_a_figure_without_a_source_is_found(demo: Any, city: City) -> None:
    """The walk can fail: an allowance one rupiah off is one that no rule gave."""
    letter = db.Letter.select().where(db.Letter.kind == "keputusan_predikat").order_by(db.Letter.id).first()
    letter.content["rows"][0]["allowance"] += 1
    assert any(path == "rows/0/allowance" for path, _ in unexplained(letter, city))
    assert any(path == "total" for path, _ in unexplained(letter, city)), "the sum is held to its parts"
    letter.content["rows"][0]["rating"] = "Istimewa"
    assert ("rows/0/rating", "Istimewa") in unexplained(letter, city)
