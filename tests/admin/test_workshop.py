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


def grid_of(page: str) -> dict[str, str]:
    """The fields of the table as the page holds them: boxes, and the chosen words of drop-downs."""
    fields = {name: html.unescape(value) for name, value in re.findall(r'name="(s\d+-\d+)" value="([^"]*)"', page)}
    for name, options in re.findall(r'<select name="(s\d+-\d+)"[^>]*>(.*?)</select>', page):
        fields[name] = html.unescape(re.search(r"<option selected>([^<]*)<", options).group(1))
    return fields


def sent_grid(page: str, version: str, rows: int = 3, **changes: str) -> dict[str, str]:
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    return {"file": FILE, "versi": version, "baris": str(rows), "kolom": "3"} | grid_of(page) | changed


def test_the_grid_is_written_into_the_text(own_console):
    person = draft(own_console)
    page, version, text = opened(person)
    cells = grid_of(page)
    assert (cells["s1-0"], cells["s1-1"]) == ("[90..110)", "sesuai")
    sent = sent_grid(page, version, s1_0="[95..110)", s2_0="[0..95)")
    assert person.post("/bengkel-aturan/tabel", **(sent | {"baris": "99999999"})).status_code == 404
    assert person.post("/bengkel-aturan/tabel", **sent).status_code == 302
    page, _, after = opened(person)
    assert "| [95..110)" in after
    assert after[: after.index("table:")] == text[: text.index("table:")]
    assert "naik dari 90 ke 95" in page


def test_an_illegal_cell_is_marked_and_the_rest_kept(own_console):
    person = draft(own_console)
    page, version, text = opened(person)
    answer = person.post("/bengkel-aturan/tabel", **sent_grid(page, version, s1_0="a | b", s2_2='catatan "lain"', s0_2='"buka'))
    assert answer.status_code == 422
    assert "memuat tanda |" in answer.text
    assert "tulis tanda | di dalam tanda kutip" in answer.text
    kept = grid_of(answer.text)
    assert (kept["s1-0"], kept["s2-2"], kept["s0-2"]) == ("a | b", 'catatan "lain"', '"buka')
    assert answer.text.count('aria-invalid="true"') == 2
    assert VERSION.search(answer.text).group(1) == version
    assert opened(person)[2] == text


def test_rows_are_added_moved_and_deleted_without_a_script(own_console):
    person = draft(own_console)
    page, version, text = opened(person)
    added = person.post("/bengkel-aturan/tabel", aksi="tambah-1", **sent_grid(page, version, s0_2="ketikan")).text
    cells = grid_of(added)
    assert (cells["s0-2"], cells["s1-0"], cells["s2-0"], cells["s3-0"]) == ("ketikan", "[90..110)", "", "[0..90)")
    assert "belum disimpan" in added
    up = person.post("/bengkel-aturan/tabel", aksi="naik-2", **sent_grid(page, version)).text
    assert grid_of(up)["s1-0"] == "[0..90)"
    gone = person.post("/bengkel-aturan/tabel", aksi="hapus-1", **sent_grid(page, version)).text
    assert [grid_of(gone)[f"s{row}-0"] for row in (0, 1)] == [">= 110", "[0..90)"]
    assert "s2-0" not in grid_of(gone)
    assert gone.index('value="&gt;= 110"') < gone.index("gap-row") < gone.index('value="[0..90)"')
    assert opened(person)[2] == text  # none of it was saved


def test_a_gap_stands_between_its_rows_an_overlap_on_both(own_console):
    person = draft(own_console)
    page, version, _ = opened(person)
    person.post("/bengkel-aturan/tabel", **sent_grid(page, version, s1_0="[104..110)"))
    page, version, _ = opened(person)
    assert page.index('value="[104..110)"') < page.index("gap-row") < page.index('value="[0..90)"')
    assert "Kasus penilaian dengan nilai_hasil_kerja = 90: tidak ada baris" in page
    assert 'href="/bengkel-aturan/kode/P101"' in page
    person.post("/bengkel-aturan/tabel", **sent_grid(page, version, s1_0="[80..110)"))
    page, _, _ = opened(person)
    assert "gap-row" not in page
    for row in (1, 2):
        said = page[page.index(f'id="temuan-{row}"') :].split("</tr>")[0]
        assert "nilai_hasil_kerja = 80: kena hasil_kerja#2, hasil_kerja#3" in said


