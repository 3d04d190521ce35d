"""Registers: rows of one's own units only, edits through services with versions, nothing deleted, exports inert, text escaped."""

from __future__ import annotations

import csv
import io

import pytest

from kinerja.services.context import SYSTEM, Context
from kinerja.services.staff import accounts
from kinerja.store import models as db

ATTACK = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def unit(code: str) -> db.Unit:
    return db.Unit.get(db.Unit.code == code)


@pytest.fixture
def local_admin(own_console):
    """An administrator of one agency only."""
    accounts.set_roles(Context(own_console.city, SYSTEM), "asing", [("administrator", "dukcapil")])
    return own_console.sign_in("asing")


def test_a_role_in_one_unit_sees_that_unit(own_console, local_admin):
    page = local_admin.get("/organisasi/unit/").text
    assert "Bidang Pelayanan Pendaftaran Penduduk" in page
    assert "Inspektorat" not in page
    assert local_admin.get(f"/organisasi/unit/details/?id={unit('dukcapil.2').id}").status_code == 200
    foreign = unit("inspektorat").id
    for path in (f"/organisasi/unit/details/?id={foreign}", f"/organisasi/unit/edit/?id={foreign}"):
        assert local_admin.get(path).status_code == 404
    assert local_admin.post(f"/organisasi/unit/edit/?id={foreign}", name="Diambil", version="1", kind="agency").status_code == 404
    assert unit("inspektorat").name == "Inspektorat"
    assert "Ratna Sari" not in local_admin.get("/organisasi/pegawai/").text
    assert "Ratna Sari" not in local_admin.get("/organisasi/pegawai/export/csv/").text
    assert "Dewi Lestari" in local_admin.get("/organisasi/pegawai/export/csv/").text


def form_of(row: db.Unit, **changes: str) -> dict[str, str]:
    return {
        "name": row.name,
        "short_name": row.short_name,
        "kind": row.kind,
        "parent": "kota",
        "active": "y",
        "version": str(row.version),
    } | changes


def test_an_edit_goes_through_the_services(own_console):
    admin = own_console.sign_in("admin")
    row = unit("bkpsdm")
    answer = admin.post(f"/organisasi/unit/edit/?id={row.id}", **form_of(row, name="Badan Kepegawaian Daerah"))
    assert answer.status_code == 302
    assert (unit("bkpsdm").name, unit("bkpsdm").version) == ("Badan Kepegawaian Daerah", row.version + 1)
    entry = db.LedgerEntry.select().order_by(db.LedgerEntry.seq.desc()).get()
    assert (entry.actor, entry.act, entry.subject) == ("admin", "unit.amend", f"unit:{row.id}")
    assert entry.payload == '{"changes":{"name":["Badan Kepegawaian","Badan Kepegawaian Daerah"]}}'


def test_the_second_of_two_editors_gets_the_difference(own_console):
    row = unit("bkpsdm")
    first, second = own_console.sign_in("admin"), own_console.sign_in("hr")
    assert first.post(f"/organisasi/unit/edit/?id={row.id}", **form_of(row, name="Badan A")).status_code == 302
    answer = second.post(f"/organisasi/unit/edit/?id={row.id}", **form_of(row, name="Badan B"))
    assert answer.status_code == 409
    assert "Badan A" in answer.text
    assert "Badan B" in answer.text
    assert unit("bkpsdm").name == "Badan A"


def test_fields_beyond_the_form_are_ignored(own_console):
    row = unit("bkpsdm")
    admin = own_console.sign_in("admin")
    answer = admin.post(f"/organisasi/unit/edit/?id={row.id}", **form_of(row, id="1", code="diganti", role="administrator"))
    assert answer.status_code == 302
    assert unit("bkpsdm").id == row.id


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"parent": "dukcapil.2"}, "di bawah dirinya sendiri"),
        ({"kind": "kerajaan"}, ""),
        ({"name": ""}, "wajib diisi"),
        ({"version": "x"}, ""),
    ],
)
def test_impossible_edits_are_refused(own_console, changes, said):
    row = unit("dukcapil")
    answer = own_console.sign_in("admin").post(f"/organisasi/unit/edit/?id={row.id}", **form_of(row, **changes))
    assert answer.status_code in (400, 422)
    assert said in answer.text
    assert unit("dukcapil").version == row.version


