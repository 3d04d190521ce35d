"""The annual appraisal as shipped: its paths, its stages, and that its conditions decide them, not code."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.process import STAGES, ProcessDefinition, build_process, load_process, picture
from kinerja.services.operations import OPERATIONS

AGREED = {"keputusan_skp": "setuju"}
APPROVED = {"keputusan_atasan": "setuju"}


def to_quality(case: Any, needed: bool = True) -> Any:
    case.start(perlu_penilaian_mutu=needed)
    case.do("susun_skp")
    case.do("setujui_skp", **AGREED)
    case.do("lapor_realisasi")
    case.do("nilai_perilaku", perilaku_kerja="sesuai")
    case.do("setujui_penilaian", **APPROVED)
    return case


def test_straight_way_passes_every_stage(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(appraisal, evaluate={"predikat": "Baik"})
    run.start(perlu_penilaian_mutu=True)
    stages, order = [], []
    answers = {"setujui_skp": AGREED, "setujui_penilaian": APPROVED, "baca_hasil": {"tanggapan": "terima"}}
    while run.now.ready:
        (task,) = run.now.ready
        order.append(task.task)
        stages.append(task.stage)
        run.do(task.task, **answers.get(task.task, {}))
    assert order == [
        "susun_skp", "setujui_skp", "lapor_realisasi", "nilai_perilaku", "setujui_penilaian", "nilai_mutu", "terbitkan",
        "baca_hasil",
    ]  # fmt: skip
    assert list(dict.fromkeys(stages)) == list(STAGES[:6])
    assert run.now.finished
    assert [name for name, _ in run.calls] == ["evaluate", "issue_letter", "notify", "follow_up"]
    assert run.now.done[0] == "mulai"
    assert run.now.done[-1] == "selesai"


def test_roles_are_those_of_the_lanes(appraisal: ProcessDefinition) -> None:
    assert {task.id: task.role for task in appraisal.tasks.values()} == {
        "susun_skp": "pegawai",
        "setujui_skp": "pejabat_penilai",
        "lapor_realisasi": "pegawai",
        "nilai_perilaku": "pejabat_penilai",
        "setujui_penilaian": "atasan_pejabat_penilai",
        "nilai_mutu": "tim_evaluasi",
        "tinjau_hasil": "bkpsdm",
        "terbitkan": "bkpsdm",
        "baca_hasil": "pegawai",
        "tulis_keberatan": "pegawai",
        "tanggapi_keberatan": "pejabat_penilai",
        "putuskan_keberatan": "atasan_pejabat_penilai",
    }


def test_a_plan_sent_back_is_drafted_again(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(appraisal)
    run.start(perlu_penilaian_mutu=True)
    for _ in range(3):
        run.do("susun_skp")
        run.do("setujui_skp", keputusan_skp="perbaiki")
        assert run.waiting == ("susun_skp",)
    run.do("susun_skp")
    run.do("setujui_skp", **AGREED)
    assert run.waiting == ("lapor_realisasi",)


def test_the_superior_can_ask_for_a_second_look(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = case(appraisal)
    run.start(perlu_penilaian_mutu=True)
    run.do("susun_skp")
    run.do("setujui_skp", **AGREED)
    run.do("lapor_realisasi")
    run.do("nilai_perilaku", perilaku_kerja="di_atas")
    run.do("setujui_penilaian", keputusan_atasan="tinjau_ulang")
    assert run.waiting == ("nilai_perilaku",)
    run.do("nilai_perilaku", perilaku_kerja="sesuai")
    run.do("setujui_penilaian", **APPROVED)
    assert run.now.data["perilaku_kerja"] == "sesuai"


def test_quality_is_rated_only_where_it_is_needed(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    assert to_quality(case(appraisal), needed=True).waiting == ("nilai_mutu",)
    assert to_quality(case(appraisal, evaluate={"predikat": "Baik"}), needed=False).waiting == ("terbitkan",)


@pytest.mark.parametrize(
    ("rating", "task"),
    [
        ("Sangat Baik", "terbitkan"),
        ("Baik", "terbitkan"),
        ("Butuh Perbaikan", "terbitkan"),
        ("Kurang", "tinjau_hasil"),
        ("Sangat Kurang", "tinjau_hasil"),
    ],
)
def test_low_results_are_reviewed_before_they_are_issued(
    appraisal: ProcessDefinition, case: Callable[..., Any], rating: str, task: str
) -> None:
    run = to_quality(case(appraisal, evaluate={"predikat": rating}))
    run.do("nilai_mutu", skor_mutu=Fraction("76.5"))
    assert run.waiting == (task,)


def test_the_objection_window_closes_the_case_once(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = to_quality(case(appraisal, evaluate={"predikat": "Baik"}), needed=False)
    run.do("terbitkan")
    (timer,) = run.now.timers
    assert timer.node == "masa_keberatan"
    assert timer.due.isoformat() == "2026-03-17T00:00:00+07:00"  # received on 2 March: day 14 is the 16th, to its end
    run.clock.set(timer.due.replace(day=16, hour=23, minute=59))
    assert run.refresh().fired == ()
    assert run.waiting == ("baca_hasil",)
    run.clock.set(timer.due)
    assert run.refresh().fired == ("masa_keberatan",)
    assert run.now.finished
    assert "selesai_tanpa_tanggapan" in run.now.done
    assert run.refresh().fired == ()


def objecting(run: Any, subject: str) -> Any:
    """A published case whose employee objects and whose appraiser has responded; four tasks of the called process."""
    to_quality(run)
    run.do("nilai_mutu", skor_mutu=80)
    run.do("terbitkan")
    run.do("baca_hasil", tanggapan="keberatan")
    assert run.waiting == ("tulis_keberatan",)
    run.do("tulis_keberatan", pokok_keberatan=subject)
    run.do("tanggapi_keberatan")
    assert run.waiting == ("putuskan_keberatan",)
    return run


def test_an_objection_refused_leaves_the_result(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = objecting(case(appraisal, evaluate={"predikat": "Baik"}), "mutu")
    assert run.do("putuskan_keberatan", putusan_keberatan="ditolak").finished
    assert [name for name, _ in run.calls].count("evaluate") == 1
    assert run.now.done[-1] == "selesai"
    assert "keberatan:putuskan_keberatan" in run.now.done


@pytest.mark.parametrize(
    ("subject", "again"), [("perilaku", ("nilai_perilaku", "setujui_penilaian")), ("mutu", ("nilai_mutu",)), ("realisasi", ())]
)
def test_an_objection_upheld_judges_the_disputed_input_again_and_no_other(
    appraisal: ProcessDefinition, case: Callable[..., Any], subject: str, again: tuple[str, ...]
) -> None:
    run = objecting(case(appraisal, evaluate={"predikat": "Baik"}), subject)
    run.do("putuskan_keberatan", putusan_keberatan="dikabulkan")
    given = {"nilai_perilaku": {"perilaku_kerja": "di_atas"}, "setujui_penilaian": APPROVED, "nilai_mutu": {"skor_mutu": 95}}
    for task in again:
        assert run.waiting == (task,)
        run.do(task, **given[task])
    assert run.waiting == ("terbitkan",)
    assert [name for name, _ in run.calls].count("evaluate") == 2
    run.do("terbitkan")
    assert run.do("baca_hasil", tanggapan="keberatan").finished  # an objection is made once


def test_late_responses_are_escalated_once_and_stay_open(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = to_quality(case(appraisal, evaluate={"predikat": "Baik"}), needed=False)
    run.do("terbitkan")
    run.do("baca_hasil", tanggapan="keberatan")
    run.do("tulis_keberatan", pokok_keberatan="perilaku")
    run.clock.set(run.now.next_due)
    assert run.refresh().fired == ("tanggapan_terlambat",)
    name, data = run.calls[-1]
    assert (name, data["_task"]["to"], data["_task"]["process"]) == ("notify", "bkpsdm", "keberatan")
    run.clock.advance(timedelta(days=40))
    assert run.refresh().fired == ()
    assert run.waiting == ("tanggapi_keberatan",)


def test_an_objection_that_is_never_written_closes_the_case(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = to_quality(case(appraisal, evaluate={"predikat": "Baik"}), needed=False)
    run.do("terbitkan")
    run.do("baca_hasil", tanggapan="keberatan")
    run.clock.set(run.now.next_due)
    assert run.refresh().finished
    assert run.now.data["putusan_keberatan"] == "tidak_diajukan"


def test_the_picture_shows_a_case_inside_a_called_process(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    run = objecting(case(appraisal, evaluate={"predikat": "Baik"}), "mutu")
    text = picture(appraisal, run.now.done, run.now.current)
    assert "Kasus berada di: Keberatan." in text
    assert "Di sini" in text


def copy_with(source: ProcessDefinition, old: str, new: str) -> ProcessDefinition:
    files = dict(source.files)
    text = files["penilaian-kinerja/process.bpmn"]
    assert text.count(old) == 1
    files["penilaian-kinerja/process.bpmn"] = text.replace(old, new)
    return build_process(source.id, files, ("evaluate", "issue_letter", "notify", "follow_up"))


def test_a_condition_edited_in_the_file_changes_the_way(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    edited = copy_with(
        appraisal, 'predikat in ("Kurang", "Sangat Kurang")', 'predikat in ("Butuh Perbaikan", "Kurang", "Sangat Kurang")'
    )
    assert edited.version != appraisal.version
    ways = []
    for definition in (appraisal, edited):
        run = to_quality(case(definition, evaluate={"predikat": "Butuh Perbaikan"}), needed=False)
        ways.append(run.waiting)
    assert ways == [("terbitkan",), ("tinjau_hasil",)]


def test_a_definition_comes_back_from_its_stored_files(appraisal: ProcessDefinition, case: Callable[..., Any]) -> None:
    again = build_process(appraisal.id, appraisal.files)
    assert again.version == appraisal.version
    run = case(appraisal)
    run.start(perlu_penilaian_mutu=True)
    run.definition = again
    run.do("susun_skp")
    assert run.waiting == ("setujui_skp",)


def test_version_covers_forms_and_letters(appraisal: ProcessDefinition) -> None:
    for name in ("penilaian-kinerja/forms/nilai_mutu.yaml", *(file for file in appraisal.files if "/letters/" in file)):
        changed = dict(appraisal.files) | {name: appraisal.files[name] + "\n"}
        assert build_process(appraisal.id, changed).version != appraisal.version


def test_shipped_processes_have_no_findings_at_all(root: Path) -> None:
    for folder in sorted((root / "workflows").iterdir()):
        if (folder / "process.bpmn").is_file():
            assert load_process(folder, tuple(OPERATIONS)).notices == ()
