"""What goes wrong: rules that cannot answer, engines that fail, deadlines that pass, objections, people at the same moment."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, IncidentError
from kinerja.engine import agree
from kinerja.engine.rete import worker
from kinerja.jobs import Timekeeper
from kinerja.services import notices
from kinerja.services.casework import cases, tasks
from kinerja.services.context import Actor, Context
from kinerja.services.cycles import timers
from kinerja.services.engines import Engines
from kinerja.services.openness import audit
from kinerja.services.papers import issue
from kinerja.store import models as db

OBJECTION: dict[str, Any] = {
    "pokok_keberatan": "perilaku",
    "masukan_keberatan": "Perilaku kerja",
    "uraian_keberatan": "Penilaian tidak memuat tiga kejadian pengambilalihan loket pada bulan Maret",
    "bukti_keberatan": "Surat tugas 12/2026",
}
ANSWER: dict[str, Any] = {
    "sikap_penilai": "sebagian_benar",
    "tanggapan_penilai": "Kejadian bulan Maret memang belum saya catat di buku kerja",
}
UPHELD: dict[str, Any] = {
    "putusan_keberatan": "dikabulkan",
    "alasan_putusan": "Surat tugas membuktikan tiga kejadian yang tidak dipertimbangkan",
}
REFUSED: dict[str, Any] = {
    "putusan_keberatan": "ditolak",
    "alasan_putusan": "Ketiga kejadian sudah dipertimbangkan dalam alasan penilaian",
}


def ready_task(town: Any, of: str) -> Any:
    return db.Task.get(db.Task.case == town.case_of(of).id, db.Task.state == "ready")


# ── incidents ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_rule_error_holds_the_case_with_its_answers_and_goes_on_later(town: Any) -> None:
    town.until("budi", "nilai_mutu")
    case = town.case_of("budi")
    db.PlanItem.update(weight=10).where(db.PlanItem.case == case.id, db.PlanItem.code == "ADM-1").execute()
    before = case.process_state
    receipt = town.do("tim", "nilai_mutu", "budi", **town.way[5][2])
    assert receipt.held is not None
    [incident] = cases.incidents(town.context("hr"))
    assert (incident.code, incident.state, incident.person) == ("bobot_tidak_100", "open", "Budi")
    case = town.case_of("budi")
    assert (case.process_state, case.stage, case.rating) == (before, "evaluasi", None)
    held = db.Task.get_by_id(incident.task_id)
    assert held.state == "held"
    assert held.answers["skor_mutu_kebenaran_komentar"] == town.way[5][2]["skor_mutu_kebenaran_komentar"]
    kept = [row.aspect for row in db.Judgement.select().where(db.Judgement.case == case.id)]
    assert kept[-2:] == ["mutu", "hasil_kerja"]
    again = tasks.resume(town.context("hr"), incident.id)
    assert again.held is not None
    db.PlanItem.update(weight=30).where(db.PlanItem.case == case.id, db.PlanItem.code == "ADM-1").execute()
    assert tasks.resume(town.context("hr"), again.held).held is None
    assert town.case_of("budi").rating == "Baik"
    assert cases.incidents(town.context("hr")) == ()
    assert db.Judgement.select().where(db.Judgement.case == case.id).count() == len(kept)


def test_an_incident_of_the_machine_stops_no_other_case(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("budi", "citra"):
        town.until(name, "nilai_mutu")
    evaluate = town.city.evaluate
    budi = town.case_of("budi").id

    def disagree(fingerprint: str, document: Any, on: Any) -> Any:
        if document["indikator"][0]["realisasi"] == 50:  # only Budi was late five times out of ten
            raise IncidentError("mesin_berbeda", "dua mesin berbeda", "two engines differ", facts=document)
        return evaluate(fingerprint, document, on)

    monkeypatch.setattr(town.city, "evaluate", disagree)
    assert town.do("tim", "nilai_mutu", "budi", **town.way[5][2]).held is not None
    assert town.do("tim", "nilai_mutu", "citra", **town.way[5][2]).held is None
    [incident] = cases.incidents(town.context("hr"))
    assert (incident.code, incident.case_id) == ("mesin_berbeda", budi)
    assert db.Letter.select().count() == 0
    with pytest.raises(ConflictError):
        tasks.complete(town.context("tim"), incident.task_id, town.way[5][2] | {"skor_mutu_kebenaran": "90"})


LOOP = """
from kinerja.engine.rete.kernel import Kernel
from kinerja.engine.rete.ruleset import Pattern, Rule
again = Rule("lagi", (Pattern("n", "hitung"),), lambda matched: [{"t": "hitung", "n": matched["n"]["n"] + 1}])
Kernel([again], budget=200).evaluate([{"t": "hitung", "n": 1}])
"""
FAULTS: dict[str, tuple[Any, ...]] = {
    "mesin_mati": (os.abort,), "mesin_lambat": (time.sleep, 60), "mesin_berputar": (exec, LOOP, {}),
}  # fmt: skip


@pytest.mark.parametrize(
    "code",
    ["mesin_mati", "mesin_berbeda", *(pytest.param(one, marks=pytest.mark.slow) for one in ("mesin_lambat", "mesin_berputar"))],
)
def test_each_fault_of_the_machine_is_an_incident_with_its_facts(
    town: Any, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash, a hang, rules that go round, a disagreement: on the case, with the facts; the next runs on a fresh worker."""
    for name in ("budi", "citra"):
        town.until(name, "nilai_mutu")
    own = Engines(tmp_path / "mesin", time_limit=2)
    monkeypatch.setattr(town.city, "_engines", own)
    town.city.decide(town.city.release().fingerprint, "hasil_kerja", {"nilai_hasil_kerja": 95}, town.period.last)  # up and ready
    with monkeypatch.context() as patch:
        if code == "mesin_berbeda":
            real = agree.outcome_of

            def wrong(*arguments: Any) -> Any:
                outcome = real(*arguments)
                if "predikat" in outcome.outputs:
                    outcome.outputs["predikat"] = "Istimewa"
                return outcome

            patch.setattr(agree, "outcome_of", wrong)
        else:
            function, *arguments = FAULTS[code]
            patch.setattr(worker.Worker, "evaluate", lambda self, *question: self.submit(function, *arguments))
        assert town.do("tim", "nilai_mutu", "budi", **town.way[5][2]).held is not None
    assert town.do("tim", "nilai_mutu", "citra", **town.way[5][2]).held is None
    [incident] = db.Incident.select()
    assert (incident.code, incident.case_id) == (code, town.case_of("budi").id)
    kept = incident.particulars["details"]["facts"]
    assert kept["kasus"]["perilaku_kerja"] == "sesuai"
    assert [item["kode"] for item in kept["indikator"]] == [item.code for item in town.case_of("budi").items]
    assert town.case_of("budi").rating is None
    assert tasks.resume(town.context("hr"), incident.id).held is None, "what stopped it is gone: the same answers go on"
    assert town.case_of("budi").rating == "Baik"
    own.close()


