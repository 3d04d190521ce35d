"""Paying a month: whom, how much and why; by two people; closed for good; and what comes late becomes the next month's line."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import peewee
import pytest

from kinerja.core.clock import JAKARTA
from kinerja.core.errors import ConflictError, ForbiddenError, IncidentError, InputError
from kinerja.process import FormError
from kinerja.services.bpmn import processes
from kinerja.services.casework import tasks
from kinerja.services.context import Actor, Context
from kinerja.services.evaluation import measure
from kinerja.services.papers import printing
from kinerja.services.pay import payroll
from kinerja.services.pay import views as payviews
from kinerja.services.rulebook import publish
from kinerja.services.staff import amend, people
from kinerja.settings import shipped
from kinerja.store import models as db

MAY, JUNE, JULY = date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)
FULL_6, FULL_11 = Fraction(3407272), Fraction(7312275)


@pytest.fixture
def town(quiet: Any) -> Any:
    quiet.clock.set(datetime(2026, 7, 21, 8, tzinfo=JAKARTA))
    processes.load(quiet.system, shipped("workflows") / "pembayaran-tpp")
    return quiet


def rate(town: Any, **ratings: str) -> None:
    for name, rating in ratings.items():
        person = db.Person.get(db.Person.nip == town.nips[name])
        db.PersonnelRecord.create(person=person, aspect="predikat", value=rating, day=date(2026, 1, 15), source=f"Kep.{name}/2026")


def signatory(town: Any) -> Context:
    return Context(town.city, Actor.of("Joko", roles=["pejabat_penetap"]))


def do(context: Context, task: str, **answers: str) -> Any:
    [found] = [view for view in tasks.desk(context) if view.task == task]
    return tasks.complete(context, found.id, answers)


def compute(town: Any, month: str) -> Any:
    payroll.open_run(town.context("hr"), "dukcapil", month)
    do(town.context("hr"), "siapkan_pembayaran", presensi_lengkap="ya")
    return db.PayRun.get(db.PayRun.month == payroll.parse_month(month).first)


def pay(town: Any, month: str) -> Any:
    run = compute(town, month)
    do(town.context("hr"), "periksa_daftar", keputusan_daftar="benar")
    do(signatory(town), "setujui_pembayaran", keputusan_pembayaran="setuju")
    do(town.context("hr"), "tutup_bulan", tanggal_bayar="2026-07-06", nomor_sp2d="0001/SP2D/2026")
    return db.PayRun.get_by_id(run.id)


def line_of(town: Any, run: Any, name: str, kind: str = "payment") -> Any:
    joined = db.PayLine.select().join(db.Person).where(db.Person.nip == town.nips[name])
    return joined.where(db.PayLine.run == run.id, db.PayLine.kind == kind).get()


def absent(town: Any, name: str, *days: date) -> None:
    entries = [measure.AttendanceEntry(town.nips[name], day, None, absent=True) for day in days]
    measure.import_attendance(town.context("hr"), entries, "susulan.csv")


def everyone(town: Any) -> None:
    rate(town, sari="Baik", budi="Butuh Perbaikan", citra="Baik", kabid="Sangat Baik", kadis="Baik")


def test_each_is_paid_by_rating_class_and_that_months_attendance(town: Any) -> None:
    everyone(town)
    run = compute(town, "2026-06")
    assert (run.state, run.heads) == ("computed", 5)
    # Sari: late 10 and 45 minutes and once without check-in, an excused day: 100 − 0,5 − 1 − 1,5 = 97 % of the 40 % part
    sari = line_of(town, run, "sari")
    assert sari.facts["kasus.menit_terlambat"] == [10, 45, None]
    assert sari.amount == Fraction(2044363) + Fraction(1322022)
    # Budi: 80 % of the 60 % part, two days absent: 94 % of the 40 % part
    assert line_of(town, run, "budi").amount == Fraction(1635491) + Fraction(1281134)
    assert line_of(town, run, "kabid").amount == FULL_11
    assert run.total == sum(line.amount for line in payroll.lines_of(run))
    assert [step["decision"] for step in sari.steps] == ["tpp_dasar", "persen_tpp", "tpp_bulanan", "pembayaran_tpp"]
    assert sari.basis == "Kep.sari/2026"


def test_without_a_rating_in_force_nothing_is_guessed(town: Any) -> None:
    rate(town, sari="Baik")
    run = compute(town, "2026-06")
    held = line_of(town, run, "budi", "held")
    assert (held.amount, held.reason_id) == (0, "belum ada predikat yang berlaku")
    assert (run.heads, run.total) == (1, line_of(town, run, "sari").amount)


def test_candidates_are_paid_less_and_acting_holders_more(town: Any) -> None:
    everyone(town)
    db.Person.update(status="CPNS").where(db.Person.nip == town.nips["citra"]).execute()
    people.establish(
        town.system, [], [], [],
        [people.AssignmentEntry(town.nips["kabid"], "kepala_perangkat_daerah", "bkpsdm", date(2026, 6, 16), kind="plt")],
    )  # fmt: skip
    run = compute(town, "2026-06")
    assert line_of(town, run, "citra").amount == 2725818  # 80 % of 3.407.272 = 2.725.817,6
    kabid = line_of(town, run, "kabid")
    assert kabid.facts["hari_plt"] == 15
    assert kabid.amount == FULL_11 + Fraction(731228)  # 20 % for half the month: 731.227,5


def test_a_transfer_within_the_month_is_paid_by_the_days_in_each_agency(town: Any) -> None:
    everyone(town)
    row = db.Assignment.select().join(db.Person).where(db.Person.nip == town.nips["citra"]).get()
    db.Assignment.update(last=date(2026, 6, 10)).where(db.Assignment.id == row.id).execute()
    people.establish(
        town.system, [], [], [], [people.AssignmentEntry(town.nips["citra"], "analis_kebijakan", "bkpsdm", date(2026, 6, 11))]
    )
    run = compute(town, "2026-06")
    here = line_of(town, run, "citra")
    assert (here.facts["hari_dijabat"], here.amount) == (10, 1135757)
    payroll.open_run(town.context("hr"), "bkpsdm", "2026-06")
    do(town.context("hr"), "siapkan_pembayaran", presensi_lengkap="ya")
    there = line_of(town, db.PayRun.get(db.PayRun.agency != run.agency_id), "citra")
    assert there.facts["hari_dijabat"] == 20
    assert here.facts["hari_dijabat"] + there.facts["hari_dijabat"] == 30


def test_one_run_an_agency_and_month_however_often_it_is_opened(town: Any) -> None:
    first = payroll.open_run(town.context("hr"), "dukcapil", "2026-06")
    again = payroll.open_run(town.context("hr2"), "dukcapil", "2026-06")
    assert (first.values["new"], again.values["new"]) == (True, False)
    assert first.values["run"] == again.values["run"]
    assert db.PayRun.select().count() == 1
    with pytest.raises(ConflictError) as early:
        payroll.open_run(town.context("hr"), "dukcapil", "2026-08")
    assert early.value.code == "bulan_belum_mulai"
    with pytest.raises(InputError):
        payroll.open_run(town.context("hr"), "dukcapil", "Juni")
    with pytest.raises(ForbiddenError):
        payroll.open_run(town.context("sari"), "dukcapil", "2026-06")


def test_who_prepared_cannot_approve_and_is_told_who_may(town: Any) -> None:
    everyone(town)
    compute(town, "2026-06")
    do(town.context("hr"), "periksa_daftar", keputusan_daftar="benar")
    both = Context(town.city, Actor.of("Hr", town.nips["hr"], ["bkpsdm", "pejabat_penetap"]))
    [waiting] = db.Task.select().where(db.Task.task == "setujui_pembayaran", db.Task.state == "ready")
    with pytest.raises(ForbiddenError) as caught:
        tasks.complete(both, waiting.id, {"keputusan_pembayaran": "setuju"})
    assert caught.value.code == "pembuat_adalah_penyetuju"
    assert db.PayRun.get().state == "computed"


def test_what_is_returned_is_computed_again(town: Any) -> None:
    everyone(town)
    run = compute(town, "2026-06")
    before = run.total
    measure.import_attendance(
        town.context("hr"), [measure.AttendanceEntry(town.nips["citra"], date(2026, 6, 3), None, absent=True)], "x"
    )
    do(town.context("hr"), "periksa_daftar", keputusan_daftar="perbaiki", catatan_daftar="Presensi Citra baru masuk hari ini.")
    do(town.context("hr"), "siapkan_pembayaran", presensi_lengkap="ya")
    again = db.PayRun.get_by_id(run.id)
    assert again.total < before
    assert db.PayLine.select().where(db.PayLine.run == run.id).count() == 5


def test_a_closed_month_never_changes_whoever_writes(town: Any) -> None:
    everyone(town)
    run = pay(town, "2026-06")
    assert (run.state, run.paid_on, run.sp2d) == ("closed", date(2026, 7, 6), "0001/SP2D/2026")
    for change in (
        db.PayLine.update(amount=1).where(db.PayLine.run == run.id),
        db.PayLine.delete().where(db.PayLine.run == run.id),
        db.PayRun.update(total=1).where(db.PayRun.id == run.id),
    ):
        with pytest.raises(peewee.DatabaseError, match="closed"):
            change.execute()
    case = db.Case.get_by_id(run.case_id)
    assert case.state == "closed"


def test_a_pay_date_before_the_month_is_said_and_can_be_mended(town: Any) -> None:
    rate(town, budi="Baik")
    run = compute(town, "2026-06")
    do(town.context("hr"), "periksa_daftar", keputusan_daftar="benar")
    do(signatory(town), "setujui_pembayaran", keputusan_pembayaran="setuju")
    with pytest.raises(ConflictError) as caught:
        do(town.context("hr"), "tutup_bulan", tanggal_bayar="2026-05-06", nomor_sp2d="1")
    assert caught.value.code == "tanggal_bayar_terlalu_awal"
    with pytest.raises(FormError):
        do(town.context("hr"), "tutup_bulan", tanggal_bayar="2026-07-06", nomor_sp2d="1" * 81)
    assert not db.Incident.select().exists()
    do(town.context("hr"), "tutup_bulan", tanggal_bayar="2026-07-06", nomor_sp2d="1")
    assert db.PayRun.get_by_id(run.id).state == "closed"


def test_late_attendance_becomes_next_months_line_with_reason_and_link(town: Any) -> None:
    everyone(town)
    june = pay(town, "2026-06")
    paid = line_of(town, june, "sari")
    entry = measure.AttendanceEntry(town.nips["sari"], date(2026, 6, 4), 0)  # the day without check-in turns out to be on time
    measure.import_attendance(town.context("hr"), [entry], "susulan.csv")
    july = compute(town, "2026-07")
    line = line_of(town, july, "sari", "correction")
    assert (line.month, line.old_id) == (JUNE, paid.id)
    assert line.amount == Fraction(1342465) - Fraction(1322022)  # 98,5 % instead of 97 % of the 40 % part
    assert line.changes[0]["name"] == "kasus.menit_terlambat"
    assert "presensi (terlambat)" in line.reason_id
    assert july.total == sum(one.amount for one in payroll.lines_of(july))
    [only] = [one for one in payroll.lines_of(july) if one.kind == "correction"]
    assert only.id == line.id


def test_a_correction_is_paid_once(town: Any) -> None:
    everyone(town)
    pay(town, "2026-05")
    entry = measure.AttendanceEntry(town.nips["sari"], date(2026, 5, 5), 0)
    measure.import_attendance(town.context("hr"), [entry], "susulan.csv")
    june = pay(town, "2026-06")
    assert line_of(town, june, "sari", "correction").month == MAY
    july = compute(town, "2026-07")
    assert not [line for line in payroll.lines_of(july) if line.kind == "correction"]


def test_a_corrected_assignment_pays_who_was_missed_and_takes_back_what_was_not_due(town: Any) -> None:
    everyone(town)
    row = db.Assignment.select().join(db.Person).where(db.Person.nip == town.nips["citra"]).get()
    db.Assignment.update(first=date(2026, 7, 1)).where(db.Assignment.id == row.id).execute()
    june = pay(town, "2026-06")
    assert june.heads == 4
    db.Assignment.update(first=date(2026, 6, 1), version=db.Assignment.version + 1).where(db.Assignment.id == row.id).execute()
    budi = db.Assignment.select().join(db.Person).where(db.Person.nip == town.nips["budi"]).get()
    db.Assignment.update(last=date(2026, 5, 31), version=db.Assignment.version + 1).where(db.Assignment.id == budi.id).execute()
    july = compute(town, "2026-07")
    citra = line_of(town, july, "citra", "correction")
    assert (citra.amount, citra.old_id) == (FULL_6, None)
    taken = line_of(town, july, "budi", "correction")
    assert taken.amount == -line_of(town, june, "budi").amount
    assert [(one["name"], one["before"], one["after"]) for one in taken.changes] == [("hari_dijabat", 30, 0)], (
        "the rest only follows"
    )


@pytest.mark.slow
def test_back_dated_rules_are_arrears_and_then_corrections(town: Any, tmp_path: Path) -> None:
    everyone(town)
    pay(town, "2026-06")
    folder = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), folder)
    file = folder / "incentives" / "persen_tpp.yaml"
    text = (
        file.read_text("utf-8")
        .replace("| Butuh Perbaikan | 80 ", "| Butuh Perbaikan | 85 ")
        .replace("{persen: 80}", "{persen: 85}")
    )
    file.write_text(text, "utf-8")
    author = Context(town.city, Actor.of("Penyusun", roles=["pejabat_kebijakan"]))
    fingerprint = str(publish.submit(author, folder, "Butuh Perbaikan 85 persen").values["fingerprint"])
    [one] = payroll.arrears(town.context("hr"), fingerprint, "dukcapil", "2026-07")
    assert (one.nip, one.month, one.amount) == (town.nips["budi"], JUNE, Fraction(1737709) - Fraction(1635491))
    assert "aturan" in one.reason_id
    publish.approve(signatory(town), fingerprint, adopt=True)
    july = compute(town, "2026-07")
    assert line_of(town, july, "budi", "correction").amount == one.amount


def test_beyond_the_reach_of_the_rules_nothing_is_corrected(town: Any) -> None:
    everyone(town)
    db.PersonnelRecord.update(day=date(2025, 1, 2)).execute()
    pay(town, "2025-06")
    measure.import_attendance(
        town.context("hr"), [measure.AttendanceEntry(town.nips["sari"], date(2025, 6, 4), None, absent=True)], "x"
    )
    assert payroll.arrears(town.context("hr"), town.city.release().fingerprint, "dukcapil", "2026-06")
    assert not payroll.arrears(town.context("hr"), town.city.release().fingerprint, "dukcapil", "2026-07")


def test_the_list_is_a_letter_with_every_figure(town: Any) -> None:
    everyone(town)
    run = pay(town, "2026-06")
    letter = db.Letter.get_by_id(run.letter_id)
    assert (letter.kind, letter.case_id) == ("daftar_tpp", run.case_id)
    assert letter.content["total"] == int(run.total)
    assert sum(row["amount"] for part in letter.content["parts"] for row in part["rows"]) == int(run.total)
    assert letter.content["prepared"] == "Hr"
    path = printing.letter_file(town.context("hr"), letter.id)
    assert path.read_bytes().startswith(b"%PDF")


@pytest.mark.slow
def test_the_decree_grants_what_the_lines_say(town: Any) -> None:
    everyone(town)
    run = pay(town, "2026-06")
    [view] = [one for one in payviews.runs(town.context("hr")) if one.id == run.id]
    assert view.decree is not None
    said = db.Letter.get_by_id(view.decree).content
    paid = list(db.PayLine.select().where(db.PayLine.run == run.id, db.PayLine.kind == "payment"))
    granted = [row for part in said["parts"] for row in part["rows"]]
    assert said["total"] == sum(row["amount"] for row in granted) == sum(line.amount for line in paid)
    assert {(row["person"]["nip"], row["rating"], row["note"]) for row in granted} == {
        (line.person.nip, line.rating, line.basis) for line in paid
    }
    assert said["payment"] == "bulan Juni 2026"
    assert printing.letter_file(town.context("hr"), view.decree).read_bytes().startswith(b"%PDF")


def test_sums_that_do_not_agree_pay_nothing(town: Any) -> None:
    everyone(town)
    run = compute(town, "2026-06")
    db.PayLine.update(amount=db.PayLine.amount + 1).where(db.PayLine.run == run.id, db.PayLine.ordinal == 1).execute()
    with pytest.raises(IncidentError) as caught:
        payroll.check_total(run, payroll.lines_of(run))
    assert caught.value.code == "bagian_tidak_berjumlah"
    do(town.context("hr"), "periksa_daftar", keputusan_daftar="benar")
    receipt = do(signatory(town), "setujui_pembayaran", keputusan_pembayaran="setuju")
    assert receipt.held is not None
    assert db.PayRun.get_by_id(run.id).state == "computed"
    assert not db.Letter.select().where(db.Letter.kind == "daftar_tpp").exists()


def test_the_ceiling_is_watched(town: Any) -> None:
    everyone(town)
    assert compute(town, "2026-05").ceiling == {}  # no budget was set
    (town.city.folder / "config").mkdir(exist_ok=True)
    (town.city.folder / "config" / "anggaran.toml").write_text(
        '[tpp.2026]\nbasis = "APBD"\n[tpp.2026.units]\ndukcapil = 100_000_000\n'
    )
    run = compute(town, "2026-06")
    assert run.ceiling["perkiraan_setahun"] == run.total * 7
    assert (run.ceiling["pagu_setahun"], run.ceiling["melebihi_pagu"]) == (100_000_000, True)


def test_each_reads_their_own_breakdown_and_nobody_elses(town: Any) -> None:
    everyone(town)
    compute(town, "2026-06")
    assert payviews.own(town.context("sari")) == ()  # what is not approved is nobody's yet
    do(town.context("hr"), "periksa_daftar", keputusan_daftar="benar")
    do(signatory(town), "setujui_pembayaran", keputusan_pembayaran="setuju")
    [line] = payviews.own(town.context("sari"))
    assert line.outputs["tpp_bulanan.persen_disiplin"] == 97
    assert any("Kebijakan Kota Kotalama" in entry["text"]["id"] or entry["citations"] for entry in line.trace)
    with pytest.raises(ForbiddenError):
        payviews.own(town.context("sari"), town.nips["budi"])
    assert payviews.own(town.context("hr"), town.nips["budi"])
    with pytest.raises(ForbiddenError):
        payviews.runs(town.context("sari"))


def test_the_checker_sees_the_month_before_and_large_changes(town: Any) -> None:
    everyone(town)
    pay(town, "2026-05")
    absent(town, "citra", *(date(2026, 6, day) for day in range(1, 13)))
    compute(town, "2026-06")
    page = payviews.find_run(town.context("hr"), "dukcapil", JUNE)
    assert page.before is not None
    assert page.before.heads_before == 5
    assert [name for name, _, _ in page.before.large] == [f"Citra ({town.nips['citra']})"]


def test_an_objection_upheld_corrects_months_paid_on_the_old_rating(town: Any) -> None:
    """The later Keputusan on the same case holds from the day of the first."""
    rate(town, sari="Baik", budi="Kurang", citra="Baik", kabid="Baik", kadis="Baik")
    pay(town, "2026-06")
    record = db.PersonnelRecord
    record.update(value="Baik", source="Kep.ralat/2026").where(record.value == "Kurang").execute()
    july = compute(town, "2026-07")
    line = line_of(town, july, "budi", "correction")
    assert line.changes[0]["before"] == "Kurang"
    assert "Kep.ralat/2026" in line.reason_id
    assert line.amount == Fraction(2044363) - Fraction(1226618)


def test_a_candidate_who_becomes_a_civil_servant_is_paid_for_each_day_by_what_they_were(town: Any) -> None:
    """CPNS until 15 June: May is paid at 80 percent and stays so, June in two pieces whose days sum to the month."""
    everyone(town)
    row = db.Person.get(db.Person.nip == town.nips["citra"])
    db.Person.update(status="CPNS").where(db.Person.id == row.id).execute()
    assert line_of(town, pay(town, "2026-05"), "citra").amount == round(FULL_6 * 80 / 100)
    amend.change(town.context("hr"), "person", town.nips["citra"], "PNS", date(2026, 6, 16))
    june = compute(town, "2026-06")
    pieces = [
        (line.facts["kepegawaian.kelompok"], line.facts["hari_dijabat"])
        for line in db.PayLine.select()
        .join(db.Person)
        .where(db.PayLine.run == june.id, db.Person.id == row.id)
        .order_by(db.PayLine.first)
    ]
    assert pieces == [("CPNS", 15), ("PNS", 15)]
    assert not db.PayLine.select().where(db.PayLine.run == june.id, db.PayLine.kind == "correction").exists()


def test_a_status_that_began_earlier_than_known_is_corrected_from_that_day_on(town: Any) -> None:
    everyone(town)
    row = db.Person.get(db.Person.nip == town.nips["citra"])
    db.Person.update(status="CPNS").where(db.Person.id == row.id).execute()
    pay(town, "2026-05")
    amend.change(town.context("hr"), "person", town.nips["citra"], "PNS", date(2026, 5, 1))
    line = line_of(town, compute(town, "2026-06"), "citra", "correction")
    assert line.amount == FULL_6 - round(FULL_6 * 80 / 100)
    assert "kelompok pegawai" in line.reason_id


def test_a_class_that_changes_on_a_day_leaves_the_months_before_as_they_were(town: Any) -> None:
    everyone(town)
    pay(town, "2026-05")
    post = db.Assignment.get(db.Assignment.person == db.Person.get(db.Person.nip == town.nips["kabid"])).position
    amend.change(town.context("hr"), "position", str(post.id), 12, date(2026, 6, 1))
    june = compute(town, "2026-06")
    assert line_of(town, june, "kabid").facts["kasus.kelas_jabatan"] == 12
    assert not db.PayLine.select().where(db.PayLine.run == june.id, db.PayLine.kind == "correction").exists()
    with pytest.raises(InputError) as caught:
        amend.change(town.context("hr"), "position", str(post.id), 13, date(2026, 8, 1))
    assert caught.value.code == "berlaku_di_masa_depan"


def test_a_month_that_only_takes_back_is_computed_and_its_corrections_are_forecast_once(town: Any) -> None:
    (town.city.folder / "config").mkdir(exist_ok=True)
    (town.city.folder / "config" / "anggaran.toml").write_text("[tpp.2026.units]\ndukcapil = 100_000_000\n", "utf-8")
    everyone(town)
    may = pay(town, "2026-05")
    db.Assignment.update(last=date(2026, 5, 20)).execute()
    june = compute(town, "2026-06")
    assert (june.state, june.heads) == ("computed", 0)
    assert june.total == sum(line.amount for line in june.lines) < 0
    assert Fraction(june.ceiling["perkiraan_setahun"]) == may.total + june.total, "not once a month till December"


def test_people_without_any_attendance_are_counted_for_the_checker(town: Any) -> None:
    everyone(town)
    db.Attendance.delete().where(db.Attendance.day.between(JUNE, date(2026, 6, 30))).execute()
    absent(town, "budi", date(2026, 6, 3))
    run = compute(town, "2026-06")
    assert payviews.run_page(town.context("hr"), run.id).unrecorded == run.heads - 1
