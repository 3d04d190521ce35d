"""The other shipped processes, each by its ways: who acts, what sends a case back, what a clock does."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kinerja.process import load_process

OPERATIONS = ("evaluate", "issue_letter", "notify", "compute_pay", "close_pay", "follow_up", "publish_release", "refuse_release")


@pytest.fixture
def begin(root: Path, case: Callable[..., Any]) -> Callable[..., Any]:
    def start(name: str, **results: Any) -> Any:
        run = case(load_process(root / "workflows" / name, OPERATIONS), **results)
        run.start()
        return run

    return start


def notices(run: Any) -> list[tuple[str, str]]:
    return [(data["_task"]["to"], data["_task"]["template"]) for name, data in run.calls if name == "notify"]


def test_rules_need_two_people(begin: Callable[..., Any]) -> None:
    run = begin("penetapan-aturan")
    run.do("ajukan_aturan")
    run.do("periksa_dampak")
    (task,) = run.now.ready
    assert (task.task, task.role) == ("tetapkan_aturan", "pejabat_penetap")
    run.do("tetapkan_aturan", keputusan_aturan="kembalikan")
    assert run.waiting == ("ajukan_aturan",)
    run.do("ajukan_aturan")
    run.do("periksa_dampak")
    run.clock.set(run.now.next_due)
    assert run.refresh().fired == ("penetapan_terlambat",)
    run.do("tetapkan_aturan", keputusan_aturan="tetapkan")
    assert run.do("umumkan_aturan").finished
    assert notices(run) == [("pejabat_penetap", "aturan_menunggu"), ("pegawai", "aturan_baru")]


def test_rules_can_be_rejected(begin: Callable[..., Any]) -> None:
    run = begin("penetapan-aturan")
    run.do("ajukan_aturan")
    run.do("periksa_dampak")
    assert run.do("tetapkan_aturan", keputusan_aturan="tolak").finished
    assert run.now.done[-1] == "aturan_ditolak"


def test_coaching_takes_six_months_by_the_clock(begin: Callable[..., Any]) -> None:
    run = begin("pembinaan")
    run.do("susun_pembinaan")
    run.do("sepakati_pembinaan", kesepakatan="ubah")
    assert run.waiting == ("susun_pembinaan",)
    run.do("susun_pembinaan")
    run.do("sepakati_pembinaan", kesepakatan="sepakat")
    assert run.waiting == ("tiga_bulan",)
    assert run.now.next_due.isoformat() == "2026-06-02T09:00:00+07:00"
    run.clock.advance(timedelta(days=80))
    assert run.refresh().current == ("tiga_bulan",)
    run.clock.set(run.now.next_due)
    assert run.refresh().current == ("tinjau_pembinaan",)
    run.do("tinjau_pembinaan", kemajuan="membaik")
    run.clock.set(run.now.next_due)
    assert run.refresh().current == ("nilai_pembinaan",)
    assert run.do("nilai_pembinaan", hasil_pembinaan="berhasil").finished


def test_coaching_can_be_extended_and_never_sanctions(begin: Callable[..., Any]) -> None:
    run = begin("pembinaan")
    for result in ("diperpanjang", "belum_berhasil"):
        run.do("susun_pembinaan")
        run.do("sepakati_pembinaan", kesepakatan="sepakat")
        run.clock.set(run.now.next_due)
        run.refresh()
        run.do("tinjau_pembinaan", kemajuan="tetap")
        run.clock.set(run.now.next_due)
        run.refresh()
        run.do("nilai_pembinaan", hasil_pembinaan=result)
    (task,) = run.now.ready
    assert (task.task, task.role) == ("tindak_lanjuti", "bkpsdm")
    assert run.do("tindak_lanjuti", langkah_lanjut="penataan_tugas").finished
    assert [name for name, _ in run.calls] == ["issue_letter", "issue_letter", "notify"]


def test_pay_is_checked_and_approved_by_another(begin: Callable[..., Any]) -> None:
    run = begin("pembayaran-tpp", compute_pay={}, close_pay={})
    run.do("siapkan_pembayaran")
    assert [name for name, _ in run.calls] == ["compute_pay"]
    run.do("periksa_daftar", keputusan_daftar="perbaiki")
    assert run.waiting == ("siapkan_pembayaran",)
    run.do("siapkan_pembayaran")
    run.do("periksa_daftar", keputusan_daftar="benar")
    (task,) = run.now.ready
    assert task.role == "pejabat_penetap"
    run.do("setujui_pembayaran", keputusan_pembayaran="kembalikan")
    assert run.waiting == ("periksa_daftar",)
    run.do("periksa_daftar", keputusan_daftar="benar")
    run.do("setujui_pembayaran", keputusan_pembayaran="setuju")
    assert [name for name, _ in run.calls] == ["compute_pay", "compute_pay", "issue_letter"]
    assert run.do("tutup_bulan").finished
    assert [name for name, _ in run.calls][3:] == ["close_pay", "notify"]


def _named(file: Path) -> tuple[str, ...]:
    """The operations that a process file names."""
    return tuple(re.findall(r'kinerja:operation="(\w+)"', file.read_text("utf-8")))


def test_every_task_of_the_shipped_processes_has_a_term(root: Path) -> None:
    """So that somebody is reminded; only what its own author begins has none."""
    found = []
    for folder in sorted((root / "workflows").iterdir()):
        definition = load_process(folder, _named(folder / "process.bpmn"))
        timed = {node.attached_to for node in definition.main.nodes.values() if node.timer is not None}
        found += [task.id for task in definition.tasks.values() if not task.term and task.id not in timed]
    assert found == ["ajukan_aturan"]
