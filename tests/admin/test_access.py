"""Each route × each role: who may open what, and that no state changes without a token or by the wrong hand."""

from __future__ import annotations

import re

import pytest

from kinerja.store import models as db

STAFF = ("operator", "rekan", "penilai", "atasan", "tim", "hr", "auditor", "kebijakan", "penetap", "asing")
ALL = {*STAFF, "admin"}
ORGANISATION = {"admin", "hr", "auditor"}
RECORDS = {"admin", "auditor"}

# endpoint → (an address of it, who may open it)
PAGES: dict[str, tuple[str, set[str]]] = {
    "home.index": ("/", ALL),
    "tasks.index": ("/tugas/", ALL),
    "tasks.show": ("/tugas/{task}", {"operator", "penilai", "atasan", "tim", "hr", "auditor", "admin"}),
    "news.index": ("/kabar/", set(STAFF)),
    "mine.index": ("/hasil-saya/", set(STAFF)),
    "staff.index": ("/orang/", set(STAFF)),
    "staff.show": ("/orang/{nip}", {"operator", "hr", "auditor", "admin"}),
    "orgmap.index": ("/peta-jabatan/", ALL),
    "vacancies.index": ("/jabatan-lowong/", {"hr", "admin", "auditor"}),
    "vacancies.show": ("/jabatan-lowong/{post}", {"hr", "admin", "auditor"}),
    "intake.index": ("/impor-data/", {"hr", "admin"}),
    "intake.template": ("/impor-data/templat/unit.xlsx", {"hr", "admin"}),
    "cycle.index": ("/siklus/", {"admin", "hr", "tim", "auditor"}),
    "manage.index": ("/kelola-siklus/", {"admin", "hr"}),
    "manage.preview": ("/kelola-siklus/buka?kode=2027", {"admin", "hr"}),
    "manage.ahead": ("/kelola-siklus/majukan?siklus=2026-S1", {"admin", "hr"}),
    "manage.job": ("/kelola-siklus/pekerjaan/1", {"admin", "hr"}),
    "manage.rehearsal": ("/kelola-siklus/gladi", {"admin", "hr"}),
    "issue.index": ("/penetapan/", {"hr"}),
    "fairness.index": ("/keadilan/", {"admin", "hr", "tim", "auditor"}),
    "training.index": ("/sosialisasi/", ALL),
    "training.adoption": ("/sosialisasi/serapan", {"admin", "hr", "tim", "auditor", "kebijakan"}),
    "rules.index": ("/aturan/", ALL),
    "rules.show": ("/aturan/berkas?file=decisions/predikat_kinerja.yaml", ALL),
    "pay.index": ("/pembayaran/", ALL),
    "permissions.index": ("/kewenangan/", {"admin", "auditor"}),
    "simulations.index": ("/simulasi/", {"admin", "hr", "kebijakan", "penetap", "auditor"}),
    "workflows.index": ("/alur-kerja/", ALL),
    "workflows.show": ("/alur-kerja/penilaian-kinerja", ALL),
    "workflows.picture": ("/alur-kerja/pembinaan/gambar.svg", ALL),
    "workflows.file": ("/alur-kerja/pembinaan/berkas?nama=pembinaan/process.bpmn", ALL),
    "workshop.index": ("/bengkel-aturan/", {"kebijakan", "penetap", "auditor"}),
    "workshop.holding": ("/bengkel-aturan/pada", {"kebijakan", "penetap", "auditor"}),
    "workshop.code": ("/bengkel-aturan/kode/P101", {"kebijakan", "penetap", "auditor"}),
    "cases.picture": ("/kasus/{case}/proses.svg", {"operator", "penilai", "atasan", "tim", "hr", "auditor", "admin"}),
    "cases.show": ("/kasus/{case}", {"operator", "penilai", "atasan", "tim", "hr", "auditor", "admin"}),
    "register_account": ("/organisasi/akun/", RECORDS),
    "register_release": ("/catatan/rilis/", {*RECORDS, "kebijakan", "penetap"}),
    **{f"register_{name}": (f"/organisasi/{path}/", ORGANISATION) for name, path in
       (("unit", "unit"), ("position", "jabatan"), ("person", "pegawai"), ("assignment", "penugasan"))},
    **{f"register_{name}": (f"/catatan/{path}/", RECORDS) for name, path in
       (("case", "kasus"), ("judgement", "penilaian"), ("evaluation", "evaluasi"), ("incident", "insiden"), ("letter", "surat"),
        ("import", "impor"), ("ledger", "buku-besar"))},
}  # fmt: skip
SOME = [pytest.param(one, marks=() if one in ("admin", "hr", "auditor", "operator") else pytest.mark.slow) for one in sorted(ALL)]
EMPTY_BY_DESIGN = {"cases.index", "peers.index", "monitoring.index", "plans.index", "letters.index", "evidence.index"}
WORKSHOP = {
    f"workshop.{name}"
    for name in (
        "begin", "discard", "show", "save", "save_grid", "probe", "add_case", "new", "create", "copy", "rename", "removal",
        "remove", "restore", "check", "impact", "touched", "simulate",
        "submit", "release", "decide",
    )
}  # fmt: skip
PEOPLE = {"staff.act", "intake.preview", "intake.take_in", "intake.undo"}
PLANS = {f"plans.{name}" for name in ("show", "say", "serve", "tree", "amend", "answer", "paper")}
MONITORING = {f"monitoring.{name}" for name in ("show", "note", "dispute", "decide")}
TRAINING = {f"training.{name}" for name in ("create", "show", "attendance", "call_off", "acknowledge", "ask", "answer")}
FAIRNESS = {"peers.ask", "fairness.unit", "fairness.achievement", "fairness.set_aside"}
PAY = {"pay.open", "pay.show"}
WORKFLOWS = {"workflows.save", "workflows.upload", "workflows.begin", "workflows.migrate", "workflows.undo"}
SIMULATIONS = {"simulations.show", "simulations.cycle", "cases.why"}
MANAGING = {f"manage.{name}" for name in ("open", "resume", "advance", "undo", "close", "chart", "ask", "data")}
TESTED_ELSEWHERE = {
    "cases.pause",
    "cases.end",
    "cases.go_on",
    "cases.papers",
    *MANAGING,
    "evidence.show",
    *("cases.settle", "letters.pdf", "tasks.send", "issue.publish", "switch_language", "news.read"),
    *WORKSHOP,
    *PEOPLE,
    *FAIRNESS,
    *TRAINING,
    *MONITORING,
    *PLANS,
    *SIMULATIONS,
    *PAY,
    *WORKFLOWS,
}
REGISTER_VIEWS = {
    "index_view", "details_view", "edit_view", "create_view", "export", "delete_view", "action_view", "ajax_lookup", "ajax_update",
}  # fmt: skip


