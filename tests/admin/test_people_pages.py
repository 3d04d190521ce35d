"""The pages about people: who sees what, forms that act through the services, an import from upload to undo."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest

from kinerja.services.context import SYSTEM, Context
from kinerja.services.staff import accounts, people
from kinerja.store import models as db


def nip_of(console, account: str) -> str:
    return str(console.small.PEOPLE[account][0])


def post_id(code: str, unit: str) -> str:
    return str(db.Position.select().join(db.Unit).where(db.Position.code == code, db.Unit.code == unit).get().id)


def test_everyone_sees_the_map_and_who_sits_where(console):
    page = console.sign_in("asing").get("/peta-jabatan/").text
    assert "Bidang Pelayanan Pendaftaran Penduduk" in page
    assert "Dewi Lestari" in page
    assert f"/orang/{nip_of(console, 'operator')}" not in page
    assert f"/orang/{nip_of(console, 'operator')}" in console.sign_in("hr").get("/peta-jabatan/?unit=dukcapil").text
    assert "Inspektorat" not in re.sub(r"<select.*?</select>", "", console.sign_in("hr").get("/peta-jabatan/?unit=dukcapil").text)
    assert console.sign_in("hr").get("/peta-jabatan/?unit=antah").status_code == 404


def test_my_own_page_says_who_appraises_me_and_why(console):
    page = console.sign_in("operator").get("/orang/").text
    assert "Siapa menilai saya" in page
    assert "Bambang Sutrisno" in page
    assert "memimpin unit tempat bertugas" in page
    assert "Nyatakan benturan" in page
    assert "Pindahkan" not in page


def test_a_person_page_is_for_them_and_those_who_may(console):
    path = f"/orang/{nip_of(console, 'operator')}"
    for account, status in (("operator", 200), ("hr", 200), ("admin", 200), ("auditor", 200), ("rekan", 403), ("tim", 403)):
        assert console.sign_in(account).get(path).status_code == status, account
    assert console.sign_in("admin").get("/orang/").status_code == 403
    assert console.sign_in("hr").get("/orang/199").status_code == 404
    assert "Pindahkan" in console.sign_in("hr").get(path).text
    assert "Pindahkan" not in console.sign_in("auditor").get(path).text


def test_a_role_in_one_unit_reaches_no_person_elsewhere(own_console):
    accounts.set_roles(Context(own_console.city, SYSTEM), "asing", [("bkpsdm", "dukcapil")])
    local = own_console.sign_in("asing")
    assert local.get(f"/orang/{nip_of(own_console, 'operator')}").status_code == 200
    elsewhere = f"/orang/{nip_of(own_console, 'tim')}"
    assert local.get(elsewhere).status_code == 403
    answer = local.post(elsewhere + "/absen", mulai="2026-07-01", sampai="2026-07-02")
    assert answer.status_code == 403
    assert db.Absence.select().count() == 0


def test_the_forms_act_through_the_services(own_console):
    hr = own_console.sign_in("hr")
    nip = nip_of(own_console, "rekan")
    path = f"/orang/{nip}"
    answer = hr.post(path + "/pindah", jabatan=post_id("pranata_komputer", "bkpsdm"), mulai="2026-06-01")
    assert answer.status_code == 302
    page = hr.get(path).text
    assert "menyentuh 1 kasus yang sudah berjalan" in page
    assert "dipindahkan" in page
    assert "151/181" in page
    assert "30/181" in page
    assert "Sesuaikan kasusnya" in page
    assert hr.post(path + "/sesuaikan").status_code == 302
    page = hr.get(path).text
    assert "Sesuaikan kasusnya" not in page
    assert page.count('href="/kasus/') == 2
    assert "Made Wirawan" in page  # who appraises the second part
    assert hr.post(path + "/absen", mulai="2026-07-01", sampai="2026-07-05", jenis="cuti sakit").status_code == 302
    assert hr.post(path + "/ubah-absen", mulai="2026-07-01", sampai="2026-07-03").status_code == 302
    assert db.Absence.get().last == date(2026, 7, 3)
    hr.post(path + "/absen", mulai="2026-07-02", sampai="2026-07-09")
    assert "sudah dicatat cuti sakit" in hr.get(path).text
    db.Position.update(formation=1).where(db.Position.code == "kepala_bidang").execute()
    hr.post(path + "/tugaskan", jabatan=post_id("kepala_bidang", "dukcapil.2"), mulai="2026-07-01", jenis="plt")
    assert "masih dijabat Bambang Sutrisno" in hr.get(path).text
    hr.post(path + "/tugaskan", jabatan=post_id("kepala_bidang", "dukcapil.2"), mulai="2026-07-01", sampai="", jenis="plh")
    assert db.Assignment.select().where(db.Assignment.kind == "plh").count() == 1
    hr.post(path + "/akhiri", jabatan=post_id("kepala_bidang", "dukcapil.2"), sampai="2026-07-10")
    assert db.Assignment.get(db.Assignment.kind == "plh").last == date(2026, 7, 10)
    hr.post(path + "/berhenti", sampai="2026-12-31", sebab="pensiun")
    assert (
        db.Assignment.select().where(db.Assignment.person == people.person_by_nip(nip), db.Assignment.last.is_null()).count() == 0
    )
    assert hr.post(path + "/melompat").status_code == 404
    assert hr.post(path + "/pindah", jabatan="x", mulai="2026-06-01").status_code == 302
    assert "pilih jabatannya" in hr.get(path).text


def test_a_tie_is_declared_by_oneself_and_ended_by_hr(own_console):
    operator, penilai = nip_of(own_console, "operator"), nip_of(own_console, "penilai")
    own = own_console.sign_in("operator")
    assert own.post(f"/orang/{operator}/benturan", lain=penilai, jenis="saudara", mulai="2026-07-01").status_code == 302
    assert db.ConflictOfInterest.get().kind == "saudara"
    page = own.get("/orang/").text
    assert "Nurhayati Idris" in page
    assert "benturan kepentingan" in page
    assert own.post(f"/orang/{operator}/akhiri-benturan", lain=penilai, sampai="2026-08-01").status_code == 403
    assert own.post(f"/orang/{penilai}/benturan", lain=nip_of(own_console, "rekan")).status_code == 403
    assert (
        own_console.sign_in("hr").post(f"/orang/{operator}/akhiri-benturan", lain=penilai, sampai="2026-08-01").status_code == 302
    )
    assert db.ConflictOfInterest.get().last == date(2026, 8, 1)


@pytest.mark.parametrize("path", ["unit", "jabatan", "pegawai"])
def test_details_tell_their_history(own_console, path):
    from kinerja.services.staff.amend import amend

    hr = own_console.sign_in("hr")
    what, model = {"unit": ("unit", db.Unit), "jabatan": ("position", db.Position), "pegawai": ("person", db.Person)}[path]
    row = model.select().first()
    column = "title" if what == "position" else "name"
    amend(own_console.small.context(own_console.city, "hr"), what, row.id, row.version, {column: "Nama yang baru"})
    page = hr.get(f"/organisasi/{path}/details/?id={row.id}").text
    assert getattr(row, column) in page
    assert "Nama yang baru" in page
    assert "Siti Rahmawati" in page


def test_competency_is_asked_in_words_and_kept(own_console):
    hr = own_console.sign_in("hr")
    row = db.Position.get(db.Position.code == "kepala_bidang")
    fields = {"title": row.title, "job_class": "11", "kind": "struktural", "level": "", "leads_unit": "y", "formation": "1"}
    path = f"/organisasi/jabatan/edit/?id={row.id}"
    assert hr.post(path, **fields, competency="Pelayanan", version="1").status_code == 422
    assert hr.post(path, **fields, competency="Pelayanan publik:3; Integritas:4", version="1").status_code == 302
    assert "Pelayanan publik:3; Integritas:4" in hr.get(path).text
    assert "Integritas 4" in hr.get("/peta-jabatan/").text


def upload(person, kind: str, name: str, data: bytes):
    form = {"jenis": kind, "berkas": (io.BytesIO(data), name), "csrf_token": person.token()}
    return person.client.post("/impor-data/pratinjau", data=form, content_type="multipart/form-data")


def test_an_import_from_upload_to_undo(own_console):
    hr = own_console.sign_in("hr")
    rows = "nip,nama,bonus\n199001012015011099,<b>Orang</b> Baru,1\n12,Salah,2\n"
    seen = upload(hr, "pegawai", "pegawai.csv", rows.encode())
    assert seen.status_code == 200
    assert "&lt;b&gt;Orang&lt;/b&gt; Baru" in seen.text
    assert "bukan 18 angka" in seen.text
    assert "<code>bonus</code>" in seen.text
    assert db.Person.get_or_none(db.Person.nip == "199001012015011099") is None
    hidden = dict(re.findall(r'name="(jenis|sidik|nama)" value="([^"]*)"', seen.text))
    assert hr.post("/impor-data/masukkan", **hidden).status_code == 302
    page = hr.get("/impor-data/").text
    assert "1 ditambah, 0 diubah, 1 ditolak" in page
    assert db.Person.get(db.Person.nip == "199001012015011099").name == "<b>Orang</b> Baru"
    again = upload(hr, "pegawai", "pegawai.csv", rows.encode())
    assert "tidak mengubah apa pun" in again.text
    number = re.search(r'name="impor" value="(\d+)"', page)
    assert number is not None
    assert hr.post("/impor-data/urungkan", impor=number[1]).status_code == 302
    assert "diurungkan" in hr.get("/impor-data/").text
    assert db.Person.get_or_none(db.Person.nip == "199001012015011099") is None
    assert hr.post("/impor-data/urungkan", impor=number[1]).status_code == 302
    assert "sudah diurungkan" in hr.get("/impor-data/").text


@pytest.mark.slow
def test_uploads_that_cannot_be_read_are_told(own_console):
    hr = own_console.sign_in("hr")
    for name, data in (("x.xlsx", b"bukan"), ("x.exe", b"x"), ("x.csv", b"")):
        assert upload(hr, "pegawai", name, data).status_code == 302
        assert name in hr.get("/impor-data/").text
    assert upload(hr, "raja", "x.csv", b"a\n1\n").status_code == 302
    for sidik in ("../../kota.db", "0" * 64, ""):
        assert hr.post("/impor-data/masukkan", jenis="pegawai", sidik=sidik, nama="x.csv").status_code == 302
        assert "tidak menunggu" in hr.get("/impor-data/").text


def test_templates_are_downloaded(console):
    hr = console.sign_in("hr")
    for query in ("", "?isi=ya"):
        answer = hr.get("/impor-data/templat/penugasan.xlsx" + query)
        assert answer.status_code == 200
        assert answer.data[:2] == b"PK"
        assert "kinerja-penugasan.xlsx" in answer.headers["Content-Disposition"]
    assert hr.get("/impor-data/templat/raja.xlsx").status_code == 404


def test_candidates_stand_with_their_reasons_and_the_law(own_console):
    hr = own_console.sign_in("hr")
    assert "Operator Layanan Adminduk" in hr.get("/jabatan-lowong/").text
    page = hr.get(f"/jabatan-lowong/{post_id('pranata_komputer', 'bkpsdm')}").text
    assert "Siti Rahmawati" in page
    assert "Anda sendiri calon" in page
    assert "belum tercatat" in page
    assert "PermenPANRB 3/2020" in page
    assert "Tidak memenuhi" in page
    db.Position.update(formation=1).where(db.Position.code == "kepala_bidang").execute()
    assert hr.get(f"/jabatan-lowong/{post_id('kepala_bidang', 'dukcapil.2')}").status_code == 404


def test_the_cases_of_one_who_left_are_passed_on(own_console):
    hr = own_console.sign_in("hr")
    path = f"/orang/{nip_of(own_console, 'penilai')}"
    assert "Serahkan" not in hr.get(path).text
    hr.post(path + "/berhenti", sampai="2026-07-10", sebab="pensiun")
    assert "2 kasus terbuka menunggu" in hr.get(path).text
    assert hr.post(path + "/serahkan").status_code == 302
    assert "Serahkan" not in hr.get(path).text
    case = db.Case.get_by_id(own_console.small.case_of("operator"))
    assert case.appraiser.name == "Nurhayati Idris"


def test_the_menu_names_only_my_own_post_as_mine(console):
    hr = console.sign_in("hr")
    mine = re.compile(r'<a href="/orang/" aria-current="page"')
    assert mine.search(hr.get("/orang/").text)
    assert mine.search(hr.get(f"/orang/{nip_of(console, 'hr')}").text)
    assert not mine.search(hr.get(f"/orang/{nip_of(console, 'operator')}").text)