def test_a_decimal_comma_is_mended_with_a_hint(own_console):
    person = draft(own_console)
    page, version, _ = opened(person)
    sent = sent_grid(page, version, s1_0="[90,5..110)", s2_0="[0..90,5)")
    page = person.client.post("/bengkel-aturan/tabel", data=sent | {"csrf_token": person.token()}, follow_redirects=True).text
    assert "90,5 ditulis 90.5" in page
    assert (grid_of(page)["s1-0"], grid_of(page)["s2-0"]) == ("[90.5..110)", "[0..90.5)")


def test_typing_is_checked_without_saving(own_console):
    person = draft(own_console)
    page, version, text = opened(person)
    answer = person.post("/bengkel-aturan/periksa-ketikan", **sent_grid(page, version, s1_0="[104..110)", s0_0="110,5"))
    assert answer.json["bad"] == ["0-0"]
    assert "R011" in answer.json["rows"]["0"]
    answer = person.post("/bengkel-aturan/periksa-ketikan", **sent_grid(page, version, s1_0="[104..110)"))
    assert list(answer.json["gaps"]) == ["2"]
    assert answer.json["tone"] == "bad"
    wrong = person.post("/bengkel-aturan/periksa-ketikan", file=FILE, teks=text.replace("hit: UNIQUE", "hitt: UNIQUE"))
    assert wrong.json["lines"] == {"12": "bad"}
    assert "R004" in wrong.json["text"]
    hostile = person.post("/bengkel-aturan/periksa-ketikan", file=FILE, teks=text.replace("hit:", "<script>alert(1)</script>:"))
    assert "<script>" not in hostile.json["text"]
    assert opened(person)[1:] == (version, text)
    assert own_console.sign_in("penetap").post("/bengkel-aturan/periksa-ketikan", file=FILE, teks=text).status_code == 403


def test_a_case_is_added_and_run(own_console):
    person = draft(own_console)
    _, version, text = opened(person)
    sent = {"file": FILE, "versi": version, "masukan-nilai_hasil_kerja": "90,5", "harapan-hasil_kerja": "di_atas"}
    assert person.post("/bengkel-aturan/kasus", **(sent | {"harapan-hasil_kerja": ""})).status_code == 422
    assert person.post("/bengkel-aturan/kasus", **sent).status_code == 302
    page, _, after = opened(person)
    assert after == text + "  - {given: {nilai_hasil_kerja: 90.5}, expect: {hasil_kerja: di_atas}}\n"
    assert "1 kasus meleset" in page
    assert page.count(">cocok<") == 7
    assert "hasil_kerja = sesuai" in page[page.index(">meleset<") :]  # what the rules answered instead


def test_files_are_made_copied_renamed_and_taken_out(own_console):
    person = draft(own_console)
    new = {"folder": "decisions", "nama": "jaga_malam", "judul": "Jaga: malam", "sumber": "kasus.hari_absen"}
    for wrong in ({"nama": "../x"}, {"nama": "Besar"}, {"nama": "hasil_kerja"}, {"judul": ""}, {"sumber": "x.y"}, {"folder": "x"}):
        assert person.post("/bengkel-aturan/berkas-baru", **(new | wrong)).status_code == 422, wrong
    assert person.post("/bengkel-aturan/berkas-baru", **new).status_code == 302
    page, version, _ = opened(person, "/bengkel-aturan/berkas?file=decisions/jaga_malam.yaml")
    assert "Dapat dipakai" in page
    copied = person.post("/bengkel-aturan/salin", file="decisions/jaga_malam.yaml", versi=version, nama="jaga_pagi")
    assert copied.headers["Location"].endswith("jaga_pagi.yaml")
    assert "decision: jaga_pagi\n" in opened(person, "/bengkel-aturan/berkas?file=decisions/jaga_pagi.yaml")[2]
    moved = person.post("/bengkel-aturan/ganti-nama", file="decisions/jaga_malam.yaml", versi=version, nama="jaga_sore")
    assert moved.headers["Location"].endswith("jaga_sore.yaml")
    assert person.get("/bengkel-aturan/berkas?file=decisions/jaga_malam.yaml").status_code == 404
    assert "baru" in opened(person, "/bengkel-aturan/berkas?file=decisions/jaga_sore.yaml")[0]
    for kept in ("vocabulary.yaml",):
        assert person.post("/bengkel-aturan/hapus", file=kept, versi="0" * 64).status_code == 400


