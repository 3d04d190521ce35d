"""Staff tables from files: seen before written, refused by row and column, taken in whole, taken back exactly."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from kinerja.core.errors import ConflictError, ForbiddenError, InputError
from kinerja.core.periods import Period
from kinerja.services.context import Actor, Context
from kinerja.services.cycles import cycle
from kinerja.services.staff import people
from kinerja.services.stafftables import imports as staff_import
from kinerja.services.stafftables import undo as staff_undo
from kinerja.services.stafftables.tables import KINDS
from kinerja.services.stafftables.template import filled, template
from kinerja.store import models as db

NEW = "199001012015011099"
NIPS = {"sekda": "197001011995011001", "sari": "199004042015042001", "hr": "198508082010081005"}


def table(*rows: tuple[Any, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def book(*rows: tuple[Any, ...]) -> bytes:
    made = Workbook()
    assert made.active is not None
    for row in rows:
        made.active.append(row)
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def everything() -> dict[str, list[tuple[Any, ...]]]:
    return {kind.name: sorted(kind.model.select().tuples(), key=str) for kind in KINDS.values()}


PEOPLE = (("NIP", "Nama", "Status", "Pangkat"), (NEW, "Orang Baru", "PPPK", ""))


def test_a_preview_writes_nothing_and_says_what_would_happen(bare: Any) -> None:
    sari = bare.nips["sari"]
    data = table(*PEOPLE, (sari, "Sari Dewi", "PNS", "Penata, III/c"), (bare.nips["budi"], "Budi", "pns", "Penata, III/c"))
    before, entries = everything(), db.LedgerEntry.select().count()
    seen = staff_import.preview(bare.context("hr"), "pegawai", data, "pegawai.csv")
    assert [(row.line, row.action) for row in seen.rows] == [(2, "ditambah"), (3, "diubah"), (4, "tetap")]
    assert (seen.rows[1].before, seen.rows[1].after) == ({"name": "Sari"}, {"name": "Sari Dewi"})
    assert (everything(), db.LedgerEntry.select().count()) == (before, entries)
    assert not (bare.city.folder / "imports").exists()


def test_rejected_rows_name_line_column_reason_and_remedy(bare: Any) -> None:
    data = table(
        ("nip", "jabatan", "unit", "mulai", "sampai", "jenis"),
        ("123", "kepala_bidang", "dukcapil.1", "2026-01-01", "", ""),
        (bare.nips["sari"], "tidak_ada", "dukcapil.1", "2026-01-01", "", ""),
        (bare.nips["sari"], "kepala_bidang", "dukcapil.1", "31/02/2026", "", ""),
        (bare.nips["sari"], "kepala_bidang", "dukcapil.1", "2026-01-01", "2025-01-01", "plt"),
        (bare.nips["sari"], "kepala_bidang", "dukcapil.1", "2026-01-01", "", "definitif"),
        (bare.nips["sari"], "kepala_bidang", "dukcapil.1", "2026-01-01", "", "plt"),
        (bare.nips["sari"], "kepala_bidang", "dukcapil.1", "", "", "plh"),
        (bare.nips["sari"], "kepala_bidang", "antah", "2026-01-01", "", "plh"),
        (bare.nips["sari"], "kepala_bidang", "dukcapil.1", "2026-01-01", "", "plh"),
        (bare.nips["sari"], "kepala_bidang", "dukcapil.1", "2026-01-01", "2026-02-01", "plh"),
    )
    seen = staff_import.preview(bare.context("hr"), "penugasan", data, "tugas.csv")
    assert [(one.line, one.column, one.code) for one in seen.rejected] == [
        (2, "nip", "pegawai_tidak_ada"), (3, "jabatan", "jabatan_tidak_ada"), (4, "mulai", "tanggal_tidak_sah"),
        (5, "sampai", "periode_terbalik"), (6, "mulai", "rangkap_definitif"), (7, "jenis", "plt_belum_lowong"),
        (8, "mulai", "sel_kosong"), (9, "unit", "unit_tidak_ada"), (11, "", "baris_ganda"),
    ]  # fmt: skip
    assert all(text for one in seen.rejected for text in (*one.text, *one.remedy))
    assert [row.line for row in seen.rows] == [10]


def test_an_import_is_idempotent_and_undone_exactly(bare: Any) -> None:
    hr = bare.context("hr")
    sari = bare.nips["sari"]
    before = everything()
    data = table(*PEOPLE, (sari, "Sari Dewi", "PPPK", "IX"), ("12", "Salah", "PNS", ""), (sari, "Dua kali", "PNS", ""))
    taken = staff_import.take_in(hr, "pegawai", data, "/tmp/a/pegawai.csv")
    assert (taken.added, taken.changed, len(taken.rejected), taken.same_file) == (1, 1, 2, False)
    assert (db.Person.get(db.Person.nip == sari).name, db.Person.get(db.Person.nip == NEW).status) == ("Sari Dewi", "PPPK")
    entry = db.LedgerEntry.select().order_by(db.LedgerEntry.seq.desc()).get()
    assert (entry.act, entry.subject, entry.actor) == ("people.import", f"import:{taken.id}", bare.nips["hr"])
    [kept] = (bare.city.folder / "imports").iterdir()
    assert kept.read_bytes() == data

    middle, count = everything(), db.LedgerEntry.select().count()
    again = staff_import.take_in(hr, "pegawai", data, "pegawai.csv")
    assert (again.id, again.same_file) == (taken.id, True)
    assert (everything(), db.LedgerEntry.select().count()) == (middle, count)

    staff_undo.undo(hr, taken.id)
    undone = db.Person.get(db.Person.nip == sari)
    assert (undone.name, undone.status, undone.rank) == ("Sari", "PNS", "Penata, III/c")
    assert db.Person.get_or_none(db.Person.nip == NEW) is None
    others = {name: rows for name, rows in everything().items() if name != "pegawai"}
    assert others == {name: rows for name, rows in before.items() if name != "pegawai"}
    with pytest.raises(ConflictError, match="taken back already"):
        staff_undo.undo(hr, taken.id)
    anew = staff_import.take_in(hr, "pegawai", data, "pegawai.csv")
    assert anew.id != taken.id
    assert anew.added == 1


def test_undo_refuses_while_something_stands_on_the_rows(bare: Any) -> None:
    hr = bare.context("hr")
    taken = staff_import.take_in(hr, "pegawai", table(*PEOPLE), "pegawai.csv")
    people.assign(hr, people.AssignmentEntry(NEW, "analis_kebijakan", "bkpsdm", date(2026, 7, 1)))
    with pytest.raises(ConflictError) as refused:
        staff_undo.undo(hr, taken.id)
    assert refused.value.code == "impor_sudah_dipakai"
    assert refused.value.details["in_use"] == ["baris 2 dirujuk assignment"]
    assert db.Person.get_or_none(db.Person.nip == NEW) is not None
    assert staff_import.imports(hr)[0].undone is None


def test_undo_refuses_rows_changed_since(bare: Any) -> None:
    hr = bare.context("hr")
    data = table(("kode", "nama", "induk"), ("dinsos", "Dinas Sosial", "setda"), ("dinsos.1", "Bidang Rehabilitasi", "dinsos"))
    taken = staff_import.take_in(hr, "unit", data, "unit.csv")
    later = table(("kode", "nama"), ("dinsos.1", "Bidang Rehabilitasi Sosial"))
    second = staff_import.take_in(hr, "unit", later, "unit2.csv")
    with pytest.raises(ConflictError) as refused:
        staff_undo.undo(hr, taken.id)
    assert "baris 3" in refused.value.details["in_use"][0]
    staff_undo.undo(hr, second.id)
    with pytest.raises(ConflictError):  # the row was written twice since: what it says now is not what this import left
        staff_undo.undo(hr, taken.id)


def test_units_added_together_go_together(bare: Any) -> None:
    hr = bare.context("hr")
    before = everything()
    data = table(("kode", "nama", "induk"), ("dinsos", "Dinas Sosial", "setda"), ("dinsos.1", "Bidang Rehabilitasi", "dinsos"))
    staff_undo.undo(hr, staff_import.take_in(hr, "unit", data, "unit.csv").id)
    assert everything() == before


def test_a_transfer_in_a_file_ends_the_old_post_first_whatever_the_order(bare: Any) -> None:
    hr, citra = bare.context("hr"), bare.nips["citra"]
    before = everything()
    data = table(
        ("nip", "jabatan", "unit", "mulai", "sampai"),
        (citra, "analis_kebijakan", "bkpsdm", "2026-04-15", ""),
        (citra, "operator_layanan_adminduk", "dukcapil.1", "2020-01-01", "14/04/2026"),
    )
    taken = staff_import.take_in(hr, "penugasan", data, "mutasi.csv", whole=True)
    assert (taken.added, taken.changed) == (1, 1)
    held = db.Assignment.select().join(db.Person).where(db.Person.nip == citra).order_by(db.Assignment.first)
    assert [(row.first, row.last) for row in held] == [(date(2020, 1, 1), date(2026, 4, 14)), (date(2026, 4, 15), None)]
    staff_undo.undo(hr, taken.id)
    after = everything()
    assert [row[-3:] for row in after["penugasan"]] == [row[-3:] for row in before["penugasan"]]


def test_undo_of_assignments_refuses_once_cases_were_planned_by_them(quiet: Any) -> None:
    hr = quiet.context("hr")
    staff_import.take_in(hr, "pegawai", table(*PEOPLE), "pegawai.csv")
    data = table(("nip", "jabatan", "unit", "mulai"), (NEW, "analis_kebijakan", "bkpsdm", "2026-02-01"))
    taken = staff_import.take_in(hr, "penugasan", data, "tugas.csv")
    cycle.open_cycle(hr, "2026-S1", "Semester I Tahun 2026", Period(date(2026, 1, 1), date(2026, 6, 30)), "semester")
    with pytest.raises(ConflictError) as refused:
        staff_undo.undo(hr, taken.id)
    assert refused.value.details["in_use"] == ["kasus Orang Baru pada siklus 2026-S1"]


def test_a_table_as_strangers_keep_it(bare: Any) -> None:
    """A title over the heading, blank rows, children before their parents, a ring, dates in words."""
    units = book(
        ("DAFTAR UNIT KERJA",), ("per 1 Januari 2026",), (), ("Kode", "Nama", "Induk"), ("d.1", "Bidang", "d"), (),
        ("d", "Dinas", "pemkot"), ("a", "A", "b"), ("b", "B", "a"),
    )  # fmt: skip
    done = staff_import.take_in(bare.context("hr"), "unit", units, "unit.xlsx")
    assert (done.added, [(row.line, row.code) for row in done.rejected]) == (2, [(8, "unit_melingkar"), (9, "unit_melingkar")])
    assert db.Unit.get(db.Unit.code == "d.1").parent.code == "d"
    away = table(
        ("nip", "mulai", "sampai"), (NIPS["sari"], "1 Agustus 2026", "3 agustus 2026"), (NIPS["hr"], "31 Juni 2026", "1/7/2026")
    )
    seen = staff_import.preview(bare.context("hr"), "ketidakhadiran", away, "cuti.csv")
    assert [(row.after["first"], row.after["last"]) for row in seen.rows] == [(date(2026, 8, 1), date(2026, 8, 3))]
    assert [(row.line, row.code) for row in seen.rejected] == [(3, "tanggal_tidak_sah")]


def test_nobody_sits_where_every_seat_is_taken(bare: Any) -> None:
    """One head at a time, definitive or acting; a successor from the day after is welcome."""
    post = db.Position.get(db.Position.title == "Kepala Bidang Dafduk")
    people.establish(bare.system, people=[people.PersonEntry(NEW, "Baru")])

    def take(first: date, kind: str = "definitif", nip: str = NEW) -> str:
        try:
            people.assign(bare.context("hr"), people.AssignmentEntry(nip, post.code, "dukcapil.1", first, kind=kind))
        except InputError as error:
            return str(error.code)
        return ""

    assert take(date(2026, 7, 1)) == "formasi_penuh"
    assert take(date(2010, 1, 1)) == "formasi_penuh", "open at the end, it would meet the head who came in 2020"
    people.leave(bare.context("hr"), bare.nips["kabid"], date(2026, 7, 31))
    assert take(date(2026, 7, 31)) == "formasi_penuh"
    assert take(date(2026, 8, 1), "plt", bare.nips["sari"]) == ""
    assert take(date(2026, 8, 1), "plt", bare.nips["budi"]) == "plt_belum_lowong"
    assert take(date(2026, 8, 1)) == ""


def test_whole_refuses_and_writes_nothing(bare: Any) -> None:
    before = everything()
    with pytest.raises(InputError) as refused:
        staff_import.take_in(bare.context("hr"), "pegawai", table(*PEOPLE, ("1", "X", "", "")), "p.csv", whole=True)
    assert refused.value.code == "baris_ditolak"
    assert everything() == before


def test_only_administrators_and_hr_import(bare: Any) -> None:
    for act in (lambda c: staff_import.preview(c, "unit", b"", "u.csv"), lambda c: staff_import.take_in(c, "unit", b"", "u.csv"),
                lambda c: staff_undo.undo(c, 1), lambda c: filled(c, "unit")):  # fmt: skip
        with pytest.raises(ForbiddenError):
            act(bare.context("tim"))


LOCAL = (
    ("unit", (("kode", "nama", "induk"), ("dukcapil.2", "Baru", "dukcapil"), ("dukcapil.2.1", "Di bawahnya", "dukcapil.2"),
              ("lain", "Lain", ""), ("dukcapil", "Ganti induk", "bkpsdm")), (4, 5)),
    ("jabatan", (("unit", "kode", "nama", "kelas"), ("dukcapil.1", "arsiparis", "Arsiparis", 7), ("setda", "a", "A", 7)), (3,)),
    ("pegawai", (("nip", "nama"), (NEW, "Orang Baru"), (NIPS["sari"], "Sari Dewi"), (NIPS["hr"], "Bukan Urusan")), (4,)),
    ("penugasan", (("nip", "jabatan", "unit", "mulai", "jenis"),
                   (NIPS["sari"], "kepala_perangkat_daerah", "bkpsdm", "2026-07-01", "plh")), (2,)),
    ("ketidakhadiran", (("nip", "mulai", "sampai"), (NIPS["sari"], "2026-08-03", "2026-08-04"),
                        (NIPS["sekda"], "2026-08-03", "2026-08-04")), (3,)),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "rows", "refused"), LOCAL, ids=[one[0] for one in LOCAL])
def test_a_role_in_a_unit_takes_in_its_own_rows_only(bare: Any, kind: str, rows: Any, refused: tuple[int, ...]) -> None:
    local = Context(bare.city, Actor.of("HR Dukcapil", roles=["bkpsdm"], units=["dukcapil"]))
    seen = staff_import.preview(local, kind, table(*rows), f"{kind}.csv")
    assert [(row.line, row.code) for row in seen.rejected] == [(line, "tidak_berwenang") for line in refused]
    assert [row.line for row in seen.rows] == [line for line in range(2, len(rows) + 1) if line not in refused]
    city_wide = staff_import.preview(bare.context("hr"), kind, table(*rows), f"{kind}.csv")
    assert "tidak_berwenang" not in {row.code for row in city_wide.rejected}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_templates_hold_every_column_and_come_back_unchanged(bare: Any, kind: str) -> None:
    sheet = load_workbook(io.BytesIO(template(kind))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == [column.name for column in KINDS[kind].columns]
    with pytest.raises(InputError, match="no rows"):
        staff_import.preview(bare.context("hr"), kind, template(kind), "t.xlsx")
    people.record_absence(bare.system, bare.nips["sari"], Period(date(2026, 5, 4), date(2026, 5, 8)), "cuti sakit")
    db.PersonnelRecord.create(
        person=people.person_by_nip(bare.nips["sari"]), aspect="kompetensi:Pelayanan", value="3", day=date(2026, 1, 1)
    )
    db.Attendance.create(person=people.person_by_nip(bare.nips["sari"]), day=date(2026, 7, 6), minutes_late=0)
    db.Attendance.create(person=people.person_by_nip(bare.nips["sari"]), day=date(2026, 7, 7), minutes_late=None, absent=True)
    db.Position.update(competency=[{"name": "Pelayanan", "level": 3}]).where(db.Position.code == "kepala_bidang").execute()
    seen = staff_import.preview(bare.context("hr"), kind, filled(bare.context("hr"), kind), "t.xlsx")
    assert seen.rejected == ()
    assert {row.action for row in seen.rows} == {"tetap"}
    assert len(seen.rows) == KINDS[kind].model.select().count()


def test_a_number_that_lost_its_digits_is_told(bare: Any) -> None:
    data = book(("nip", "nama"), (199001012015011099, "Orang"), ("199001012015011099", "Orang"))
    seen = staff_import.preview(bare.context("hr"), "pegawai", data, "p.xlsx")
    assert [(one.line, one.column, one.code) for one in seen.rejected] == [(2, "nip", "angka_terpotong")]
    assert [row.line for row in seen.rows] == [3]


def test_formulas_are_not_run(bare: Any) -> None:
    data = book(("nip", "nama"), (NEW, '=HYPERLINK("http://x","y")'), ("=1+1", "Orang"))
    seen = staff_import.preview(bare.context("hr"), "pegawai", data, "p.xlsx")
    assert {one.line for one in seen.rejected} == {2, 3}


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return target.getvalue()


FAR = b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("bom.xlsx", zipped(xl__sharedStrings=b"0" * 80_000_000)),
        ("jauh.xlsx", zipped(xl__worksheets__sheet1=FAR)),
        ("bukan.xlsx", b"PK\x03\x04 rusak"),
        ("kosong.xlsx", b""),
        ("kosong.csv", b""),
        ("biner.csv", b"nip,nama\n\xff\xfe,x\n"),
        ("lama.xls", b"\xd0\xcf\x11\xe0"),
        ("kutip.csv", b'nip,nama\n"1,x\n'),
        ("kolom.csv", b"nama\nX\n"),
        ("ganda.csv", b"nip,nip,nama\n1,2,X\n"),
        ("besar.csv", b"x" * 11_000_000),
    ],
)
def test_hostile_files_are_refused_by_name(bare: Any, name: str, data: bytes) -> None:
    with pytest.raises(InputError) as refused:
        staff_import.preview(bare.context("hr"), "pegawai", data, name)
    assert refused.value.code == "tabel_tidak_terbaca"
    assert refused.value.place is not None
    assert refused.value.remedy_id
