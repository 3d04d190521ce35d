"""Fairness before signing: the pattern and setting it aside, leniency with small groups hidden, calibration before and after."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, InputError
from kinerja.services.context import Actor, Context
from kinerja.services.evaluation import calibration
from kinerja.services.openness import fairness
from kinerja.services.papers.letterbook import write_decree
from kinerja.services.reading import load_case
from kinerja.store import models as db

CODE = "2026-X"
# unit: appraiser → (ratings given on behaviour, final rating)
RATED: dict[str, dict[str, list[tuple[str, str]]]] = {
    "dukcapil": {"kabid": [("di_atas", "Baik")] * 14, "kadis": [("sesuai", "Baik")] * 4},
    "bkpsdm": {"kaban": [("sesuai", "Baik")] * 11 + [("di_bawah", "Kurang")]},
    "setda": {"sekda": [("sesuai", "Baik")] * 3},
    "pemkot": {"tim": [("sesuai", "Baik")] * 12},
}


@pytest.fixture
def rated(quiet: Any) -> Any:
    """Cases as they are after evaluation: people, ratings and judgements as rows, so that sixty of them take no minute."""
    city = quiet.city
    version = city.process_version("penilaian-kinerja")
    at = city.clock.now()
    cycle = db.Cycle.create(code=CODE, title="Uji", first=date(2026, 1, 1), last=date(2026, 6, 30), opened_at=at)
    number = 0
    for unit_code, appraisers in RATED.items():
        unit = db.Unit.get(db.Unit.code == unit_code)
        post = db.Position.create(code="uji", title="Uji", unit=unit, job_class=6)
        for appraiser, given in appraisers.items():
            chief = db.Person.get(db.Person.nip == quiet.nips[appraiser])
            for behaviour, rating in given:
                number += 1
                person = db.Person.create(nip=f"19900101202001{number:04d}", name=f"Pegawai {number:02d}")
                case = db.Case.create(
                    cycle=cycle, person=person, position=post, unit=unit, agency=unit, first=cycle.first, last=cycle.last,
                    appraiser=chief, superior=chief, process=version, rating=rating, opened_at=at,
                )  # fmt: skip
                db.Judgement.create(
                    case=case, role="pejabat_penilai", aspect="perilaku_kerja", value=behaviour, author=chief.nip, judged_at=at
                )
    return quiet


def achieved(town: Any, unit: str, word: str) -> None:
    calibration.record_achievement(town.context("hr"), CODE, unit, word, "LKjIP 2025")


def check_of(town: Any, unit: str) -> calibration.PatternCheck:
    return next(check for check in fairness.report(town.context("hr"), CODE).patterns if check.unit == unit)


def test_the_pattern_is_checked_by_the_rules_and_set_aside_with_a_reason(rated: Any) -> None:
    assert check_of(rated, "dukcapil").state == "tanpa_capaian"
    achieved(rated, "dukcapil", "Baik")
    check = check_of(rated, "dukcapil")
    assert (check.state, check.follows, check.binding) == ("tidak_sesuai", False, True)
    assert check.reference is not None
    assert check.reference["Baik"] == (50, 70)
    reason = "Tidak seorang pun pantas diturunkan: seluruh target tercapai"
    calibration.set_aside(rated.context("tim"), CODE, "dukcapil", reason, "BA 7/2026")
    check = check_of(rated, "dukcapil")
    assert check.state == "dikesampingkan"
    assert check.override is not None
    assert (check.override.reason, check.override.author) == (reason, "Tim")
    entry = db.LedgerEntry.get(db.LedgerEntry.act == "calibration.override")
    assert reason in entry.payload


def test_a_changed_distribution_needs_a_new_reason(rated: Any) -> None:
    achieved(rated, "dukcapil", "Baik")
    calibration.set_aside(rated.context("tim"), CODE, "dukcapil", "Semua target tercapai tanpa kecuali")
    case = db.Case.select().join(db.Cycle).where(db.Cycle.code == CODE).order_by(db.Case.id).first()
    db.Case.update(rating="Sangat Baik").where(db.Case.id == case.id).execute()
    check = check_of(rated, "dukcapil")
    assert check.state == "tidak_sesuai"
    assert check.override is not None
    assert not check.override.holds


def test_what_cannot_be_set_aside(rated: Any) -> None:
    tim = rated.context("tim")
    with pytest.raises(ConflictError, match="tanpa_capaian"):
        calibration.set_aside(tim, CODE, "dukcapil", "sebuah alasan yang cukup panjang")
    achieved(rated, "dukcapil", "Baik")
    with pytest.raises(InputError, match="alasan_terlalu_pendek"):
        calibration.set_aside(tim, CODE, "dukcapil", "   tidak   ")
    with pytest.raises(ForbiddenError, match="seunit"):
        calibration.set_aside(tim, CODE, "bkpsdm", "sebuah alasan yang cukup panjang")
    with pytest.raises(ForbiddenError, match="tidak_berwenang"):
        calibration.set_aside(rated.context("hr"), CODE, "dukcapil", "sebuah alasan yang cukup panjang")
    with pytest.raises(InputError, match="capaian_tidak_dikenal"):
        achieved(rated, "dukcapil", "Hebat")
    with pytest.raises(InputError, match="bukti_wajib"):
        calibration.record_achievement(rated.context("hr"), CODE, "dukcapil", "Baik", " ")
    db.Case.update(rating="Butuh Perbaikan").where(db.Case.id << _some(6)).execute()
    assert check_of(rated, "dukcapil").state == "sesuai"
    with pytest.raises(ConflictError, match="pola_sesuai"):
        calibration.set_aside(tim, CODE, "dukcapil", "sebuah alasan yang cukup panjang")


def _some(number: int) -> list[int]:
    query = db.Case.select(db.Case.id).join(db.Cycle).where(db.Cycle.code == CODE).order_by(db.Case.id).limit(number)
    return [case for (case,) in query.tuples()]  # type: ignore[attr-defined]


def test_a_small_unit_is_reported_as_not_bound_by_the_pattern(rated: Any) -> None:
    """Three people can never follow it; the unit itself is hidden in the report, its own check says so."""
    achieved(rated, "setda", "Baik")
    cycle = db.Cycle.get(db.Cycle.code == CODE)
    assert calibration.check_unit(rated.context("hr"), cycle, db.Unit.get(db.Unit.code == "setda")).state == "tidak_mengikat"


def test_leniency_marks_who_departs_further_than_chance(rated: Any) -> None:
    kadis, kabid = rated.nips["kadis"], rated.nips["kabid"]
    for row in db.Judgement.select().where(db.Judgement.author == kadis):  # nobody of few: kabid's rating may be shown
        db.Judgement.create(
            case=row.case_id, role=row.role, aspect=row.aspect, value="di_atas", author=kabid, judged_at=row.judged_at
        )
    report = fairness.report(rated.context("hr"), CODE)
    assert report.people == 45
    marks = {line.name: line.mark for line in report.appraisers.shown}
    assert marks["Kabid"] == "longgar"
    [line] = [line for line in report.appraisers.shown if line.name == "Kabid"]
    assert (line.people, line.mean) == (18, 1)
    assert 0 < line.drawn < line.gap


def test_small_groups_and_what_would_give_them_away_are_hidden(rated: Any) -> None:
    """Setda has three people: another unit goes with it. Kadis rated four beside kabid's fourteen in one unit."""
    report = fairness.report(rated.context("hr"), CODE)
    units = {check.unit for check in report.patterns}
    assert "setda" not in units
    assert report.hidden_units >= 2
    people = {line.name for line in report.appraisers.shown}
    assert people.isdisjoint({"Kadis", "Sekda"})
    assert "Kabid" not in people, "fourteen of dukcapil's eighteen: the other four are kadis's"
    assert {line.code for line in report.units.shown} == units
    assert report.calibration[-1].people == 45
    assert {move.unit for move in report.calibration[:-1]} == units


