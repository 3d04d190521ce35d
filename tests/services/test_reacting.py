"""Reactions in running cases: fired once each, with their facts, told to whom the rule names, coaching begun where it says so."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kinerja.cli.main import main
from kinerja.core.clock import JAKARTA
from kinerja.policy import load_policy
from kinerja.services.bpmn import processes
from kinerja.services.casework import cases, reacting
from kinerja.services.context import Actor, Context
from kinerja.services.evaluation import measure
from kinerja.services.rulebook import publish, simulation
from kinerja.settings import shipped
from kinerja.store import models as db

ABSENT = [date(2026, 7, day) for day in (6, 7, 8)]


@pytest.fixture
def absent(town: Any) -> Any:
    entries = [measure.AttendanceEntry(town.nips["citra"], day, None, absent=True) for day in ABSENT]
    measure.import_attendance(town.context("hr"), entries, "presensi Juli")
    return town


def fired(town: Any, name: str) -> list[Any]:
    return list(db.Firing.select().where(db.Firing.case == town.case_of(name).id).order_by(db.Firing.id))


def test_a_reaction_fires_once_with_its_facts(absent: Any) -> None:
    assert reacting.daily(absent.system) >= 1
    [row] = fired(absent, "citra")
    assert (row.reaction, row.act, row.name, row.role) == ("absen_pp94", "task", "berkas_disiplin", "bkpsdm")
    assert [fact["on"] for fact in row.facts] == [day.isoformat() for day in ABSENT]
    told = list(db.Notice.select().join(db.Person).where(db.Person.nip == absent.nips["hr"]))
    assert [notice.text for notice in told if "Citra" in notice.text] == ["Citra: Siapkan berkas pemeriksaan disiplin."]
    entry = db.LedgerEntry.get((db.LedgerEntry.act == "reaction.fire") & (db.LedgerEntry.subject == f"case:{row.case_id}"))
    assert "absen_pp94" in entry.payload
    count = db.Firing.select().count()
    assert reacting.daily(absent.system) == 0  # once a day
    absent.clock.advance(timedelta(days=1))
    reacting.daily(absent.system)
    assert db.Firing.select().count() == count  # and each once for ever
    seen = cases.case_page(absent.context("hr"), row.case_id)
    assert seen.firings[0].facts[-1]["on"] == "2026-07-08"
    assert cases.case_page(absent.context("citra"), row.case_id).firings == ()  # what HR is asked to prepare is HR's


def test_more_absence_reaches_the_next_band_and_says_so_anew(absent: Any) -> None:
    reacting.look(absent.system, absent.case_of("citra").id)
    measure.import_attendance(
        absent.context("hr"), [measure.AttendanceEntry(absent.nips["citra"], date(2026, 7, 9), None, absent=True)], "presensi"
    )
    assert len(reacting.look(absent.system, absent.case_of("citra").id)) == 1
    assert [len(row.facts) for row in fired(absent, "citra")] == [3, 4]


def test_missing_evidence_is_reminded_before_the_deadline(town: Any) -> None:
    db.Measurement.delete().execute()
    town.clock.set(datetime(2026, 6, 25, 8, tzinfo=JAKARTA))
    reacting.look(town.system, town.case_of("sari").id)
    reminded = [row for row in fired(town, "sari") if row.reaction == "bukti_menjelang_batas"]
    assert len(reminded) == db.PlanItem.select().where(db.PlanItem.case == town.case_of("sari").id).count()
    told = db.Notice.select().join(db.Person).where(db.Person.nip == town.nips["sari"])
    assert told.count() == len(reminded)


def test_two_bad_months_begin_coaching(town: Any) -> None:
    processes.load(town.system, shipped("workflows") / "pembinaan")
    case = town.case_of("budi")
    release = town.city.release()
    for month, last in ((3, 31), (4, 30)):
        cycle = db.Cycle.create(
            code=f"2026-{month:02}", title="Bulanan", template="bulanan", first=date(2026, month, 1), last=date(2026, month, last),
            opened_at=town.clock.now(),
        )  # fmt: skip
        monthly = db.Case.create(
            cycle=cycle, person=case.person_id, position=case.position_id, unit=case.unit_id, agency=case.agency_id,
            first=cycle.first, last=cycle.last, process=case.process_id, state="closed", opened_at=town.clock.now(),
        )  # fmt: skip
        db.Evaluation.create(
            case=monthly, on_day=cycle.last, release=release.id, facts={},
            finding={"outputs": {"nilai_hasil_kerja": 70}, "trace": []}, evaluated_at=town.clock.now(),
        )  # fmt: skip
    reacting.look(town.system, case.id)
    [row] = [one for one in fired(town, "budi") if one.reaction == "pembinaan_dua_bulan"]
    begun = db.Case.get_by_id(row.started_id)
    assert (begun.subject, begun.parent_id) == (f"pembinaan:{case.id}", case.id)
    assert [view.task for view in town.desk("kabid") if view.subject] == ["susun_pembinaan"]


def test_a_log_taken_in_by_the_command_measures_the_cycle_and_is_reacted_to(town: Any, tmp_path: Path) -> None:
    csv, map_file = town.records(tmp_path)
    csv.write_text(csv.read_text("utf-8").replace("budi-", "baru-").replace("sari-", "lain-").replace("citra-", "lagi-"), "utf-8")
    (town.city.folder / "kinerja.toml").write_text(
        '[web]\nsecret = "rahasia-untuk-uji-saja"\n\n[store]\nurl = "sqlite:kota.db"\n', "utf-8"
    )
    before = db.Measurement.select().count()

    def command() -> str:
        words = [str(csv), "--map", str(map_file), "--cycle", town.cycle, "--as", "hr", "--city", str(town.city.folder)]
        answer = CliRunner().invoke(main, ["measure", *words])
        town.city.store.activate()
        assert answer.exit_code == 0, answer.output
        return answer.stderr

    assert "60 permohonan masuk" in command()
    assert db.Measurement.select().count() > before
    count = db.Measurement.select().count()
    assert "tidak ada yang diubah" in command()
    assert db.Measurement.select().count() == count


FIFTH = """\
title: {id: Tidak masuk tiga hari kerja berturut-turut, en: Absent three working days in a row}
reaction: absen_tiga_hari
authority:
  - {instrument: Kebijakan Kota Kotalama, part: pembinaan disiplin, status: policy}