def test_taking_a_file_out_says_who_would_miss_it(own_console):
    person = draft(own_console)
    page = person.get(f"/bengkel-aturan/hapus?file={FILE}").text
    assert "Masih dipakai di" in page
    assert "hasil_kerja_akhir" in page
    version = VERSION.search(page).group(1)
    assert person.post("/bengkel-aturan/hapus", file=FILE, versi="0" * 64).status_code == 409
    assert person.post("/bengkel-aturan/hapus", file=FILE, versi=version).status_code == 302
    page = person.get("/bengkel-aturan/").text
    assert f"dikeluarkan: {FILE}" in page
    assert "galat" in page
    assert person.post("/bengkel-aturan/kembalikan", file=FILE).status_code == 302
    assert "Dapat dipakai" in opened(person)[0]


@pytest.mark.parametrize("folder", ["decisions", "incentives", "parameters", "standards", "reactions"])
def test_the_skeleton_of_every_kind_passes_the_check(own_console, folder):
    person = draft(own_console)
    sent = {"folder": folder, "nama": "percobaan", "judul": 'Judul "aneh": # [x]', "sumber": "kasus.hari_absen"}
    assert person.post("/bengkel-aturan/berkas-baru", **sent).status_code == 302
    page, _, _ = opened(person, f"/bengkel-aturan/berkas?file={folder}/percobaan.yaml")
    told = re.search(r"data-live=.told.><p>(.*?)<", page).group(1)
    assert told.startswith(("Dapat dipakai", "Tanpa galat")), told
    assert "Judul &#34;aneh&#34;: # [x]</h1>" in page


def test_the_list_is_filtered_and_searched(own_console):
    person = draft(own_console)
    _, version, text = opened(person)
    save(person, text.replace("Usulan rating", "Usulan predikat"), version)
    changed = person.get("/bengkel-aturan/?keadaan=berubah").text
    assert "hasil_kerja.yaml" in changed
    assert "mutu_pelayanan.yaml" not in changed
    found = person.get("/bengkel-aturan/?cari=88.31&folder=decisions").text
    assert "mutu_pelayanan.yaml" in found
    assert "tarif_kelas.yaml" not in found
    assert "Tidak ada berkas yang cocok" in person.get("/bengkel-aturan/?cari=zzzz").text
    assert "kebijakan kota" in person.get("/bengkel-aturan/?keadaan=sumber").text
    assert person.get("/bengkel-aturan/?keadaan=%22&folder=..&cari=" + "%" * 60).status_code == 200


def test_rows_without_a_case_stand_in_the_list(own_console):
    person = draft(own_console)
    _, version, text = opened(person)
    save(person, text.replace("  - {given: {nilai_hasil_kerja: 90}, expect: {hasil_kerja: sesuai}}\n", "").replace(
        '  - {given: {nilai_hasil_kerja: 109.99999999}', '  # - {given: {nilai_hasil_kerja: 109.99999999}'), version)  # fmt: skip
    assert "1 baris tanpa kasus" in person.get("/bengkel-aturan/?keadaan=kasus").text
    assert "R075" in opened(person)[0]


def test_what_held_on_a_day(own_console):
    person = own_console.sign_in("auditor")
    page = person.get("/bengkel-aturan/pada?tanggal=2026-06-30").text
    assert "porsi_produktivitas" in page
    assert person.get("/bengkel-aturan/pada?diketahui=2020-01-01").text.count("belum ada rilis") == 1
    assert person.get("/bengkel-aturan/pada?tanggal=kemarin").status_code == 400


def test_codes_lead_to_their_explanation(own_console):
    person = own_console.sign_in("kebijakan")
    page = person.get("/bengkel-aturan/kode/P101").text
    assert "tambahkan baris" in page
    assert "(bahasa Inggris)" in page
    assert person.get("/bengkel-aturan/kode/R999").status_code == 404


