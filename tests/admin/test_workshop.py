"""The rule workshop behind its pages: who may, stale pages, broken and hostile texts, the password, two people."""

from __future__ import annotations

import html
import re

import pytest

from kinerja.store import models as db

pytestmark = pytest.mark.slow  # in ./run check

FILE = "decisions/hasil_kerja.yaml"
PAGE = f"/bengkel-aturan/berkas?file={FILE}"
VERSION = re.compile(r'name="versi" value="([0-9a-f]{64})"')
TEXT = re.compile(r"<textarea id=\"isi-teks\"[^>]*>\n?(.*?)</textarea>", re.DOTALL)


def draft(console, account: str = "kebijakan"):
    person = console.sign_in(account)
    assert person.post("/bengkel-aturan/mulai").status_code == 302
    return person


def opened(person, path: str = PAGE) -> tuple[str, str, str]:
    """(page, version, text of the file)"""
    page = person.get(path)
    assert page.status_code == 200, page.text[-800:]
    version, text = VERSION.search(page.text), TEXT.search(page.text)
    assert version is not None
    assert text is not None
    return page.text, version.group(1), html.unescape(text.group(1))


def save(person, text: str, version: str):
    return person.post("/bengkel-aturan/berkas", file=FILE, teks=text, versi=version)


def test_only_a_policy_officer_drafts(own_console):
    for account in ("penetap", "auditor"):
        person = own_console.sign_in(account)
        assert person.get("/bengkel-aturan/").status_code == 200
        assert person.post("/bengkel-aturan/mulai").status_code == 403
        assert person.get(PAGE).status_code == 403
        assert person.get("/bengkel-aturan/periksa").status_code == 403
        assert person.post("/bengkel-aturan/ajukan", kata_sandi=own_console.small.PASSWORD).status_code == 302
    assert db.Release.select().count() == 1
    assert own_console.sign_in("hr").get(PAGE).status_code == 403


def test_without_a_draft_there_is_nothing_to_edit(own_console):
    person = own_console.sign_in("kebijakan")
    assert person.get(PAGE).status_code == 302
    assert save(person, "title: x", "0" * 64).status_code == 404


def test_a_stale_page_does_not_overwrite(own_console):
    person = draft(own_console)
    _, version, text = opened(person)
    assert save(person, text.replace("title: Usulan", "title: Usul"), version).status_code == 302
    assert save(person, text, version).status_code == 409
    assert "title: Usul " in opened(person)[2]


def test_a_text_comes_back_as_it_was_sent(own_console):
    person = draft(own_console)
    _, version, text = opened(person)
    save(person, text.replace("\n", "\r\n"), version)
    assert opened(person)[1:] == (version, text)


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("title: [", "R002"),
        ("title: x\ntitle: y\n", "R00"),
        ("<script>alert(1)</script>", "R0"),
        ("a: &a [*a, *a]\n", "R0"),
        ("[" * 3_000, "R0"),
    ],
)
def test_broken_texts_are_told_in_words(own_console, broken, code):
    person = draft(own_console)
    _, version, _ = opened(person)
    assert save(person, broken, version).status_code == 302
    page = person.get(PAGE)
    assert page.status_code == 200
    assert code in page.text
    assert "<script>alert" not in page.text
    assert person.get("/bengkel-aturan/").status_code == 200
    assert "Belum dapat diajukan" in person.get("/bengkel-aturan/periksa").text


def test_the_grid_is_written_into_the_text(own_console):
    person = draft(own_console)
    page, version, text = opened(person)
    cells = dict(re.findall(r'name="(s\d+-\d+)" value="([^"]*)"', page))
    assert cells["s1-0"] == "[90..110)"
    fields = {name: html.unescape(value) for name, value in cells.items()} | {"s1-0": "[95..110)", "s2-0": "[0..95)"}
    sent = {"file": FILE, "versi": version, "baris": "5", "kolom": "3"} | fields
    assert person.post("/bengkel-aturan/tabel", **(sent | {"s1-0": "a | b"})).status_code == 400
    assert person.post("/bengkel-aturan/tabel", **(sent | {"baris": "99999999"})).status_code == 404
    assert person.post("/bengkel-aturan/tabel", **sent).status_code == 302
    page, _, after = opened(person)
    assert "| [95..110)" in after
    assert after[: after.index("table:")] == text[: text.index("table:")]
    assert "naik dari 90 ke 95" in page


