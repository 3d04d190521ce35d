"""Signing in and out: fixation, copied cookies, equal answers, the brake, revoked roles, headers."""

from __future__ import annotations

import re

import peewee
import pytest

from kinerja.services.context import SYSTEM, Context
from kinerja.services.staff import accounts
from kinerja.store import models as db
from kinerja_admin.throttle import PER_ACCOUNT


def test_everything_asks_for_a_sign_in(console):
    visitor = console.visitor()
    for path in (
        "/",
        "/tugas/",
        "/siklus/",
        "/penetapan/",
        "/aturan/",
        "/kasus/1",
        "/surat/1.pdf",
        "/catatan/kasus/",
        "/organisasi/unit/",
    ):
        answer = visitor.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/masuk"), path


@pytest.mark.parametrize("name", ["operator", "198503122010012004"])
def test_account_name_and_nip_both_open(console, name):
    visitor = console.visitor()
    answer = visitor.post("/masuk", username=name, password=console.small.PASSWORD)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert "Dewi Lestari" in visitor.get("/").text


def test_the_session_id_changes_at_sign_in(console):
    visitor = console.visitor()
    visitor.get("/masuk")
    planted = visitor.cookie()
    visitor.post("/masuk", username="operator", password=console.small.PASSWORD)
    assert visitor.cookie() != planted
    thief = console.visitor()
    thief.client.set_cookie("kinerja", planted)
    assert thief.get("/tugas/").status_code == 302


def test_an_invented_session_id_is_not_taken_up(console):
    visitor = console.visitor()
    visitor.client.set_cookie("kinerja", "a" * 43)
    visitor.get("/masuk")
    assert visitor.cookie() != "a" * 43


def test_a_copied_cookie_is_dead_after_sign_out(console):
    person = console.sign_in("operator")
    copied = person.cookie()
    assert person.post("/keluar").status_code == 302
    thief = console.visitor()
    thief.client.set_cookie("kinerja", copied)
    assert thief.get("/tugas/").status_code == 302


def test_sign_out_is_a_post_with_a_token(console):
    person = console.sign_in("operator")
    assert person.get("/keluar").status_code == 405
    assert person.client.post("/keluar").status_code == 400
    assert person.get("/tugas/").status_code == 200


def test_unknown_account_and_wrong_password_get_the_same_answer(console):
    pages = set()
    for name in ("operator", "nobody-of-that-name"):
        visitor = console.visitor()
        answer = visitor.post("/masuk", username=name, password="wrong")
        assert answer.status_code == 200
        pages.add(re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text).replace(name, "…"))
    assert len(pages) == 1
    assert "tidak cocok" in pages.pop()


