"""Running cases and a new version of their process: they stay until they are moved, and can be moved back."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kinerja.cli.main import main
from kinerja.core.errors import FindingsError, ForbiddenError, NotFoundError
from kinerja.services.bpmn import migrating, processes
from kinerja.services.staff import accounts
from kinerja.settings import shipped
from kinerja.store import models as db

PROCESS = "penilaian-kinerja"


@pytest.fixture
def newer(town: Any, tmp_path: Path) -> str:
    """A version in which the plan needs no agreement when… nobody: only the words of a step differ, and a gateway's condition."""
    folder = tmp_path / "alur"
    shutil.copytree(shipped("workflows"), folder)
    file = folder / PROCESS / "process.bpmn"
    text = file.read_text("utf-8")
    assert 'name="Setujui rencana kinerja"' in text
    file.write_text(text.replace('name="Setujui rencana kinerja"', 'name="Sepakati rencana kinerja"'), "utf-8")
    return str(processes.load(town.system, folder / PROCESS).values["version"])


def test_a_change_is_held_to_what_loading_is_held_to(town: Any, tmp_path: Path) -> None:
    """A letter nobody can write, a notice without words, an operation nobody knows: refused by either door."""
    folder = tmp_path / "alur"
    shutil.copytree(shipped("workflows"), folder)
    file = folder / PROCESS / "process.bpmn"
    sound = file.read_text("utf-8")
    for code, old, new in (
        ("P066", 'kinerja:letter="dokumen_evaluasi"', 'kinerja:letter="dokumen_evaluas"'),
        ("P064", 'kinerja:template="', 'kinerja:template="tanpa_'),
        ("P061", 'kinerja:operation="follow_up"', 'kinerja:operation="folow_up"'),
    ):
        assert old in sound
        broken = sound.replace(old, new)
        file.write_text(broken, "utf-8")
        with pytest.raises(FindingsError) as loaded:
            processes.load(town.system, folder / PROCESS)
        with pytest.raises(FindingsError) as changed:
            processes.change(town.system, PROCESS, {f"{PROCESS}/process.bpmn": broken})
        told = [[found["code"] for found in caught.value.details["diagnostics"]] for caught in (loaded, changed)]
        assert told[0] == told[1]
        assert code in told[0]


def open_tasks(town: Any, of: str) -> list[tuple[str, str]]:
    rows = db.Task.select().where(db.Task.case == town.case_of(of).id, db.Task.state == "ready")
    return [(row.task, row.title) for row in rows]


def test_a_new_version_leaves_running_cases_alone(town: Any, newer: str) -> None:
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    assert town.case_of("budi").process.version != newer
    assert open_tasks(town, "budi") == [("setujui_skp", "Setujui rencana kinerja")]


def test_cases_are_counted_moved_and_go_on(town: Any, newer: str) -> None:
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    cases = db.Case.select().count()
    [(old, seen)] = migrating.preview(town.system, PROCESS).items()
    assert (seen.movable, seen.finished, seen.blocked) == (cases, 0, ())
    assert town.case_of("budi").process.version == old
    receipt = migrating.migrate(town.system, PROCESS, key="k")
    assert (receipt.values["moved"], receipt.values["blocked"]) == (cases, 0)
    assert migrating.migrate(town.system, PROCESS, key="k") == receipt
    assert town.case_of("budi").process.version == newer
    assert open_tasks(town, "budi") == [("setujui_skp", "Sepakati rencana kinerja")]
    assert migrating.preview(town.system, PROCESS) == {}
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="setuju")
    assert open_tasks(town, "budi") == [("lapor_realisasi", "Laporkan realisasi dan bukti")]


def test_a_move_is_undone_for_cases_that_have_not_moved_on(town: Any, newer: str) -> None:
    before = {case.id: (case.process_id, case.process_state) for case in db.Case.select()}
    receipt = migrating.migrate(town.system, PROCESS)
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    undone = migrating.undo(town.system, receipt.values["batch"])
    assert undone.values == {"reverted": len(before) - 1, "moved_on": 1}
    budi = town.case_of("budi").id
    for case in db.Case.select().where(db.Case.id != budi):
        assert (case.process_id, case.process_state) == before[case.id]
    town.do("sari", "susun_skp", "sari", sudah_baca_standar=True)
    assert open_tasks(town, "sari") == [("setujui_skp", "Setujui rencana kinerja")]
    with pytest.raises(NotFoundError):
        migrating.undo(town.system, "tidak-ada")


def test_only_administrators_move_cases(town: Any, newer: str) -> None:
    for act in (migrating.preview, migrating.migrate):
        with pytest.raises(ForbiddenError):
            act(town.context("hr"), PROCESS)


@pytest.fixture
def ask(town: Any) -> Any:
    """`kinerja process …` as an administrator of this city; the JSON it answers."""
    (town.city.folder / "kinerja.toml").write_text(
        '[city]\nname = "Kota"\n\n[web]\nsecret = "rahasia-untuk-uji-saja"\n\n[store]\nurl = "sqlite:kota.db"\n', "utf-8"
    )
    accounts.create_account(town.system, "admin", "x", roles=[("administrator", "")])

    def command(*words: str) -> Any:
        answer = CliRunner().invoke(main, ["process", *words, "--as", "admin", "--city", str(town.city.folder)])
        town.city.store.activate()
        assert answer.exit_code == 0, answer.stderr
        return json.loads(answer.stdout) if answer.stdout else None

    return command


def test_the_command_counts_moves_and_puts_back(town: Any, newer: str, ask: Any) -> None:
    count = db.Case.select().count()
    [line] = ask("list", "--json")
    assert (line["running"], line["older"], line["version"]) == (0, count, newer)
    [seen] = ask("migrate", PROCESS, "--preview", "--json").values()
    assert (seen["movable"], seen["blocked"]) == (count, [])
    moved = ask("migrate", PROCESS, "--json")
    assert moved["values"]["moved"] == count
    assert ask("list", "--json")[0]["running"] == count
    assert ask("migrate", PROCESS, "--undo", moved["values"]["batch"], "--json")["values"]["reverted"] == count


def test_files_written_out_load_again_as_the_same_version(newer: str, ask: Any, tmp_path: Path) -> None:
    ask("export", PROCESS, str(tmp_path / "ke"))
    shutil.copytree(shipped("workflows") / "keberatan", tmp_path / "ke" / "keberatan")
    again = ask("load", str(tmp_path / "ke" / PROCESS), "--json")
    assert again["values"] == {"process": PROCESS, "version": newer, "new": False}