def test_new_rows_of_every_kind(own_console):
    admin = own_console.sign_in("admin")
    post = {"title": "Penyuluh", "job_class": "8", "kind": "fungsional", "formation": "2"}
    seat = {"nip": "199001012015011099", "first": "2026-02-01", "kind": "definitif"}
    made = [
        ("unit", {"code": "dinsos", "name": "Dinas Sosial", "kind": "agency", "parent": "kota"}),
        ("jabatan", {"code": "penyuluh_sosial", "unit": "dinsos", **post}),
        ("pegawai", {"nip": "199001012015011099", "name": "Orang Baru", "status": "PNS"}),
        ("penugasan", {"position": "penyuluh_sosial", "unit": "dinsos", **seat}),
    ]
    for path, fields in made:
        answer = admin.post(f"/organisasi/{path}/new/", **fields)
        assert answer.status_code == 302, answer.text
        assert admin.get(answer.headers["Location"]).status_code == 200
    again = admin.post("/organisasi/unit/new/", code="dinsos", name="Dinas Sosial", kind="agency", parent="kota")
    assert again.status_code == 422
    assert "sudah ada" in again.text


@pytest.mark.slow
def test_a_person_and_an_assignment_are_amended(own_console):
    hr = own_console.sign_in("hr")
    person = db.Person.get(db.Person.name == "Rangga Pratama")
    fields = {"name": "Rangga P.", "status": "PNS", "rank": "Penata, III/c", "active": "y", "version": str(person.version)}
    assert hr.post(f"/organisasi/pegawai/edit/?id={person.id}", **fields).status_code == 302
    assert db.Person.get_by_id(person.id).rank == "Penata, III/c"
    seat = db.Assignment.get(db.Assignment.person == person.id)
    fields = {"first": "2025-01-01", "last": "2024-01-01", "kind": "definitif", "version": str(seat.version)}
    answer = hr.post(f"/organisasi/penugasan/edit/?id={seat.id}", **fields)
    assert answer.status_code == 422
    assert "sebelum mulai" in answer.text
    assert hr.post(f"/organisasi/penugasan/edit/?id={seat.id}", **fields | {"last": "2026-12-31"}).status_code == 302


def test_exports_are_inert_and_stored_text_is_escaped(own_console):
    person = db.Person.get(db.Person.name == "Rangga Pratama")
    db.Person.update(name="=HYPERLINK(1)", rank=ATTACK).where(db.Person.id == person.id).execute()
    admin = own_console.sign_in("admin")
    rows = list(csv.reader(io.StringIO(admin.get("/organisasi/pegawai/export/csv/").text)))
    assert ["'=HYPERLINK(1)", "198810102014011010"] in [row[:2] for row in rows]
    for path in (
        "/organisasi/pegawai/",
        f"/organisasi/pegawai/details/?id={person.id}",
        f"/organisasi/pegawai/edit/?id={person.id}",
    ):
        page = admin.get(path).text
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_records_show_no_secrets(console):
    admin = console.sign_in("admin")
    account = db.User.get(db.User.username == "operator")
    page = admin.get(f"/organisasi/akun/details/?id={account.id}").text
    assert "argon2" not in page
    assert account.fs_uniquifier not in page
    assert "argon2" not in admin.get("/organisasi/akun/export/csv/").text


def test_every_register_shows_its_rows(ready_console):
    admin = ready_console.sign_in("admin")
    for path, model in (
        ("kasus", db.Case),
        ("penilaian", db.Judgement),
        ("evaluasi", db.Evaluation),
        ("rilis", db.Release),
        ("buku-besar", db.LedgerEntry),
    ):
        first = model.select().first()
        assert admin.get(f"/catatan/{path}/").status_code == 200
        page = admin.get(f"/catatan/{path}/details/?id={first.get_id()}")
        assert page.status_code == 200, path


