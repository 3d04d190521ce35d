"""A transfer splits a period: two posts, two appraisers, and the parts sum to the whole."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja.core.periods import Period
from kinerja.services.casework import cases, tasks
from kinerja.services.cycles import cycle
from kinerja.services.evaluation import measure
from kinerja.services.staff import people
from kinerja.services.staff.people import AssignmentEntry
from kinerja.services.staff.splitting import months_credited, parts_of
from kinerja.store import models as db
from kinerja.store.queries import Seat

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def seat(position: int, first: date, last: date | None = None) -> Seat:
    return Seat(1, "1" * 18, "Budi", position, "Jabatan", 1, False, "definitif", first, last)


@given(st.lists(st.dates(date(2026, 1, 2), date(2026, 12, 31)), max_size=6, unique=True))
def test_parts_sum_to_the_whole(moves: list[date]) -> None:
    starts = [date(2020, 1, 1), *sorted(moves)]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), None]
    parts = parts_of([seat(number, first, last) for number, (first, last) in enumerate(zip(starts, ends, strict=True))], YEAR)
    assert sum(part.period.days for part in parts) == 365
    assert sum(part.months for part in parts) == 12
    assert [part.period.first for part in parts] == [max(start, YEAR.first) for start in starts]


def test_an_overlap_counts_for_the_later_seat() -> None:
    first, second = parts_of([seat(1, date(2020, 1, 1)), seat(2, date(2026, 4, 15))], YEAR)
    assert (first.period.last, first.months) == (date(2026, 4, 14), 3)
    assert (second.period.first, second.months) == (date(2026, 4, 15), 9)


def test_entry_in_mid_year_and_leaving_before_its_end() -> None:
    [entry] = parts_of([seat(1, date(2026, 7, 10))], YEAR)
    assert (entry.period, entry.months) == (Period(date(2026, 7, 10), date(2026, 12, 31)), 6)
    [leaving] = parts_of([seat(1, date(2020, 1, 1), date(2026, 2, 10))], YEAR)
    assert leaving.months == 1
    assert parts_of([seat(1, date(2020, 1, 1), date(2025, 12, 31))], YEAR) == ()


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2026, 1, 1), date(2026, 6, 30), 6),
        (date(2026, 1, 1), date(2026, 1, 30), 0),
        (date(2026, 1, 31), date(2026, 1, 31), 1),
        (date(2026, 2, 28), date(2026, 3, 31), 2),
    ],
)
def test_a_month_belongs_to_its_last_day(first: date, last: date, months: int) -> None:
    assert months_credited(Period(first, last), Period(date(2026, 1, 1), date(2026, 6, 30))) == months


def test_the_last_month_of_a_period_that_ends_early_ends_with_it() -> None:
    whole = Period(date(2026, 1, 1), date(2026, 6, 15))
    assert months_credited(whole, whole) == 6


def test_a_transfer_makes_two_cases_with_their_own_appraisers(quiet: Any) -> None:
    nip = quiet.nips["citra"]
    people.end_assignment(quiet.system, nip, "operator_layanan_adminduk", "dukcapil.1", date(2026, 4, 14))
    people.assign(quiet.system, AssignmentEntry(nip, "analis_kebijakan", "bkpsdm", date(2026, 4, 15)))
    cycle.open_cycle(quiet.context("hr"), quiet.cycle, "Semester I Tahun 2026", quiet.period, "semester")
    measure.measure_cycle(quiet.system, quiet.cycle)
    person = db.Person.get(db.Person.nip == nip)
    first, second = db.Case.select().where(db.Case.person == person.id).order_by(db.Case.first)
    assert (first.last, second.first) == (date(2026, 4, 14), date(2026, 4, 15))
    assert [case.appraiser.name for case in (first, second)] == ["Kabid", "Kaban"]
    assert {item.standard for item in first.items} == {"layanan_adminduk"}
    assert {item.standard for item in second.items}.isdisjoint({"layanan_adminduk"})
    for who, task, answers in quiet.way[:-1]:
        name = "citra" if who == "self" else who
        for view in quiet.desk(name, "citra"):
            if (view.task, view.case_id) == (task, first.id):
                tasks.complete(quiet.context(name), view.id, answers)
    page = cases.case_page(quiet.context("hr"), first.id)
    assert page.evaluation is not None
    assert page.evaluation.facts["kasus"]["bulan"] == 3
    letter = db.Letter.get(db.Letter.case == first.id)
    assert letter.content["months"] == 3
    assert "104 dari 181 hari" in letter.content["notes"][0]
    assert "3 dari 6 bulan" in letter.content["notes"][0]


def test_a_part_without_an_end_of_a_month_is_not_appraised_alone(quiet: Any) -> None:
    nip = quiet.nips["citra"]
    people.end_assignment(quiet.system, nip, "operator_layanan_adminduk", "dukcapil.1", date(2026, 1, 20))
    people.assign(quiet.system, AssignmentEntry(nip, "analis_kebijakan", "bkpsdm", date(2026, 1, 21)))
    seen = cycle.preview(quiet.context("hr"), quiet.cycle, "S1", quiet.period)
    [refused] = [plan for plan in seen.refused if plan.nip == nip]
    assert "tidak memuat akhir bulan" in refused.obstacles[0][0]
    assert [plan.first for plan in seen.ready if plan.nip == nip] == [date(2026, 1, 21)]