def test_a_member_for_one_unit_sees_that_unit_alone(rated: Any) -> None:
    here = Context(rated.city, Actor.of("Tim", rated.nips["tim2"], ["tim_evaluasi"], ["bkpsdm"]))
    report = fairness.report(here, CODE)
    assert report.people == 12
    assert [check.unit for check in report.patterns] == ["bkpsdm"]


def test_fewer_people_than_a_group_needs_show_nothing(rated: Any) -> None:
    here = Context(rated.city, Actor.of("Tim", rated.nips["tim2"], ["tim_evaluasi"], ["setda"]))
    db.Case.update(rating=None).where(db.Case.agency << [u.id for u in db.Unit.select().where(db.Unit.code != "setda")]).execute()
    report = fairness.report(here, CODE)
    assert (report.people, report.patterns, report.appraisers.shown) == (0, (), ())


def test_employees_do_not_read_the_report(rated: Any) -> None:
    with pytest.raises(ForbiddenError, match="tidak_berwenang"):
        fairness.report(rated.context("budi"), CODE)


def test_calibration_before_and_after_and_the_decree_say_why(town: Any) -> None:
    """One case moved down by the team; the decree takes note of the pattern that was set aside."""
    town.until("sari", "nilai_mutu")
    answers = town.way[5][2] | {
        "kalibrasi": "turun",
        "alasan_kalibrasi": "Dua berkas diperbaiki rekan tanpa dicatat sendiri",
        "bukti_kalibrasi": "BA kalibrasi 2/2026",
    }
    town.do("tim", "nilai_mutu", "sari", **answers)
    case = load_case(town.case_of("sari").id)
    found = fairness._cases(town.context("hr"), case.cycle)
    assert [(one.before, one.rating) for one in found] == [("Baik", "Butuh Perbaikan")]
    moved = fairness._moved("", "", calibration.ratings(town.context("hr")), found)
    assert (moved.up, moved.down, moved.before["Baik"], moved.after["Baik"]) == (0, 1, 1, 0)
    calibration.record_achievement(town.context("hr"), town.cycle, "dukcapil", "Baik", "LKjIP")
    reason = "Satu orang tidak dapat membentuk pola apa pun."
    calibration.set_aside(town.context("tim"), town.cycle, "dukcapil", reason)
    organisation = town.city.organisation(town.city.today())
    with town.city.store.transaction():
        letter = write_decree(
            town.context("hr"), organisation, town.city.units.agency(case.unit_id), [(case, case.evaluations.get())]
        )
    [note] = [text for text in letter.content["noted"] if "pola" in text]
    assert "SE MenPANRB 3/2023" in note
    assert "Satu orang tidak dapat membentuk pola apa pun" in note