def test_a_list_takes_a_handful_of_queries(console):
    admin = console.sign_in("admin")
    for path in ("/catatan/kasus/", "/organisasi/penugasan/", "/organisasi/pegawai/"):
        counted = []
        database = console.city.store.database
        plain = database.execute_sql
        database.execute_sql = lambda *given, plain=plain, counted=counted: (counted.append(given[0]), plain(*given))[1]
        try:
            admin.get(path)
        finally:
            del database.execute_sql
        assert len(counted) <= 12, (path, counted)


def test_an_account_is_opened_and_its_roles_changed(own_console):
    admin = own_console.sign_in("admin")
    fresh = {
        "username": "sekda.baru",
        "nip": "196501011990031001",
        "password": "kalimat-pendek-saya",
        "held": "bkpsdm",
        "unit": "dukcapil",
    }
    answer = admin.post("/organisasi/akun/new/", **fresh)
    assert answer.status_code == 302, answer.text
    page = admin.get(answer.headers["Location"]).text
    assert "BKPSDM (dukcapil)" in page
    newcomer = own_console.visitor()
    assert newcomer.post("/masuk", username="sekda.baru", password="kalimat-pendek-saya").status_code == 302
    assert newcomer.get("/penetapan/").status_code == 200
    account = db.User.get(db.User.username == "sekda.baru")
    form = {"held": "auditor", "unit": "", "version": str(account.version)}
    assert admin.post(f"/organisasi/akun/edit/?id={account.id}", **form).status_code == 302
    assert newcomer.get("/penetapan/").status_code == 403
    assert newcomer.get("/catatan/buku-besar/").status_code == 200
    assert admin.post(f"/organisasi/akun/edit/?id={account.id}", **form).status_code == 409
    assert "kalimat-pendek" not in "".join(entry.payload for entry in db.LedgerEntry.select())


@pytest.mark.parametrize(
    "changes",
    [
        {"username": "Nama Akun"},
        {"password": "pendek"},
        {"held": "raja"},
        {"username": "operator"},
        {"nip": "123"},
        {"unit": "tiada"},
    ],
)
def test_impossible_accounts_are_refused(own_console, changes):
    fields = {"username": "akun.baru", "nip": "", "password": "kalimat-pendek-saya", "held": "auditor", "unit": ""} | changes
    assert own_console.sign_in("admin").post("/organisasi/akun/new/", **fields).status_code == 422
    assert db.User.get_or_none(db.User.username == "akun.baru") is None


@pytest.mark.parametrize("words", ["dewi", "198503122010012004", "Lestari dewi"])
def test_search_finds_across_joined_tables(console, words):
    page = console.sign_in("admin").get(f"/catatan/kasus/?search={words}")
    assert page.status_code == 200
    assert "Dewi Lestari" in page.text
    assert "Agus Setiawan" not in page.text


def test_nobody_reads_ahead_about_themselves_whatever_role_they_hold(own_console):
    """An employee who is given a role that reads records still waits for their own result like everybody."""
    small = own_console.small
    small.advance(own_console.city, "operator", "nilai_mutu")
    case, nip = small.case_of("operator"), small.PEOPLE["operator"][0]
    accounts.set_roles(Context(own_console.city, SYSTEM), "operator", [("auditor", "")])
    operator, auditor = own_console.sign_in("operator"), own_console.sign_in("auditor")
    judgement = db.Judgement.get(db.Judgement.case == case, db.Judgement.aspect == "perilaku_kerja")
    entry = db.LedgerEntry.select().where(db.LedgerEntry.subject == f"case:{case}").order_by(db.LedgerEntry.seq.desc()).first()
    pages = [f"/catatan/kasus/details/?id={case}", f"/catatan/penilaian/details/?id={judgement.id}"]
    pages.append(f"/catatan/buku-besar/details/?id={entry.seq}")
    for page in pages:
        assert auditor.get(page).status_code == 200, page
        assert operator.get(page).status_code == 404, page
    for listed in ("/catatan/kasus/export/csv/", "/catatan/penilaian/export/csv/"):
        assert small.PEOPLE["operator"][1] in auditor.get(listed).text
        assert small.PEOPLE["operator"][1] not in operator.get(listed).text
    assert nip not in operator.get("/catatan/kasus/export/csv/").text