def test_a_settled_incident_is_not_settled_twice(town: Any) -> None:
    town.until("budi", "nilai_mutu")
    db.PlanItem.update(weight=10).where(db.PlanItem.code == "ADM-1").execute()
    held = town.do("tim", "nilai_mutu", "budi", **town.way[5][2]).held
    tasks.resume(town.context("hr"), held)
    with pytest.raises(ConflictError):
        tasks.resume(town.context("hr"), held)


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_window_closes_after_fourteen_days_and_once(town: Any) -> None:
    town.until("budi", "baca_hasil")
    task = ready_task(town, "budi")
    assert task.due is not None
    assert (task.due.date() - town.clock.now().date()).days in (14, 15)  # end of the fourteenth day
    town.clock.advance(timedelta(days=14))
    assert timers.fire(town.system) == 0
    town.clock.advance(timedelta(days=1))
    assert timers.due_cases(town.system) == (town.case_of("budi").id,)
    assert Timekeeper(town.city).round() == 1, "a served city lets time pass by itself"
    assert timers.fire(town.system) == 0
    assert town.case_of("budi").state == "closed"
    assert db.Task.get_by_id(task.id).state == "cancelled"
    with pytest.raises(ConflictError):
        tasks.complete(town.context("budi"), task.id, {"sudah_baca_alasan": True, "tanggapan": "terima"})
    town.clock.advance(-timedelta(days=30))
    assert timers.fire(town.system) == 0


