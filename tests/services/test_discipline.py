"""Papers for an examination of absences: begun by the rules, issued by people, never a sanction."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError
from kinerja.services.bpmn import processes
from kinerja.services.casework import cases, discipline, reacting, tasks
from kinerja.services.cycles import timers
from kinerja.services.evaluation import measure
from kinerja.services.papers import printing
from kinerja.services.stafftables import imports, undo
from kinerja.settings import shipped
from kinerja.store import models as db

ABSENT = (date(2026, 7, 6), date(2026, 7, 7), date(2026, 7, 8))
PROPOSAL = {
    "putusan_berkas": "usulkan",
    "fakta_dicocokkan": True,
    "pemeriksa": "Kepala Bidang Pelayanan",
    "hari_pemeriksaan": "2026-07-29",
    "tempat_pemeriksaan": "Ruang rapat Disdukcapil",
    "alasan_berkas": "Pegawai ditanya dua kali dan belum menunjukkan surat keterangan.",
}


def table(nip: str, *days: date, excused: str = "tidak") -> bytes:
    rows = [f"{nip},{day},,ya,{excused}" for day in days]
    return ("\n".join(["nip,tanggal,terlambat,tidak_masuk,alasan_sah", *rows]) + "\n").encode()


@pytest.fixture
def papers(town: Any) -> Any:
    """Citra's three days in July come in as a file, and the rules react at once."""
    processes.load(town.system, shipped("workflows") / "berkas-disiplin")
    imports.take_in(town.context("hr"), "presensi", table(town.nips["citra"], *ABSENT), "presensi-juli.csv")
    return town


def about(name: str, town: Any) -> Any:
    person = db.Person.get(db.Person.nip == town.nips[name])
    return db.Case.get_or_none(db.Case.subject.startswith("berkas-disiplin:"), db.Case.person == person.id)


def test_an_import_of_attendance_is_reacted_to_at_once(papers: Any) -> None:
    [fired] = db.Firing.select().where(db.Firing.reaction == "absen_pp94")
    case = about("citra", papers)
    assert fired.started_id == case.id
    assert [task.task for task in papers.desk("hr", "citra")] == ["siapkan_berkas"]
    assert cases.case_page(papers.context("hr"), case.id).firings[0].facts[-1]["on"] == "2026-07-08"
    reacting.daily(papers.system)  # the daily round finds nothing new
    again = imports.take_in(papers.context("hr"), "presensi", table(papers.nips["citra"], *ABSENT), "presensi-juli.csv")
    assert again.same_file
    more = table(papers.nips["citra"], *ABSENT) + b"\n"
    imports.take_in(papers.context("hr"), "presensi", more, "sama.csv")  # the same days in another file change nothing
    assert db.Firing.select().where(db.Firing.reaction == "absen_pp94").count() == 1
    assert db.Case.select().where(db.Case.subject.startswith("berkas-disiplin:")).count() == 1


@pytest.mark.slow
def test_the_letter_states_facts_band_and_rights_and_imposes_nothing(papers: Any) -> None:
    case = about("citra", papers)
    papers.do("hr", "siapkan_berkas", "citra", **PROPOSAL)
    [letter] = db.Letter.select().where(db.Letter.kind == "berkas_pemeriksaan")
    said = letter.content
    assert [day["day"] for day in said["days"]] == [day.isoformat() for day in ABSENT]
    assert all("presensi-juli.csv, sha256 " in day["evidence"] for day in said["days"])
    assert (said["total"], said["longest"], said["since"], said["year"]) == (3, 3, "2026-07-06", 2026)
    assert said["band"]["name"] == "teguran lisan"
    assert "hukuman_disiplin.yaml" in said["band"]["source"]
    assert said["band"]["basis"].startswith("PP 94/2021")
    assert (said["employee"]["name"], said["superior"]["name"]) == ("Citra", "Kabid")
    assert printing.letter_file(papers.context("hr"), letter.id).read_bytes().startswith(b"%PDF")
    assert printing.letter_file(papers.context("citra"), letter.id)  # the person reads the papers about themselves
    with pytest.raises(ForbiddenError):
        printing.letter_file(papers.context("budi"), letter.id)
    before = db.Person.get(db.Person.nip == papers.nips["citra"])
    papers.do("citra", "beri_keterangan", "citra", keterangan_pegawai="Anak saya dirawat; surat dokter menyusul.")
    papers.do(
        "hr", "catat_pemeriksaan", "citra",
        hasil_pemeriksaan="alasan_diterima", catatan_pemeriksaan="Surat dokter diterima, catatan dibetulkan.",
    )  # fmt: skip
    assert db.Case.get_by_id(case.id).state == "closed"
    after = db.Person.get(db.Person.nip == papers.nips["citra"])
    assert (after.status, after.rank, after.version) == (before.status, before.rank, before.version)


