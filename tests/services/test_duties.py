"""Separation of duties when a task is done: what was lawful when planned may have ceased to be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.errors import ForbiddenError, KinerjaError
from kinerja.services.casework import cases, tasks
from kinerja.services.context import Actor, Context
from kinerja.services.cycles import pausing, realign
from kinerja.services.evaluation import measure
from kinerja.services.staff import people
from kinerja.services.staff.appraisers import Wanted, chains_of
from kinerja.services.staff.people import AssignmentEntry
from kinerja.store import models as db

TODAY = date(2026, 7, 20)
OPERATOR = "operator_layanan_adminduk"


def ready(town: Any, task: str, of: str) -> int:
    row = db.Task.get(db.Task.case == town.case_of(of).id, db.Task.task == task, db.Task.state == "ready")
    return int(row.id)


def person(town: Any, name: str) -> Any:
    return db.Person.get(db.Person.nip == town.nips[name])


def test_a_tie_declared_later_bars_the_appraiser_and_names_the_next(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    task = ready(town, "nilai_perilaku", "budi")
    assert [view.id for view in town.desk("kabid", "budi")] == [task]
    db.ConflictOfInterest.create(person=person(town, "kabid"), other=person(town, "budi"), kind="keluarga", first=date(2026, 1, 1))
    assert town.desk("kabid", "budi") == [], "the desk offers only what may be done"
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("kabid"), task, {})
    assert (caught.value.code, caught.value.details["alternative"]) == ("benturan_kepentingan", "Kadis")


def test_a_tie_that_has_ended_bars_nobody(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    db.ConflictOfInterest.create(
        person=person(town, "kabid"), other=person(town, "budi"), first=date(2024, 1, 1), last=date(2025, 12, 31)
    )
    assert len(town.desk("kabid", "budi")) == 1


def test_a_substitute_obeys_the_same_duties(town: Any) -> None:
    """The head of division is away; Citra acts for the day: for Budi, not for herself, not for those she is tied to."""
    for name in ("budi", "citra", "sari"):
        town.do(name, "susun_skp", name, sudah_baca_standar=True)
    kabid, citra = person(town, "kabid"), person(town, "citra")
    db.Absence.create(person=kabid, first=TODAY, last=TODAY, kind="cuti")
    post = db.Position.get(db.Position.code == "kepala_bidang")
    db.Assignment.create(person=citra, position=post, first=TODAY, kind="plh")
    db.ConflictOfInterest.create(person=citra, other=person(town, "sari"), kind="keluarga", first=date(2026, 1, 1))
    offered = {view.nip for view in town.desk("citra") if view.task == "setujui_skp"}
    assert offered == {town.nips["budi"]}
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("citra"), ready(town, "setujui_skp", "citra"), {"keputusan_skp": "setuju"})
    assert caught.value.code == "menilai_diri_sendiri"
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("citra"), ready(town, "setujui_skp", "sari"), {"keputusan_skp": "setuju"})
    assert (caught.value.code, caught.value.details["alternative"]) == ("benturan_kepentingan", "Kadis")


def test_two_people_never_rate_each_other_even_if_the_data_say_so(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    kabid = person(town, "kabid")
    db.Case.update(appraiser=person(town, "budi")).where(db.Case.person == kabid.id).execute()
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("kabid"), ready(town, "nilai_perilaku", "budi"), {})
    assert (caught.value.code, caught.value.details["alternative"]) == ("saling_menilai", "Kadis")


def test_an_appraiser_who_becomes_the_employees_subordinate_rates_no_more(town: Any) -> None:
    """Mid-cycle the employee takes the head's post and the head a post below: no case says so yet, the posts of today do."""
    town.until("budi", "nilai_perilaku")
    task = ready(town, "nilai_perilaku", "budi")
    hr, day = town.context("hr"), TODAY
    people.transfer(hr, town.nips["citra"], "analis_kebijakan", "bkpsdm", day)
    people.end_assignment(hr, town.nips["kabid"], "kepala_bidang", "dukcapil.1", day - timedelta(days=1))
    people.transfer(hr, town.nips["budi"], "kepala_bidang", "dukcapil.1", day)
    people.assign(hr, AssignmentEntry(town.nips["kabid"], OPERATOR, "dukcapil.1", day))
    assert town.desk("kabid", "budi") == []
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("kabid"), task, {})
    assert (caught.value.code, caught.value.details["alternative"]) == ("saling_menilai", "Kadis")
    assert realign.hand_over(hr, town.nips["kabid"]).values["cases"] == 1
    assert [view.id for view in town.desk("kadis", "budi")] == [task], "the lawful alternative can do it"


def test_a_tie_that_stops_the_appraiser_lets_hr_hand_the_case_over(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    people.declare_conflict(town.context("kabid"), town.nips["kabid"], town.nips["budi"], TODAY)
    before = {case.person_id: case.appraiser_id for case in db.Case.select()}
    done = realign.hand_over(town.context("hr"), town.nips["kabid"]).values
    assert (done["cases"], done["without"]) == (1, 0)
    after = {case.person_id: case.appraiser_id for case in db.Case.select()}
    assert {id for id in after if after[id] != before[id]} == {person(town, "budi").id}
    town.do("kadis", "nilai_perilaku", "budi", perilaku_kerja="sesuai", alasan_perilaku="Tiga kali mengambil alih loket")
    task = ready(town, "setujui_penilaian", "budi")
    assert db.Task.get_by_id(task).assignee_id == person(town, "sekda").id


def test_who_rated_for_the_appraiser_does_not_approve_for_the_superior(town: Any) -> None:
    """Sari stands in for the head of division, and the day after for the head of the agency."""
    town.until("budi", "nilai_perilaku")
    for name, unit in (("kabid", "dukcapil.1"), ("kadis", "dukcapil")):
        db.Absence.create(person=person(town, name), first=TODAY, last=date(2026, 12, 31), kind="cuti")
        post = db.Position.get(db.Position.leads_unit == True, db.Position.unit == db.Unit.get(db.Unit.code == unit))  # noqa: E712
        db.Assignment.create(person=person(town, "sari"), position=post, first=TODAY, kind="plh")
    town.do("sari", "nilai_perilaku", "budi", perilaku_kerja="sesuai", alasan_perilaku="Tiga kali mengambil alih loket")
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("sari"), ready(town, "setujui_penilaian", "budi"), {"keputusan_atasan": "setuju"})
    assert (caught.value.code, caught.value.details["alternative"]) == ("pembuat_adalah_penyetuju", "Sekda")


