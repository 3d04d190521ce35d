"""Status and class change on a day: what held on each, and pieces whose days always sum to the whole."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kinerja.core.periods import Period
from kinerja.services.staff import amend, dated
from kinerja.services.staff.dated import Dated

DAYS = st.dates(date(2023, 12, 1), date(2028, 4, 1))


@given(st.lists(st.tuples(DAYS, st.sampled_from(("CPNS", "PNS", "PPPK"))), max_size=5, unique_by=lambda one: one[0]), DAYS, DAYS)
def test_pieces_sum_to_the_whole_and_hold_one_value_each(former: list[tuple[date, str]], one: date, other: date) -> None:
    held, whole = Dated("PNS", tuple(sorted(former))), Period(min(one, other), max(one, other))
    pieces = held.cut(whole)
    assert (pieces[0].first, pieces[-1].last) == (whole.first, whole.last)
    assert sum(piece.days for piece in pieces) == whole.days
    for piece in pieces:
        assert held.on(piece.first) == held.on(piece.last)
    for left, right in pairwise(pieces):
        assert right.first == left.last + timedelta(days=1)
        assert held.on(left.last) != held.on(right.first), "no cut without a change"


def test_a_day_moved_back_takes_the_place_of_the_one_before(town: Any) -> None:
    nip, row = town.nips["citra"], town.case_of("citra").person_id
    first = amend.change(town.context("hr"), "person", nip, "PPPK", date(2026, 5, 10))
    assert first.values["touched"] == [town.case_of("citra").id]
    amend.change(town.context("hr"), "person", nip, "PNS", date(2026, 3, 1))
    assert [dated.held_on("person", row, day) for day in (date(2026, 2, 28), date(2026, 3, 1), date(2026, 6, 1))] == ["PNS"] * 3
    amend.change(town.context("hr"), "person", nip, "CPNS", None)
    assert dated.held_on("person", row, date(2026, 2, 28)) == "PNS", "what came before a recorded change stays"


def test_the_same_value_said_again_changes_nothing_and_an_earlier_day_of_it_does(town: Any) -> None:
    nip, row = town.nips["citra"], town.case_of("citra").person_id
    amend.change(town.context("hr"), "person", nip, "PPPK", date(2026, 5, 10))
    for day in (date(2026, 5, 10), date(2026, 6, 1)):
        assert amend.change(town.context("hr"), "person", nip, "PPPK", day).values == {"id": row}
    assert dated.held_on("person", row, date(2026, 5, 9)) == "PNS"
    told = amend.change(town.context("hr"), "person", nip, "PPPK", date(2026, 4, 1))
    assert "sejak 2026-04-01; menyentuh 1 kasus" in told.text_id
    assert [dated.held_on("person", row, day) for day in (date(2026, 3, 31), date(2026, 4, 1))] == ["PNS", "PPPK"]
