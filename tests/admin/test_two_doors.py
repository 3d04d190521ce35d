"""Every human task of every shipped process, done on its page in the console and by `kinerja task list|show|do`."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kinerja import bootstrap
from kinerja.cli.main import main
from kinerja.policy import load_policy
from kinerja.process import check_path
from kinerja.services.casework import tasks
from kinerja.services.context import SYSTEM, Actor, Context
from kinerja.services.cycles import timers
from kinerja.services.cycles.rehearsal import people
from kinerja.services.files import materialise
from kinerja.services.pay import payroll
from kinerja.services.reading import load_case
from kinerja.services.rulebook import publish, simulation
from kinerja.services.staff.accounts import actor_by_name
from kinerja.services.stafftables import imports
from kinerja.services.starting import Subject, start_case
from kinerja.settings import shipped
from kinerja.store import models as db

HOLDERS = {"bkpsdm": "hr", "tim_evaluasi": "tim", "pejabat_kebijakan": "kebijakan", "pejabat_penetap": "penetap"}
WAY: dict[str, list[dict[str, str]]] = {
    "setujui_skp": [{"keputusan_skp": "setuju"}],
    "nilai_perilaku": [{"perilaku_kerja": "di_bawah", "alasan_perilaku": "Empat kali meninggalkan loket pada jam layanan."}],
    "setujui_penilaian": [{"keputusan_atasan": "setuju"}],
    "nilai_mutu": [{"kalibrasi": "tetap"}],
    "tinjau_hasil": [{"tindak_lanjut": "pembinaan"}],
    "baca_hasil": [{"tanggapan": "keberatan"}],
    "tulis_keberatan": [{"masukan_keberatan": "Perilaku kerja"}],
    "putuskan_keberatan": [{"putusan_keberatan": "ditolak"}],
    "sepakati_pembinaan": [{"kesepakatan": "sepakat"}],
    "nilai_pembinaan": [{"hasil_pembinaan": "belum_berhasil"}],
    "periksa_daftar": [{"keputusan_daftar": "benar"}],
    "setujui_pembayaran": [{"keputusan_pembayaran": "setuju"}],
    "tetapkan_aturan": [{"keputusan_aturan": "kembalikan"}, {"keputusan_aturan": "tetapkan"}],
    "siapkan_berkas": [{"putusan_berkas": "usulkan"}],
}
"""Task → what is answered the first time, the second …, so that the way leads past every task; the rest is any lawful answer."""
LONG = "Menurut catatan dan surat tugas yang dilampirkan, demikian keadaannya pada semester ini."


class Doors:
    """Does the tasks of a case one by one, by turns on the page and on the command line."""

    def __init__(self, console: Any, turn: int) -> None:
        self.console, self.city, self.turn = console, console.city, turn
        self.accounts = {nip: account for account, (nip, *_) in console.small.PEOPLE.items()}
        self.done: dict[str, str] = {}
        self.times: dict[str, int] = {}

    def walk(self, case: int) -> None:
        """Until nothing waits for anybody any more; where only a clock does, it is set on."""
        while True:
            task = db.Task.select().where(db.Task.case == case, db.Task.state == "ready").order_by(db.Task.id).first()
            if task is not None:
                self.do(task)
                continue
            row = db.Case.get_by_id(case)
            if row.state != "open" or row.next_timer is None:
                assert row.state == "closed", (row.title, row.stage, [i.text_en for i in db.Incident.select()])
                return
            page = self.console.sign_in("hr").get(f"/kasus/{case}").text
            assert "Menunggu waktunya" in page
            assert "Kasus ini sudah selesai" not in page
            self.city.clock.set(row.next_timer)
            timers.fire(Context(self.city, SYSTEM))

    def do(self, task: Any) -> None:
        account = self.accounts[task.assignee.nip] if task.assignee_id else HOLDERS[task.role]
        form = tasks.form_for(Context(self.city, SYSTEM), load_case(task.case_id), task)
        given = self.answers(task.task, form)
        through = "console" if (len(self.done) + self.turn) % 2 else "command line"
        (self.by_page if through == "console" else self.by_command)(account, task, form, given)
        now = db.Task.get_by_id(task.id)
        assert now.state == "done", (task.task, through, [i.text_en for i in db.Incident.select()])
        self.done[task.task] = through

    def answers(self, task: str, form: Any) -> dict[str, str]:
        time = self.times[task] = self.times.get(task, -1) + 1
        random = people.draw(1, task, time)
        given = people.answers(form, random, self.city.fact_values, self.city.today())
        chosen = WAY.get(task, [{}])
        given |= chosen[min(time, len(chosen) - 1)]
        kinds = {name: question.type for name, question in form.fields.items()}
        return {
            name: LONG if kinds.get(name) == "long_text" and name not in chosen[0] else str(value)
            for name, value in given.items()
        }  # fmt: skip

    def by_page(self, account: str, task: Any, form: Any, given: dict[str, str]) -> None:
        person = self.console.sign_in(account)
        assert f'href="/tugas/{task.id}"' in person.get("/tugas/").text
        page = person.get(f"/tugas/{task.id}")
        assert page.status_code == 200
        for name, question in form.fields.items():
            assert question.type == "rubric" or f'name="{name}' in page.text, (task.task, name)
        sent = person.post(f"/tugas/{task.id}", kunci=f"pintu{task.id}", **given)
        assert sent.status_code == 302, (task.task, given, re.findall(r"""class="error[^>]*>[^<]*""", sent.text))

    def by_command(self, account: str, task: Any, form: Any, given: dict[str, str]) -> None:
        listed = self.command("task", "list", "--as", account)
        assert task.id in [row["id"] for row in listed]
        shown = self.command("task", "show", str(task.id), "--as", account)
        assert {field["name"] for field in shown["form"]["fields"]} == set(form.fields)
        self.command("task", "do", str(task.id), "--answers", json.dumps(given), "--as", account)

    def command(self, *words: str) -> Any:
        result = CliRunner().invoke(main, [*words, "--city", str(self.city.folder), "--json"])
        self.city.store.activate()
        assert result.exit_code == 0, (words, result.output)
        return json.loads(result.stdout)