def test_a_substitute_is_one_for_the_office_not_for_the_persons_own_appraisal(town: Any) -> None:
    """The head is away: Citra decides for the head, but does not submit the head's own plan."""
    post = db.Position.get(db.Position.code == "kepala_bidang")
    db.Absence.create(person=person(town, "kabid"), first=TODAY, last=TODAY, kind="cuti")
    db.Assignment.create(person=person(town, "citra"), position=post, first=TODAY, kind="plh")
    assert [view.task for view in town.desk("citra", "kabid")] == []
    with pytest.raises(ForbiddenError, match="bukan_tugas_anda"):
        tasks.complete(town.context("citra"), ready(town, "susun_skp", "kabid"), {"sudah_baca_standar": True})


@pytest.mark.parametrize(("first", "last"), [(date(2026, 3, 1), date(2026, 5, 31)), (date(2026, 7, 15), None)])
def test_the_team_does_not_rate_who_served_with_them_then_or_serves_with_them_now(town: Any, first: date, last: Any) -> None:
    town.until("budi", "nilai_mutu")
    task = ready(town, "nilai_mutu", "budi")
    post = db.Position.get(db.Position.code == OPERATOR)
    db.Assignment.create(person=person(town, "tim"), position=post, first=first, last=last, kind="plh")
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(town.context("tim"), task, {})
    assert (caught.value.code, caught.value.details["alternative"]) == ("seunit", "Tim2")


def test_nobody_of_the_team_rates_their_own_head(town: Any) -> None:
    town.until("budi", "nilai_mutu")
    db.Case.update(appraiser=person(town, "budi")).where(db.Case.person == person(town, "tim").id).execute()
    with pytest.raises(ForbiddenError, match="saling_menilai"):
        tasks.complete(town.context("tim"), ready(town, "nilai_mutu", "budi"), {})


OFFICE: dict[str, Callable[[Context, int], Any]] = {
    "measure.record": lambda c, case: measure.record(c, case, "ADM-1", Fraction(100), "BA 1"),
    "case.assume": lambda c, case: cases.assume(c, case, []),
}
PAUSE: Callable[[Context, int], Any] = lambda c, case: pausing.pause(c, case, "Sakit lama di rumah sakit")  # noqa: E731


@pytest.mark.parametrize("act", [*OFFICE, "case.pause"])
def test_an_office_gives_nothing_over_ones_own_case(town: Any, act: str) -> None:
    """HR on their own appraisal: what every employee may, no more; not on that of somebody they have a tie with either."""
    town.until("budi", "lapor_realisasi")
    case = int(town.case_of("budi").id)
    own = Context(town.city, Actor.of("Budi", town.nips["budi"], ["bkpsdm", "administrator"]))
    with pytest.raises(KinerjaError) as caught:
        {**OFFICE, "case.pause": PAUSE}[act](own, case)
    assert caught.value.code in ("tidak_berwenang", "bukan_laporan")
    if act in OFFICE:
        people.declare_conflict(town.context("budi"), town.nips["budi"], town.nips["hr"], TODAY)
        with pytest.raises(ForbiddenError, match="benturan_kepentingan"):
            OFFICE[act](town.context("hr"), case)
        OFFICE[act](town.context("hr2"), case)


def test_a_tie_is_not_ended_by_one_of_the_two(town: Any) -> None:
    people.declare_conflict(town.context("hr"), town.nips["hr"], town.nips["budi"], TODAY)
    with pytest.raises(ForbiddenError, match="benturan_sendiri"):
        people.end_conflict(town.context("hr"), town.nips["budi"], town.nips["hr"], TODAY)
    people.end_conflict(town.context("hr2"), town.nips["budi"], town.nips["hr"], TODAY)


def test_planned_too_the_superior_is_nobody_below(town: Any) -> None:
    """Budi stands in as head of the agency above his own head: somebody else decides over what his head says of him, and of her."""
    organisation_of = town.city.organisation
    budi, kabid, kadis = (person(town, name) for name in ("budi", "kabid", "kadis"))
    people.leave(town.context("hr"), town.nips["kadis"], TODAY - timedelta(days=1))
    people.assign(town.context("hr"), AssignmentEntry(town.nips["budi"], "kepala_perangkat_daerah", "dukcapil", TODAY, kind="plt"))
    field = db.Unit.get(db.Unit.code == "dukcapil.1").id
    wanted = [Wanted(budi.id, field, TODAY), Wanted(kabid.id, field, TODAY)]
    for order in (wanted, wanted[::-1]):
        chains = chains_of(organisation_of(TODAY), order)
        pairs = {(one.person, found.seat.person) for one, chain in chains.items() for found in (chain.appraiser, chain.superior)}
        assert not {(other, own) for own, other in pairs} & pairs
        assert kadis.id not in {other for _, other in pairs}