def test_a_json_request_gets_no_other_answer(console):
    visitor = console.visitor()
    answer = visitor.client.post("/masuk", json={"username": "operator", "password": "x"}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.mimetype == "text/html"


@pytest.mark.slow
def test_guessing_is_braked_for_known_and_unknown_alike(own_console):
    for name in ("operator", "nobody-of-that-name"):
        visitor = own_console.visitor()
        for _ in range(PER_ACCOUNT):
            assert "tidak cocok" in visitor.post("/masuk", username=name, password="wrong").text
        answer = visitor.post("/masuk", username=name, password=own_console.small.PASSWORD)
        assert answer.status_code == 200
        assert "Terlalu banyak percobaan" in answer.text
    assert own_console.sign_in("rekan").get("/").status_code == 200


def test_an_account_that_is_closed_cannot_sign_in(own_console):
    own_console.small.db.User.update(active=False).where(own_console.small.db.User.username == "asing").execute()
    visitor = own_console.visitor()
    assert "tidak cocok" in visitor.post("/masuk", username="asing", password=own_console.small.PASSWORD).text


def test_a_revoked_role_is_gone_at_the_next_request(own_console):
    person = own_console.sign_in("hr")
    assert person.get("/penetapan/").status_code == 200
    accounts.set_roles(Context(own_console.city, SYSTEM), "hr", [])
    assert person.get("/penetapan/").status_code == 403
    assert person.get("/tugas/").status_code == 200


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_the_way_back_stays_in_the_house(console, target):
    visitor = console.visitor()
    answer = visitor.post("/masuk", username="operator", password=console.small.PASSWORD, next=target)
    assert not answer.headers.get("Location", "/").startswith(("http", "//", "/\\"))
    answer = console.visitor().post("/bahasa", bahasa="en", kembali=target)
    assert answer.headers["Location"] == "/"


def test_headers_forbid_what_pages_do_not_need(console):
    for path in ("/masuk", "/static/kinerja.css", "/nothing-here"):
        with console.visitor().get(path) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
    cookie = console.visitor().get("/masuk").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_pages_are_not_kept_by_caches(console):
    assert console.sign_in("operator").get("/").headers["Cache-Control"] == "no-store"


def test_language_follows_the_reader(console):
    person = console.sign_in("operator")
    assert '<html lang="id">' in person.get("/").text
    assert person.post("/bahasa", bahasa="en", kembali="/tugas/").headers["Location"] == "/tugas/"
    page = person.get("/tugas/").text
    assert '<html lang="en">' in page
    assert "<h1>My tasks</h1>" in page
    assert "Skip to the content" in page
    assert "Tugas saya" not in page


def test_a_new_password_ends_the_other_sessions(own_console):
    here, elsewhere = own_console.sign_in("operator"), own_console.sign_in("operator")
    old, new = own_console.small.PASSWORD, "kalimat pendek yang baru"
    assert "Kata sandi sekarang" in here.get("/kata-sandi").text
    wrongs = [{"password": "salah"}, {"new_password": "pendek", "new_password_confirm": "pendek"}, {"new_password_confirm": "lain"}]
    for wrong in wrongs:
        fields = {"password": old, "new_password": new, "new_password_confirm": new} | wrong
        answer = here.post("/kata-sandi", **fields)
        assert answer.status_code == 200
        assert 'aria-invalid="true"' in answer.text
    assert elsewhere.get("/tugas/").status_code == 200
    assert here.post("/kata-sandi", password=old, new_password=new, new_password_confirm=new).status_code == 302
    assert here.get("/tugas/").status_code == 200
    assert elsewhere.get("/tugas/").status_code == 302
    assert own_console.visitor().post("/masuk", username="operator", password=old).status_code == 200
    assert own_console.visitor().post("/masuk", username="operator", password=new).status_code == 302
    entry = own_console.small.db.LedgerEntry.get(own_console.small.db.LedgerEntry.act == "account.password")
    assert (entry.actor, entry.payload) == ("198503122010012004", "{}")


def test_a_busy_database_is_said_to_be_busy(own_console, monkeypatch):
    person = own_console.sign_in("operator")
    database = own_console.city.store.database
    plain = database.execute_sql

    def locked(sql: str, *given: object) -> object:
        if '"task"' in sql:
            raise peewee.OperationalError("database is locked")
        return plain(sql, *given)

    monkeypatch.setattr(database, "execute_sql", locked)
    answer = person.get("/tugas/")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "basis data sedang dipakai" in answer.text


def test_an_unexpected_error_shows_no_insides(own_console, monkeypatch):
    person = own_console.sign_in("operator")
    monkeypatch.setattr("kinerja_admin.desks.tasks.tasks.desk", lambda *given, **named: 1 / 0)
    answer = person.get("/tugas/")
    assert answer.status_code == 500
    assert "kesalahan_dalam" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "Traceback" not in answer.text


def test_a_console_under_test_hashes_cheaply(own_console):
    """Else each sign-in of these tests costs a tenth of a second of both processors, and the suite minutes."""
    own_console.sign_in("hr")
    assert "$m=1024,t=1,p=1$" in db.User.get(db.User.username == "hr").password