@pytest.fixture(params=(0, 1), ids=("command line first", "console first"))
def doors(request: pytest.FixtureRequest, own_console: Any, monkeypatch: pytest.MonkeyPatch) -> Doors:
    monkeypatch.setattr(bootstrap, "city_clock", lambda settings: own_console.city.clock)
    return Doors(own_console, request.param)


def context(doors: Doors, account: str) -> Context:
    return Context(doors.city, actor_by_name(account))


def release(doors: Doors) -> int:
    """A changed rule, simulated and submitted; the case that leads to its adoption."""
    files = dict(db.Release.get(db.Release.fingerprint == doors.city.release().fingerprint).files)
    file, row = "parameters/simpangan_kelonggaran.yaml", "  - {from: 2022-02-03, value: 2}\n"
    assert row in files[file]
    files[file] = files[file].replace(row, "  - {from: 2022-02-03, value: 2, review_by: 2027-12-31}\n")
    person = db.Person.get(db.Person.nip == doors.console.small.PEOPLE["kebijakan"][0])
    officer = Context(doors.city, Actor.of(person.name, person.nip, ("pejabat_kebijakan",)))
    rules = materialise(doors.city.folder / "rancangan", files)
    simulation.keep(officer, load_policy(rules))
    fingerprint = publish.submit(officer, rules, "Tinjau simpangan").values["fingerprint"]
    return int(db.Case.get(db.Case.subject == f"rilis:{fingerprint}").id)


def papers(doors: Doors) -> int:
    nip = doors.console.small.PEOPLE["rekan"][0]
    days = [date(2026, 7, 6) + timedelta(days=step) for step in range(3)]
    table = "nip,tanggal,terlambat,tidak_masuk,alasan_sah\n" + "".join(f"{nip},{day},,ya,tidak\n" for day in days)
    imports.take_in(context(doors, "hr"), "presensi", table.encode(), "presensi.csv")
    return int(db.Case.get(db.Case.subject.startswith("berkas-disiplin:")).id)


def survey(doors: Doors, appraisal: int) -> int:
    """What a colleague is asked about somebody's behaviour, as `peers.ask` asks it of more people than work here."""
    case, asked = db.Case.get_by_id(appraisal), db.Person.get(db.Person.nip == doors.console.small.PEOPLE["rekan"][0])
    subject = Subject(
        f"survei:{appraisal}:rekan:{asked.nip}", "Survei perilaku", case.first, case.last, unit=case.unit_id, person=asked.id,
        parent=appraisal,
    )  # fmt: skip
    with doors.city.store.transaction():
        return int(start_case(context(doors, "hr"), "survei-perilaku", subject).id)


@pytest.mark.slow
def test_every_human_task_through_both_doors(doors: Doors) -> None:
    appraisal = doors.console.small.case_of("operator")
    doors.walk(papers(doors))
    doors.walk(survey(doors, appraisal))
    doors.walk(int(payroll.open_run(context(doors, "hr"), "dukcapil", "2026-06").values["case"]))
    doors.walk(release(doors))
    doors.walk(appraisal)
    doors.walk(int(db.Case.get(db.Case.subject == f"pembinaan:{appraisal}").id))
    shipped_tasks = {
        task.id
        for folder in Path(shipped("workflows")).iterdir()
        for definition in [check_path(folder).definition]
        if definition is not None
        for task in definition.tasks.values()
    }
    assert shipped_tasks == set(doors.done)
    assert set(doors.done.values()) == {"console", "command line"}
