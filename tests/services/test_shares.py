"""Targets for a part of a period: quantities divide by days, shares do not; the arithmetic is exact, kept and shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.core.errors import KinerjaError
from kinerja.core.periods import Period
from kinerja.services.casework import amending, plans, tasks
from kinerja.services.casework.amendment import Amendment, Edit
from kinerja.services.cycles import realign
from kinerja.services.cycles.planning import Selection, plan_cases
from kinerja.services.evaluation.shares import Shares, arithmetic
from kinerja.services.papers.plannotes import share_notes
from kinerja.services.staff import people
from kinerja.store import models as db

MOVED = date(2026, 4, 15)
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def shares(town: Any) -> Shares:
    return Shares(town.city, town.city.release().fingerprint)


def item(case: Any, code: str) -> Any:
    return db.PlanItem.get(db.PlanItem.case == case, db.PlanItem.code == code)


def test_the_arithmetic_is_that_of_the_rule_file(town: Any) -> None:
    part = Period(date(2026, 1, 1), date(2026, 3, 31))
    found = shares(town).of("hari_kalender", Fraction(120), None, part, YEAR)
    assert (found.target, found.share["days"], found.share["whole"]) == (Fraction("29.59"), 90, 365)
    told = arithmetic(found.share, found.target, None)
    assert told == (
        "120 × 90/365 hari kalender = 29,5890…, dibulatkan 29,59",
        "120 × 90/365 calendar days = 29.5890…, rounded to 29.59",
    )
    ranged = shares(town).of("hari_kalender", Fraction(73), Fraction(146), part, YEAR)
    assert arithmetic(ranged.share, ranged.target, ranged.target_high)[0] == (
        "73 × 90/365 hari kalender = 18; 146 × 90/365 hari kalender = 36"
    )
    assert shares(town).of("", Fraction(95), None, part, YEAR).target == 95
    assert shares(town).of("hari_kalender", Fraction(120), None, YEAR, YEAR).share is None
    with pytest.raises(KinerjaError, match="target_bagian_nol"):
        shares(town).of("hari_kalender", Fraction("0.01"), None, Period(YEAR.first, YEAR.first), YEAR)


def test_working_days_are_those_of_the_citys_calendar(town: Any) -> None:
    calendar = town.city.calendar
    whole, part = Period(date(2026, 1, 1), date(2026, 6, 30)), Period(date(2026, 3, 1), date(2026, 3, 31))
    found = shares(town).of("hari_kerja", Fraction(24), None, part, whole)
    march = [date(2026, 3, day) for day in range(1, 32)]
    assert found.share["days"] == sum(calendar.is_working(day) for day in march) < 22, "Nyepi, Idulfitri and leave lie in it"


def test_both_parts_of_a_transfer_are_divided_and_a_whole_period_is_not(town: Any) -> None:
    before = item(town.case_of("hr"), "ANK-1")
    assert (before.target, before.share) == (4, None)
    people.transfer(town.system, town.nips["hr2"], "operator_layanan_adminduk", "dukcapil.1", MOVED)
    people.transfer(town.system, town.nips["citra"], "analis_kebijakan", "bkpsdm", MOVED)
    for name in ("hr2", "citra"):
        realign.align(town.context("hr"), town.nips[name])
    first, _ = people.person_by_nip(town.nips["hr2"]).cases.order_by(db.Case.first)
    _, second = people.person_by_nip(town.nips["citra"]).cases.order_by(db.Case.first)
    cut, opened = item(first, "ANK-1"), item(second, "ANK-1")
    assert (cut.target, cut.share["days"], cut.share["whole"]) == (Fraction("2.3"), 104, 181)
    assert (opened.target, opened.share["days"], opened.share["target"]) == (Fraction("1.7"), 77, 4)
    assert cut.share["days"] + opened.share["days"] == 181
    assert (item(second, "ANK-2").target, item(second, "ANK-2").share) == (50, None), "a percentage is the same for a week"
    assert share_notes(second.id) == ("Target ANK-1 untuk bagian periode ini: 4 × 77/181 hari kalender = 1,7016…, dibulatkan 1,7.",)
    assert item(town.case_of("hr"), "ANK-1").target == 4


def test_an_amended_quantity_is_stated_for_the_whole_and_divided_again(town: Any) -> None:
    people.transfer(town.system, town.nips["citra"], "analis_kebijakan", "bkpsdm", MOVED)
    realign.align(town.context("hr"), town.nips["citra"])
    _, case = people.person_by_nip(town.nips["citra"]).cases.order_by(db.Case.first)
    citra, kaban = town.context("citra"), town.context("kaban")
    for who, name, answers in ((citra, "citra", {"sudah_baca_standar": True}), (kaban, "kaban", {"keputusan_skp": "setuju"})):
        [task] = [one for one in town.desk(name, "citra") if one.case_id == case.id]
        tasks.complete(who, task.id, answers)
    town.clock.set(datetime(2026, 5, 4, 8, tzinfo=JAKARTA))
    wanted = Amendment("Satu naskah dialihkan ke bidang lain", date(2026, 5, 1), {"ANK-1": Edit(target=Fraction(3))})
    amending.propose(citra, case.id, wanted)
    amending.answer(kaban, case.id, True)
    after = item(case, "ANK-1")
    assert (after.target, after.share["target"]) == (Fraction("1.28"), 3)
    assert plans.plan_of(citra, case.id).versions[-1].changes[0]["sesudah"] == {"target": 3}


def test_what_cannot_be_divided_stands_against_opening(town: Any) -> None:
    people.transfer(town.system, town.nips["citra"], "analis_kebijakan", "bkpsdm", MOVED)
    policy = town.city.policy(town.city.release().fingerprint)

    def obstacles(target: str) -> list[str]:
        standards = tuple(
            replace(
                one, indicators=tuple(replace(each, target=Fraction(target)) if each.prorate else each for each in one.indicators)
            )
            for one in policy.standards
        )
        selection = Selection(people=(town.nips["citra"],))
        found = plan_cases(town.context("hr"), replace(policy, standards=standards), town.period, selection)
        return [text for plan in found for text, _ in plan.obstacles]

    assert obstacles("0.02") == []
    [told] = obstacles("0.01")
    assert "menjadi nol" in told