def test_a_deadline_that_cannot_be_carried_out_stops_no_other(town: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from kinerja.services import operations

    for name in ("budi", "sari"):
        town.until(name, "baca_hasil")
        town.do(name, "baca_hasil", name, sudah_baca_alasan=True, tanggapan="keberatan")
        town.do(name, "tulis_keberatan", name, **OBJECTION)
    sari = town.case_of("sari").id
    told = operations.OPERATIONS["notify"]

    def notify(context: Any, case: Any, data: dict[str, Any]) -> dict[str, Any]:
        if case.id == sari:
            raise IncidentError("kabar_gagal", "kabar tidak terkirim", "the notice was not sent")
        return told(context, case, data)

    monkeypatch.setitem(operations.OPERATIONS, "notify", notify)  # type: ignore[arg-type]
    town.clock.advance(timedelta(days=30))
    assert timers.fire(town.system) == 1
    assert timers.fire(town.system) == 0
    [incident] = cases.incidents(town.context("hr"))
    assert (incident.code, incident.case_id) == ("kabar_gagal", sari)
    monkeypatch.undo()
    assert timers.fire(town.system) == 1


# ── objection ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def object_to(town: Any, of: str) -> None:
    town.until(of, "baca_hasil")
    town.do(of, "baca_hasil", of, sudah_baca_alasan=True, tanggapan="keberatan")
    town.do(of, "tulis_keberatan", of, **OBJECTION)
    town.do("kabid", "tanggapi_keberatan", of, **ANSWER)


def test_an_upheld_objection_leads_to_a_new_decision_that_replaces_the_old(town: Any) -> None:
    object_to(town, "budi")
    assert [task.task for task in town.desk("kadis", "budi")] == ["putuskan_keberatan"]
    town.do("kadis", "putuskan_keberatan", "budi", **UPHELD)
    town.do(
        "kabid",
        "nilai_perilaku",
        "budi",
        perilaku_kerja="di_atas",
        alasan_perilaku="Tiga kali mengambil alih loket, surat tugas 12",
    )
    town.do("kadis", "setujui_penilaian", "budi", keputusan_atasan="setuju")
    town.do("hr", "terbitkan", "budi", konfirmasi_terbit=True)
    case = town.case_of("budi")
    first, second = db.Evaluation.select().where(db.Evaluation.case == case.id).order_by(db.Evaluation.id)
    assert (first.facts["kasus"]["perilaku_kerja"], second.facts["kasus"]["perilaku_kerja"]) == ("sesuai", "di_atas")
    assert first.facts["indikator"] == second.facts["indikator"]
    old, new = db.Letter.select().where(db.Letter.kind == "keputusan_predikat").order_by(db.Letter.id)
    assert old.number in new.content["noted"][0]
    assert new.content["rows"][0]["behaviour"] == "Di atas ekspektasi"
    texts = [notice.text for notice in notices.mine(town.context("budi"))]
    assert sum("sudah diputus" in text for text in texts) == 1
    assert sum("sudah terbit" in text for text in texts) == 2


def test_a_refused_objection_closes_the_case_with_the_old_result(town: Any) -> None:
    object_to(town, "budi")
    town.do("kadis", "putuskan_keberatan", "budi", **REFUSED)
    case = town.case_of("budi")
    assert (case.state, case.rating) == ("closed", "Baik")
    assert db.Evaluation.select().where(db.Evaluation.case == case.id).count() == 1
    assert audit.verify_ledger(town.system).bad is None


def test_a_late_answer_to_an_objection_is_escalated_once(town: Any) -> None:
    town.until("budi", "baca_hasil")
    town.do("budi", "baca_hasil", "budi", sudah_baca_alasan=True, tanggapan="keberatan")
    town.do("budi", "tulis_keberatan", "budi", **OBJECTION)
    town.clock.advance(timedelta(days=30))
    assert timers.fire(town.system) == 1
    assert timers.fire(town.system) == 0
    assert [notice.text for notice in notices.mine(town.context("hr"))] == [
        "Tanggapan penilai atas keberatan Budi melewati batas waktu."
    ]
    town.do("kabid", "tanggapi_keberatan", "budi", **ANSWER)


# ── substitutes ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_daily_acting_head_does_the_tasks_of_an_absent_one(town: Any) -> None:
    from datetime import date

    from kinerja.core.periods import Period
    from kinerja.services.staff import people
    from kinerja.services.staff.people import AssignmentEntry

    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    people.record_absence(town.system, town.nips["kabid"], Period(date(2026, 7, 1), date(2026, 7, 31)), "cuti tahunan")
    assert town.desk("kadis", "budi") == []
    people.assign(town.system, AssignmentEntry(town.nips["citra"], "kepala_bidang", "dukcapil.1", date(2026, 7, 1), kind="plh"))
    assert [task.task for task in town.desk("citra", "budi")] == ["setujui_skp"]
    receipt = town.do("citra", "setujui_skp", "budi", keputusan_skp="setuju")
    entry = db.LedgerEntry.get(db.LedgerEntry.seq == receipt.seq)
    assert f'"substitute_for":"{town.nips["kabid"]}"' in entry.payload
    town.do("citra", "susun_skp", "citra", sudah_baca_standar=True)
    assert town.desk("citra", "citra") == [], "nobody stands in for their own appraiser"


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_an_employee_sees_the_result_only_once_it_is_decided(town: Any) -> None:
    town.until("budi", "terbitkan")
    case = town.case_of("budi").id
    page = cases.case_page(town.context("budi"), case)
    assert (page.case.rating, page.evaluation, page.whatif) == (None, None, None)
    assert {view.role for view in page.judgements} <= {"pegawai"}
    for task in db.Task.select().where(db.Task.case == case, db.Task.role == "pegawai"):
        own = tasks.page(town.context("budi"), task.id)
        assert (own.case.rating, own.evaluation) == (None, None)
        assert {view.role for view in own.judgements} <= {"pegawai"}
        assert all(item.achievement is None for item in own.items)
    assert cases.list_cases(town.context("budi"))[0].rating is None
    assert cases.case_page(town.context("kabid"), case).case.rating == "Baik"
    town.do("hr", "terbitkan", "budi", konfirmasi_terbit=True)
    page = cases.case_page(town.context("budi"), case)
    assert page.case.rating == "Baik"
    assert page.evaluation is not None
    assert [letter.kind for letter in page.letters] == ["keputusan_predikat", "dokumen_evaluasi"]
    assert "<svg" in page.picture


def test_a_decree_is_not_for_everyone_it_names(town: Any) -> None:
    town.until("budi", "baca_hasil")
    decree = db.Letter.get(db.Letter.kind == "keputusan_predikat").id
    elsewhere = Context(town.city, Actor.of("HR lain", roles=["bkpsdm"], units=["bkpsdm"]))
    for context in (town.context("budi"), town.context("sari"), elsewhere):
        with pytest.raises(ForbiddenError):
            issue.letter_file(context, decree)
    for name in ("hr", "kabid", "kadis"):
        assert issue.letter_file(town.context(name), decree).is_file()


def test_a_result_judged_anew_stays_hidden_until_it_is_decided(town: Any) -> None:
    object_to(town, "budi")
    town.do("kadis", "putuskan_keberatan", "budi", **UPHELD)
    town.do(
        "kabid",
        "nilai_perilaku",
        "budi",
        perilaku_kerja="di_bawah",
        alasan_perilaku="Meninggalkan loket tiga kali tanpa izin",
    )
    town.do("kadis", "setujui_penilaian", "budi", keputusan_atasan="setuju")
    case = town.case_of("budi")
    assert case.rating == "Kurang"
    page = cases.case_page(town.context("budi"), case.id)
    assert page.case.rating == "Baik"
    assert "di_bawah" not in [view.value for view in page.judgements]
    assert cases.case_page(town.context("kabid"), case.id).case.rating == "Kurang"


def test_strangers_see_nothing(town: Any) -> None:
    town.until("budi", "baca_hasil")
    case = town.case_of("budi").id
    letter = db.Letter.get(db.Letter.kind == "dokumen_evaluasi").id
    stranger = Context(town.city, Actor.of("Orang", "1" * 18, roles=["pegawai"]))
    elsewhere = Context(town.city, Actor.of("HR lain", roles=["bkpsdm"], units=["bkpsdm"]))
    for context in (stranger, elsewhere):
        with pytest.raises(ForbiddenError):
            cases.case_page(context, case)
        with pytest.raises(ForbiddenError):
            issue.letter_file(context, letter)
        with pytest.raises(ForbiddenError):
            tasks.page(context, ready_task(town, "budi").id)
        assert all(view.id != case for view in cases.list_cases(context))