def address(console, path: str) -> str:
    post = db.Position.get(db.Position.code == "operator_layanan_adminduk").id
    return path.format(
        post=post,
        nip=console.small.PEOPLE["operator"][0],
        case=console.small.case_of("operator"),
        task=console.small.task_of("operator").id,
    )


def test_the_table_knows_every_route(console):
    for rule in console.app.url_map.iter_rules():
        view, _, name = rule.endpoint.partition(".")
        if name == "static" or view in ("static", "security"):
            continue
        if name in REGISTER_VIEWS:
            assert view in PAGES, rule
        else:
            assert rule.endpoint in {*PAGES, *EMPTY_BY_DESIGN, *TESTED_ELSEWHERE}, rule


@pytest.mark.parametrize("account", sorted(ALL))
def test_who_may_open_what(console, account):
    person = console.sign_in(account)
    for endpoint, (path, may) in PAGES.items():
        answer = person.get(address(console, path))
        assert answer.status_code == (200 if account in may else 403), (account, endpoint, answer.text[-600:])


@pytest.mark.parametrize("account", sorted(ALL))
def test_the_menu_offers_only_what_opens(console, account):
    person = console.sign_in(account)
    page = person.get("/").text
    for path, may in PAGES.values():
        if path.endswith("/") and path != "/":
            assert (f'href="{path}"' in page) == (account in may), (account, path)


@pytest.mark.slow
@pytest.mark.parametrize("account", SOME)
def test_registers_are_changed_by_editors_alone(console, account):
    person = console.sign_in(account)
    editor = account in {"admin", "hr"}
    for endpoint, (path, may) in PAGES.items():
        if not endpoint.startswith("register_"):
            continue
        editable = editor and path.startswith("/organisasi/") and (account == "admin" or "akun" not in path)
        assert person.get(path + "new/").status_code == (200 if editable else 403), path
        assert person.get(path + "details/?id=999999").status_code == (404 if account in may else 403), path
        assert person.get(path + "edit/?id=999999").status_code == (404 if editable else 403), path
        assert person.get(path + "export/csv/").status_code == (200 if account in may else 403), path
        for closed in ("delete/", "action/", "ajax/update/"):
            assert person.post(path + closed, id="1", rowid="1", action="delete").status_code == 403, path + closed
        assert person.get(path + "ajax/lookup/?name=person&query=a").status_code == 403


def test_every_change_needs_a_token(console):
    person = console.sign_in("hr")
    changing = [rule for rule in console.app.url_map.iter_rules() if "POST" in rule.methods]
    assert len(changing) > 20
    for rule in changing:
        path = re.sub(r"<\w+>", "1", rule.rule)
        assert "<" not in path
        assert person.client.post(path, data={"x": "1"}).status_code == 400, path
        assert person.client.post(path, data={"csrf_token": "forged"}).status_code == 400, path


def test_a_token_of_another_session_is_no_token(console):
    other = console.sign_in("rekan").token()
    assert console.sign_in("hr").client.post("/keluar", data={"csrf_token": other}).status_code == 400


@pytest.mark.parametrize(
    "path", ["/tugas/{}", "/kasus/{}", "/surat/{}.pdf", "/catatan/kasus/details/?id={}", "/organisasi/unit/edit/?id={}"]
)
def test_odd_numbers_are_not_found(console, path):
    admin = console.sign_in("admin")
    for number in ("0", "-1", "9" * 30, "1.5", "abc", "١", "%00", "1%20or%201=1"):
        assert admin.get(path.format(number)).status_code == 404, number


def test_odd_list_addresses_are_answered(console):
    admin = console.sign_in("admin")
    for query in (
        "page=" + "9" * 30,
        "page=-5",
        "sort=999",
        "sort=-1",
        "desc=x",
        "search=" + "%25" * 300,
        "page_size=0",
        "flt0_0=x",
    ):
        assert admin.get("/organisasi/pegawai/?" + query).status_code == 200, query


def test_case_desks_have_no_front_page(console):
    person = console.sign_in("admin")
    assert person.get("/kasus/").status_code == 404
    assert person.get("/surat/").status_code == 404


def test_letters_are_for_their_people(console):
    assert console.sign_in("asing").get("/surat/1.pdf").status_code in (403, 404)