def test_keys_are_listed_for_each_kind():
    from kinerja.policy.kinds import KINDS
    from kinerja_admin.desks.workshop_keys import key_groups
    from kinerja_admin.texts import _catalogue

    docs = {line.doc for kind in KINDS for group in key_groups(kind) for line in group.keys}
    assert docs <= set(_catalogue("keys"))
    places = {group.path: {line.name for line in group.keys} for group in key_groups("decision")}
    assert {"hit", "table", "cases"} <= places[""]
    assert places["cases"] == {"given", "expect", "error", "on", "note"}
    assert "best" in places["outputs.*"]


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
    page = person.get("/bengkel-aturan/periksa").text
    assert "Siap diajukan" in page
    assert "Simpan simulasi ini" in page
    assert 'name="judul"' not in page
    person.post("/bengkel-aturan/ajukan", judul="Judul", kata_sandi=password)
    assert "belum disimulasikan" in person.get("/bengkel-aturan/periksa").text
    assert db.Release.select().count() == 1
    assert person.post("/bengkel-aturan/simulasikan").status_code == 302
    assert 'name="judul"' in person.get("/bengkel-aturan/periksa").text
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
    published = person.get(page).text  # goes on to say what it changed against the release before it
    assert "Yang berubah" in published
    assert "Usulan predikat" in published
    first = db.Release.select().order_by(db.Release.id).first()
    assert "Yang berubah" not in person.get(f"/bengkel-aturan/rilis/{first.fingerprint}").text
    assert decide(second, "tarik", alasan="salah judul") == "withdrawn"
    assert own_console.city.find_release().fingerprint != release.fingerprint


def test_a_changed_draft_is_simulated_again(own_console):
    person = draft(own_console)
    page, version, text = opened(person)
    save(person, text.replace("[90..110)", "[91..110)").replace("[0..90)", "[0..91)").replace("kerja: 90}", "kerja: 91}"), version)
    person.post("/bengkel-aturan/simulasikan")
    assert 'name="judul"' in person.get("/bengkel-aturan/periksa").text
    assert db.LedgerEntry.select().where(db.LedgerEntry.act == "rules.simulate").count() == 1
    page, version, text = opened(person)
    assert 'data-load="/bengkel-aturan/dampak"' in page
    assert "pegawai" in person.get("/bengkel-aturan/dampak").text
    save(person, text.replace("91", "92"), version)
    assert "Simpan simulasi ini" in person.get("/bengkel-aturan/periksa").text
    person.post("/bengkel-aturan/ajukan", judul="Judul", kata_sandi=own_console.small.PASSWORD)
    assert "belum disimulasikan" in person.get("/bengkel-aturan/").text
    assert db.Release.select().count() == 1
    for account in ("penetap", "auditor"):
        assert own_console.sign_in(account).post("/bengkel-aturan/simulasikan").status_code == 403
        assert own_console.sign_in(account).get("/bengkel-aturan/dampak").status_code == 403


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
    late.post("/bengkel-aturan/simulasikan")
    late.post("/bengkel-aturan/ajukan", judul="Pertama", kata_sandi=password)
    first = db.Release.get(db.Release.state == "submitted").fingerprint
    late.post("/bengkel-aturan/mulai")  # again from the release in force, while the first still waits
    assert "Sejak itu rilis lain" not in late.get("/bengkel-aturan/").text
    second = own_console.sign_in("penetap")
    second.post("/bengkel-aturan/putuskan", rilis=first, tindakan="setujui", kata_sandi=password)
    assert "Sejak itu rilis lain" in late.get("/bengkel-aturan/").text
    assert "Usulan predikat" in html.unescape(late.get("/bengkel-aturan/periksa").text)


def test_the_cases_of_a_reaction_are_run_and_keep_a_draft_from_being_handed_in(own_console):
    person = draft(own_console)
    page = "/bengkel-aturan/berkas?file=reactions/pembinaan_dua_bulan.yaml"
    before, version, text = opened(person, page)
    assert "cocok" in before
    assert "Dapat dipakai" in before
    wrong = re.sub(r"expect: \[(.*?)\]", "expect: [2020-01]", text, count=1)
    assert wrong != text
    person.post("/bengkel-aturan/berkas", file="reactions/pembinaan_dua_bulan.yaml", teks=wrong, versi=version)
    after, _, _ = opened(person, page)
    assert "meleset" in after
    assert "1 kasus meleset" in after
    assert "R081" in person.get("/bengkel-aturan/periksa").text