effective: {from: 2026-01-01}
events:
  kehadiran:
    label: {id: Hari kerja, en: Working day}
    facts:
      tidak_masuk: {type: boolean, label: {id: tidak masuk, en: absent}}
      alasan_sah: {type: boolean, label: {id: alasan sah, en: excused}}
window: {months: 1}
in_a_row: {event: kehadiran, where: tidak_masuk and not(alasan_sah), every: day, times: 3, gap: skip, repeat: once}
then:
  act: task
  name: bicara
  role: pejabat_penilai
  text: {id: Bicarakan ketidakhadiran dengan pegawai., en: Talk to the employee about the absence.}
cases:
  - on: 2026-03-31
    given:
      - {event: kehadiran, on: 2026-03-04, tidak_masuk: true, alasan_sah: false}
      - {event: kehadiran, on: 2026-03-02, tidak_masuk: true, alasan_sah: false}
      - {event: kehadiran, on: 2026-03-03, tidak_masuk: true, alasan_sah: false}
    expect: [2026-03-02]
"""


@pytest.mark.slow  # the whole rule set is proved and its cases run
def test_a_reaction_that_an_officer_writes_fires_in_the_city(absent: Any, tmp_path: Path) -> None:
    rules = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), rules)
    (rules / "reactions/absen_tiga_hari.yaml").write_text(FIFTH, "utf-8")
    writer = Context(absent.city, Actor.of("Penyusun", roles=["pejabat_kebijakan", "pejabat_penetap"]))
    approver = Context(absent.city, Actor.of("Penetap", roles=["pejabat_kebijakan", "pejabat_penetap"]))
    simulation.keep(writer, load_policy(rules))
    submitted = publish.submit(writer, rules)
    publish.approve(approver, submitted.values["fingerprint"])
    reacting.look(absent.system, absent.case_of("citra").id)
    [row] = [one for one in fired(absent, "citra") if one.reaction == "absen_tiga_hari"]
    assert (row.act, row.name, row.role) == ("task", "bicara", "pejabat_penilai")
    assert [fact["on"] for fact in row.facts] == [day.isoformat() for day in ABSENT]


def test_a_target_that_is_missed_again_was_not_met_early(town: Any) -> None:
    """The later figure comes before the look: nothing is proposed; after it: the proposal has no ground any more."""
    case, at = town.case_of("budi"), datetime(2026, 4, 20, 9, tzinfo=JAKARTA)
    db.Judgement.create(
        case=case.id, aspect="perilaku_kerja", role="pejabat_penilai", value="sesuai", author="x", author_name="Kabid",
        judged_at=at,
    )  # fmt: skip
    db.Measurement.delete().execute()
    items = list(db.PlanItem.select().where(db.PlanItem.case == case.id, db.PlanItem.polarity == "lebih_tinggi").limit(2))
    assert len(items) == 2

    def measured(item: Any, part: str, day: int) -> None:
        value, when = item.target * Fraction(part), datetime(2026, 4, day, 9, tzinfo=JAKARTA)
        db.Measurement.create(plan_item=item, value=value, evidence={}, recorded_by="x", recorded_at=when)

    measured(items[0], "1", 21)
    measured(items[1], "1", 21)
    measured(items[1], "0.5", 22)
    town.clock.set(datetime(2026, 4, 23, 8, tzinfo=JAKARTA))
    assert reacting.look(town.system, case.id) == (f"target_tercapai_dini:2026:{items[0].code}",)
    measured(items[0], "0.9", 24)
    town.clock.set(datetime(2026, 4, 25, 8, tzinfo=JAKARTA))
    assert reacting.look(town.system, case.id) == ()
    [row] = cases.case_page(town.context("hr"), case.id).firings
    assert row.lapsed is not None


# ── facts that come late ──────────────────────────────────────────────────────────────────────────────────────────────
def attend(town: Any, *days: tuple[date, bool, bool]) -> None:
    """(day, absent, excused) of Citra, as an import brings them."""
    entries = [measure.AttendanceEntry(town.nips["citra"], day, None, absent=gone, excused=why) for day, gone, why in days]
    measure.import_attendance(town.context("hr"), entries, "presensi susulan")


def told(town: Any, name: str, word: str) -> list[str]:
    query = db.Notice.select(db.Notice.text).join(db.Person).where(db.Person.nip == town.nips[name], db.Notice.text.contains(word))
    return [row.text for row in query.order_by(db.Notice.id)]


def test_a_late_reason_takes_the_ground_away_and_hr_is_told_once(absent: Any) -> None:
    processes.load(absent.system, shipped("workflows") / "berkas-disiplin")
    case = absent.case_of("citra").id
    reacting.look(absent.system, case)
    [row] = fired(absent, "citra")
    attend(absent, (ABSENT[1], True, True))  # a sick note handed in late
    absent.clock.advance(timedelta(days=1))
    assert reacting.look(absent.system, case) == ()
    reacting.look(absent.system, case)
    assert len(told(absent, "hr", "tidak berdasar lagi")) == 1
    assert db.LedgerEntry.select().where(db.LedgerEntry.act == "reaction.lapse").count() == 1
    seen = cases.case_page(absent.context("hr"), case).firings
    assert [one.lapsed for one in seen] == [absent.clock.now()]
    assert db.Case.get_by_id(row.started_id).state == "open"  # what was begun is people's to end

    attend(absent, (ABSENT[1], True, False))  # the note was of somebody else
    absent.clock.advance(timedelta(days=1))
    assert reacting.look(absent.system, case) == ()  # the same firing, not another
    assert cases.case_page(absent.context("hr"), case).firings[0].lapsed is None
    assert len(fired(absent, "citra")) == 1
    assert db.LedgerEntry.select().where(db.LedgerEntry.act == "reaction.stand").count() == 1


def test_papers_that_go_on_after_the_appraisal_are_told_too(absent: Any) -> None:
    processes.load(absent.system, shipped("workflows") / "berkas-disiplin")
    case = absent.case_of("citra").id
    reacting.look(absent.system, case)
    db.Case.update(state="closed").where(db.Case.id == case).execute()
    attend(absent, (ABSENT[1], True, True))
    reacting.after(absent.context("hr"), [absent.case_of("citra").person_id])
    assert len(told(absent, "hr", "tidak berdasar lagi")) == 1
    absent.clock.advance(timedelta(days=1))
    reacting.daily(absent.system)
    assert len(told(absent, "hr", "tidak berdasar lagi")) == 1


def test_the_same_band_reached_by_other_days_is_found_anew(absent: Any) -> None:
    """Its key was used by a firing that does not stand: kept back by it, nobody would ever hear of the real absences."""
    case = absent.case_of("citra").id
    reacting.look(absent.system, case)
    attend(absent, (ABSENT[1], True, True))
    absent.clock.advance(timedelta(days=1))
    reacting.look(absent.system, case)
    attend(absent, (date(2026, 7, 9), True, False))
    absent.clock.advance(timedelta(days=1))
    assert reacting.look(absent.system, case) == ("absen_pp94:2026:3",)
    assert [len(row.facts) for row in fired(absent, "citra")] == [3, 3]
    assert [one.lapsed is not None for one in cases.case_page(absent.context("hr"), case).firings] == [True, False]
    absent.clock.advance(timedelta(days=1))
    assert reacting.look(absent.system, case) == ()


def test_an_earlier_day_that_comes_late_is_of_the_same_run(town: Any) -> None:
    days = [date(2026, 7, day) for day in (6, 7, 8, 9, 10, 13, 14, 15, 16, 17)]
    attend(town, *((day, True, False) for day in days))
    town.clock.set(datetime(2026, 7, 20, 8, tzinfo=JAKARTA))
    case = town.case_of("citra").id
    assert "absen_berturut_pp94:2026-07-06" in reacting.look(town.system, case)
    attend(town, (date(2026, 7, 3), True, False))
    keys = reacting.look(town.system, case)
    assert not [key for key in keys if key.startswith("absen_berturut")]  # it would begin the papers a second time
    assert all(one.lapsed is None for one in cases.case_page(town.context("hr"), case).firings)


def a_month(town: Any, name: str, month: int, score: Any) -> Any:
    """A closed case of a monthly cycle with its result."""
    case, first = town.case_of(name), date(2026, month, 1)
    cycle, _ = db.Cycle.get_or_create(
        code=f"2026-{month:02}",
        defaults={
            "title": "Bulanan", "template": "bulanan", "first": first, "last": date(2026, month, 28), "opened_at": town.clock.now(),
        },
    )  # fmt: skip
    monthly = db.Case.create(
        cycle=cycle, person=case.person_id, position=case.position_id, unit=case.unit_id, agency=case.agency_id, first=first,
        last=cycle.last, process=case.process_id, state="closed", opened_at=town.clock.now(),
    )  # fmt: skip
    db.Evaluation.create(
        case=monthly, on_day=cycle.last, release=town.city.release().id, facts={},
        finding={"outputs": {"nilai_hasil_kerja": score}, "trace": []}, evaluated_at=town.clock.now(),
    )  # fmt: skip


def test_a_score_as_the_rules_give_it_is_read_and_one_that_is_none_stops_nobody(town: Any) -> None:
    """Weights of 12,5 give five digits, and excellent months more than 120; a score of no rule is an incident of its own case."""
    for month, score in ((2, Fraction("12.49875")), (3, Fraction("79.99000667")), (4, Fraction("143.5"))):
        a_month(town, "budi", month, score)
    a_month(town, "sari", 2, Fraction(-1))
    attend(town, *((day, True, False) for day in ABSENT))
    assert reacting.daily(town.system) >= 2
    assert [one.reaction for one in fired(town, "budi")].count("pembinaan_dua_bulan") == 1
    assert [one.reaction for one in fired(town, "citra")] == ["absen_pp94"]
    [incident] = db.Incident.select().where(db.Incident.state == "open")
    assert (incident.case_id, incident.code, incident.task_id) == (town.case_of("sari").id, "di_luar_rentang", None)
    assert "nilai" in incident.text_id
    town.clock.advance(timedelta(days=1))
    reacting.daily(town.system)
    assert db.Incident.select().count() == 1
