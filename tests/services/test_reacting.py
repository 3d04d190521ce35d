"""Reactions in running cases: fired once each, with their facts, told to whom the rule names, coaching begun where it says so."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
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