def test_silence_goes_on_after_seven_working_days(papers: Any) -> None:
    papers.do("hr", "siapkan_berkas", "citra", **PROPOSAL)
    case = about("citra", papers)
    assert case.next_timer.date() == date(2026, 7, 30)  # seven working days after Monday the 20th
    papers.clock.set(case.next_timer)
    assert timers.fire(papers.system) == 1
    assert [task.task for task in papers.desk("hr", "citra")] == ["catat_pemeriksaan"]


def test_a_reason_that_came_to_light_stops_the_letter(papers: Any) -> None:
    first = table(papers.nips["citra"], ABSENT[0], excused="ya")
    imports.take_in(papers.context("hr"), "presensi", first, "izin.csv")
    [task] = papers.desk("hr", "citra")
    with pytest.raises(ConflictError) as caught:
        tasks.complete(papers.context("hr"), task.id, PROPOSAL)
    assert caught.value.code == "tingkat_belum_tercapai"
    assert not db.Letter.select().where(db.Letter.kind == "berkas_pemeriksaan").exists()
    assert [view.task for view in papers.desk("hr", "citra")] == ["siapkan_berkas"]  # nothing happened
    closed = {"putusan_berkas": "tutup", "fakta_dicocokkan": True, "alasan_berkas": "Izin sakit diterima, tidak diusulkan."}
    tasks.complete(papers.context("hr"), task.id, closed)
    assert about("citra", papers).state == "closed"


def test_who_reads_and_who_prepares(papers: Any) -> None:
    case = about("citra", papers)
    for name in ("citra", "budi", "kabid"):
        with pytest.raises(ForbiddenError):
            cases.case_page(papers.context(name), case.id)
    appraisal = cases.case_page(papers.context("citra"), papers.case_of("citra").id)
    assert case.id not in [child for child, _, _ in appraisal.children]
    with pytest.raises(ForbiddenError):
        discipline.begin(papers.context("kabid"), papers.case_of("citra").id)
    imports.take_in(papers.context("hr"), "presensi", table(papers.nips["hr"], *ABSENT), "hr.csv")
    own = about("hr", papers)
    if own is not None:  # where HR is appraised too
        assert [task for task in papers.desk("hr", "hr") if task.task == "siapkan_berkas"] == []
        assert [task.task for task in papers.desk("hr2", "hr") if task.task == "siapkan_berkas"] == ["siapkan_berkas"]
    papers.do("hr", "siapkan_berkas", "citra", **PROPOSAL)
    assert cases.case_page(papers.context("citra"), case.id).letters


def test_by_hand_where_the_band_is_reached_and_once(town: Any) -> None:
    processes.load(town.system, shipped("workflows") / "berkas-disiplin")
    case = town.case_of("citra")
    with pytest.raises(ConflictError) as caught:
        discipline.begin(town.context("hr"), case.id)
    assert caught.value.code == "tingkat_belum_tercapai"
    assert discipline.offered(town.context("hr"), case) is None
    entries = [measure.AttendanceEntry(town.nips["citra"], day, None, absent=True) for day in ABSENT]
    measure.import_attendance(town.context("hr"), entries, "presensi Juli")
    assert discipline.offered(town.context("hr"), case).total == 3
    assert discipline.offered(town.context("kabid"), case) is None
    first = discipline.begin(town.context("hr"), case.id)
    assert first.values["new"] is True
    again = discipline.begin(town.context("hr"), case.id)
    assert (again.values["case"], again.values["new"]) == (first.values["case"], False)
    assert discipline.offered(town.context("hr"), case) is None


def test_the_longest_row_is_broken_by_presence_and_by_a_reason(town: Any) -> None:
    nip, start = town.nips["citra"], date(2026, 6, 1)
    days = [start + timedelta(days=step) for step in range(7)]
    entries = [
        measure.AttendanceEntry(nip, day, 0 if number == 3 else None, absent=number != 3, excused=number == 5)
        for number, day in enumerate(days)
    ]
    measure.import_attendance(town.context("hr"), entries, "presensi Juni")
    found = discipline.absences(db.Person.get(db.Person.nip == nip).id, date(2026, 7, 20))
    assert (found.longest, found.since) == (3, start)
    assert [row.day for row in found.days] == [day for number, day in enumerate(days) if number not in (3, 5)]


def test_an_import_of_attendance_is_taken_back_exactly(town: Any) -> None:
    before = list(db.Attendance.select(db.Attendance.day, db.Attendance.absent).order_by(db.Attendance.id).tuples())
    taken = imports.take_in(town.context("hr"), "presensi", table(town.nips["citra"], *ABSENT), "presensi.csv")
    assert taken.added + taken.changed == 3
    undo.undo(town.context("hr"), taken.id)
    assert list(db.Attendance.select(db.Attendance.day, db.Attendance.absent).order_by(db.Attendance.id).tuples()) == before
    wrong = b"nip,tanggal,terlambat,tidak_masuk\n" + f"{town.nips['citra']},2026-07-06,12,ya\n".encode()
    [refused] = imports.preview(town.context("hr"), "presensi", wrong, "salah.csv").rejected
    assert (refused.code, refused.column) == ("presensi_bertentangan", "terlambat")