def test_odd_files_and_releases_are_not_found(own_console):
    person = draft(own_console)
    for file in ("../../kinerja.toml", "/etc/passwd", "", "decisions/tidak_ada.yaml"):
        assert person.get(f"/bengkel-aturan/berkas?file={file}").status_code == 404
    assert person.get("/bengkel-aturan/rilis/abc").status_code == 404


def test_two_people_and_a_password(own_console):
    password = own_console.small.PASSWORD
    person = draft(own_console)
    _, version, text = opened(person)
    save(person, text.replace("Usulan rating", "Usulan predikat"), version)
    assert "Siap diajukan" in person.get("/bengkel-aturan/periksa").text
    wrong = person.post("/bengkel-aturan/ajukan", judul="Judul", kata_sandi="bukan")
    assert wrong.status_code == 302
    assert "kata sandi tidak cocok" in person.get("/bengkel-aturan/periksa").text
    assert db.Release.select().count() == 1
    person.post("/bengkel-aturan/ajukan", judul="<b>Judul</b>", catatan="sebab", kunci="a" * 32, kata_sandi=password)
    release = db.Release.get(db.Release.state == "submitted")
    page = f"/bengkel-aturan/rilis/{release.fingerprint}"
    assert "&lt;b&gt;Judul" in person.get(page).text
    assert "sebab" in person.get(page).text

    def decide(hand, act: str, given: str = password, **more: str) -> str:
        hand.post("/bengkel-aturan/putuskan", rilis=release.fingerprint, tindakan=act, kata_sandi=given, **more)
        return db.Release.get_by_id(release.id).state

    second = own_console.sign_in("penetap")
    assert decide(person, "setujui") == "submitted"
    assert decide(own_console.sign_in("auditor"), "setujui") == "submitted"
    assert decide(second, "setujui", "bukan") == "submitted"
    assert decide(second, "entah") == "submitted"
    assert decide(second, "tolak") == "submitted"  # no reason
    assert decide(second, "setujui") == "published"
    assert own_console.city.find_release().fingerprint == release.fingerprint
    assert decide(second, "tarik", alasan="salah judul") == "withdrawn"
    assert own_console.city.find_release().fingerprint != release.fingerprint


def test_guessing_the_password_meets_the_brake(own_console):
    person = draft(own_console)
    for _number in range(6):
        person.post("/bengkel-aturan/ajukan", judul="Judul", kata_sandi="bukan")
    assert "terlalu banyak percobaan" in person.get("/bengkel-aturan/").text


def test_a_draft_that_was_overtaken_says_what_it_would_undo(own_console):
    password = own_console.small.PASSWORD
    late = draft(own_console)
    _, version, text = opened(late)
    save(late, text.replace("Usulan rating", "Usulan predikat"), version)
    late.post("/bengkel-aturan/ajukan", judul="Pertama", kata_sandi=password)
    first = db.Release.get(db.Release.state == "submitted").fingerprint
    late.post("/bengkel-aturan/mulai")  # again from the release in force, while the first still waits
    assert "Sejak itu rilis lain" not in late.get("/bengkel-aturan/").text
    second = own_console.sign_in("penetap")
    second.post("/bengkel-aturan/putuskan", rilis=first, tindakan="setujui", kata_sandi=password)
    assert "Sejak itu rilis lain" in late.get("/bengkel-aturan/").text
    assert "Usulan predikat" in html.unescape(late.get("/bengkel-aturan/periksa").text)
