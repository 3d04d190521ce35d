"""Events and the invited, attendance from lists, acknowledgements, questions, and where uptake lags."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from kinerja.services import notices
from kinerja.services.context import Actor, Context
from kinerja.services.openness import questions, training, uptake
from kinerja.store import models as db

WHEN = datetime(2026, 7, 24, 9, tzinfo=JAKARTA)


def planned(town: Any, **given: Any) -> int:
    receipt = training.create(
        town.context("hr"), "sosialisasi", "Aturan baru", given.pop("starts", WHEN), "Aula", "Salindia", **given
    )
    return int(receipt.values["event"])


def test_the_invited_follow_from_the_posts_of_the_day_and_are_told(quiet: Any) -> None:
    event = planned(quiet, units=["dukcapil"])
    names = {
        name
        for name in ("kadis", "kabid", "sari", "budi", "citra", "kaban", "hr")
        if training.event(quiet.context(name), event).mine
    }
    assert names == {"kadis", "kabid", "sari", "budi", "citra"}
    assert training.event(quiet.context("hr"), event).invited == 5
    [notice] = notices.mine(quiet.context("budi"))
    assert "Aturan baru" in notice.text
    assert "24 Juli 2026" in notice.text
    assert notices.mine(quiet.context("kaban")) == ()
    by_role = planned(quiet, roles=["tim_evaluasi"])
    assert training.event(quiet.context("tim"), by_role).mine
    assert not training.event(quiet.context("budi"), by_role).mine


def test_attendance_from_a_list_is_entered_once_and_errors_name_their_line(quiet: Any) -> None:
    event = planned(quiet, units=["dukcapil"])
    budi, citra = quiet.nips["budi"], quiet.nips["citra"]
    with pytest.raises(ConflictError, match="acara_belum_mulai"):
        training.record_attendance(quiet.context("hr"), event, [budi], "x.csv")
    quiet.clock.set(WHEN.replace(hour=12))
    csv = f"nama;NIP\nBudi;{budi[:8]} {budi[8:]}\n\nCitra;{citra}\n"
    assert training.read_list(csv) == [budi, citra]
    assert training.read_list(f"{budi}\n{citra}\n") == [budi, citra]
    with pytest.raises(InputError, match="line 3"):
        training.read_list(f"nip\n{budi}\n12-34\n")
    with pytest.raises(InputError, match="daftar_kosong"):
        training.read_list("")
    with pytest.raises(NotFoundError, match="999"):
        training.record_attendance(quiet.context("hr"), event, [budi, "999"], "x.csv")
    assert db.TrainingAttendance.select().count() == 0
    receipt = training.record_attendance(quiet.context("hr"), event, [budi, citra, budi], "x.csv")
    assert receipt.values == {"recorded": 2, "known": 0}
    assert training.record_attendance(quiet.context("hr"), event, [budi], "y.csv").values == {"recorded": 0, "known": 1}
    seen = training.event(quiet.context("budi"), event)
    assert (seen.came, seen.i_came, seen.past) == (None, True, True)
    assert training.event(quiet.context("hr"), event).came == 2
    with pytest.raises(ForbiddenError):
        training.record_attendance(quiet.context("budi"), event, [budi], "z.csv")


def test_an_event_called_off_is_said_once(quiet: Any) -> None:
    event = planned(quiet, units=["dukcapil.1"])
    training.call_off(quiet.context("hr"), event)
    assert any("dibatalkan" in notice.text for notice in notices.mine(quiet.context("budi")))
    with pytest.raises(ConflictError, match="sudah_berubah"):
        training.call_off(quiet.context("hr"), event)


def test_rules_and_material_are_acknowledged_by_each_person(quiet: Any) -> None:
    budi = quiet.context("budi")
    fingerprint = quiet.city.release().fingerprint
    assert training.release_acknowledged(budi) is False
    training.acknowledge(budi, f"release:{fingerprint}")
    training.acknowledge(budi, f"release:{fingerprint}")
    assert db.Acknowledgement.select().count() == 1
    assert training.release_acknowledged(budi) is True
    assert training.release_acknowledged(quiet.context("citra")) is False
    for wrong in ("release:" + "0" * 64, "event:99", "event:x", "apa"):
        with pytest.raises(NotFoundError):
            training.acknowledge(budi, wrong)
    with pytest.raises(ForbiddenError, match="bukan_pegawai"):
        training.acknowledge(quiet.system, f"release:{fingerprint}")


def test_questions_are_answered_for_all_and_unsigned_ones_keep_their_asker(quiet: Any) -> None:
    asked = questions.ask(quiet.context("budi"), "Apakah cuti bersama memotong TPP?", unsigned=True)
    questions.ask(quiet.context("citra"), "Siapa yang menilai bila penilai cuti?")
    with pytest.raises(InputError, match="terlalu_pendek"):
        questions.ask(quiet.context("budi"), "Apa?")
    askers = {question.text: question.asker for question in questions.questions(quiet.context("sari"))}
    assert askers == {"Apakah cuti bersama memotong TPP?": "", "Siapa yang menilai bila penilai cuti?": "Citra"}
    assert "Budi" in {question.asker for question in questions.questions(quiet.context("budi"))}
    assert "Budi" in {question.asker for question in questions.questions(quiet.context("hr"))}
    questions.answer(quiet.context("hr"), int(asked.values["question"]), "Tidak; cuti bersama bukan ketidakhadiran.", version=1)
    with pytest.raises(ConflictError, match="sudah_berubah"):
        questions.answer(quiet.context("hr2"), int(asked.values["question"]), "Jawaban yang lain lagi", version=1)
    with pytest.raises(ForbiddenError):
        questions.answer(quiet.context("budi"), int(asked.values["question"]), "Saya jawab sendiri saja")
    assert any("sudah dijawab" in notice.text for notice in notices.mine(quiet.context("budi")))


def test_uptake_by_agency_lags_first_and_small_ones_are_hidden(town: Any) -> None:
    """Setda has one person: it is hidden, and the smallest other agency with it."""
    for nip in (f"1990010120200{number:05d}" for number in range(8)):  # a larger agency beside them
        person = db.Person.create(nip=nip, name=nip[-2:])
        unit = db.Unit.get_or_create(code="rsud", defaults={"name": "RSUD", "kind": "agency", "parent": db.Unit.get(code="setda")})[
            0
        ]
        post = db.Position.get_or_create(code="perawat", unit=unit, defaults={"title": "Perawat", "job_class": 6})[0]
        db.Assignment.create(person=person, position=post, first=date(2025, 1, 1))
    town.do("sari", "susun_skp", "sari", sudah_baca_standar=True)
    training.acknowledge(town.context("hr"), f"release:{town.city.release().fingerprint}")
    found = uptake.adoption(town.context("hr"))
    assert found.city is not None
    assert (found.city.people, found.city.read, found.city.acknowledged) == (19, 1, 1)
    assert [(line.unit, line.acknowledged) for line in found.agencies] == [("rsud", 0), ("bkpsdm", 1)], (
        "the one that lags stands first"
    )
    assert (found.hidden, found.hidden_people) == (2, 6)
    with pytest.raises(ForbiddenError):
        uptake.adoption(town.context("budi"))


def test_a_city_of_few_people_is_a_small_group_too(town: Any) -> None:
    names = ("sekda", "kadis", "kabid", "sari")
    db.Person.update(active=False).where(db.Person.nip.not_in([town.nips[name] for name in names])).execute()
    found = uptake.adoption(town.context("hr"))
    assert (found.city, found.agencies, found.hidden_people) == (None, (), 4)


def test_how_many_came_is_for_those_who_arrange_events(quiet: Any) -> None:
    """Two events, of a division and of one person less, would tell whether that one came."""
    event = planned(quiet, units=["dukcapil.1"])
    quiet.clock.set(datetime(2026, 12, 1, tzinfo=JAKARTA))
    training.record_attendance(quiet.context("hr"), event, [quiet.nips["sari"]], "daftar")
    assert [training.event(quiet.context(name), event).came for name in ("hr", "budi", "sari", "tim")] == [1, None, None, None]
    assert training.event(quiet.context("sari"), event).i_came
    local = Context(quiet.city, Actor.of("HR BKPSDM", roles=["bkpsdm"], units=["bkpsdm"]))
    assert [training.may_edit(one, event) for one in (quiet.context("hr"), local)] == [True, False]
