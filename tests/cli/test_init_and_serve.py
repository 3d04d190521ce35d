"""A city of one's own: made once, never overwritten, served."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from kinerja.bootstrap import drift, open_city
from kinerja.cli.main import main
from kinerja.services.staff import accounts
from kinerja.settings import load_settings
from kinerja.store import models as db


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("init") / "kotaku"
    result = CliRunner().invoke(
        main, ["init", str(folder), "--name", "Kota “Baru”", "--password-stdin"], input="sandi yang panjang\n"
    )
    assert result.exit_code == 0, result.output
    return folder


def test_a_new_city_has_rules_workflows_a_release_and_an_administrator(own: Path) -> None:
    for part in (
        "schemas/decision.json",
        ".vscode/settings.json",
        "rules/vocabulary.yaml",
        "workflows/penilaian-kinerja/process.bpmn",
        "config/calendars",
        "kinerja.toml",
    ):
        assert (own / part).exists()
    settings = load_settings(own)
    assert settings.city == "Kota “Baru”"
    assert len(settings.secret) >= 40
    assert not settings.is_demo
    with open_city(own) as city:
        assert city.release().state == "published"
        assert accounts.actor_by_name("admin").roles == {"administrator": frozenset()}
        assert db.ProcessVersion.select().count() >= 1


def test_a_second_init_overwrites_nothing_and_shows_the_difference(own: Path) -> None:
    rule = own / "rules" / "decisions" / "mutu_pelayanan.yaml"
    text = rule.read_text("utf-8")
    rule.write_text(text + "# milik kota\n", "utf-8")
    try:
        result = CliRunner().invoke(main, ["init", str(own)])
        assert result.exit_code == 0
        assert "berbeda: rules/decisions/mutu_pelayanan.yaml" in result.output
        assert rule.read_text("utf-8").endswith("# milik kota\n")
        assert drift(own).changed == ("rules/decisions/mutu_pelayanan.yaml",)
    finally:
        rule.write_text(text, "utf-8")


@pytest.mark.parametrize(
    "arguments", [("letter", "waiting", "2031"), ("letter", "issue", "2031", "dpmptsp"), ("cycle", "status", "2031")]
)
def test_a_cycle_that_is_not_there_is_named(own: Path, arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(main, [*arguments, "--as", "admin", "--city", str(own)])
    assert result.exit_code == 2
    assert "siklus_tidak_ada" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    result = CliRunner().invoke(main, ["init", str(tmp_path)])
    assert result.exit_code == 2
    assert "folder_terpakai" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["x"]


def test_short_passwords_are_refused_and_nothing_is_made(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "k"), "--password-stdin"], input="pendek\n")
    assert result.exit_code == 2
    assert not (tmp_path / "k").exists()


@pytest.mark.slow
def test_without_a_terminal_a_password_is_made_and_shown_once(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["init", str(tmp_path / "k")])
    assert result.exit_code == 0
    assert "kata sandi: " in result.output


def test_a_demo_secret_is_refused_outside_demo_cities(own: Path, tmp_path: Path) -> None:
    (tmp_path / "kinerja.toml").write_text('[web]\nsecret = "demo-secret"\n')
    result = CliRunner().invoke(main, ["db", "upgrade", "--city", str(tmp_path)])
    assert result.exit_code == 2
    assert "rahasia_demo" in result.output


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    (tmp_path / "kinerja.toml").write_text("[web]\nprot = 8080\n")
    result = CliRunner().invoke(main, ["db", "upgrade", "--city", str(tmp_path)])
    assert result.exit_code == 2
    assert "web.prot" in result.output


def test_the_server_answers_with_the_sign_in_page(own: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kinerja", "serve", "--city", str(own), "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            body = _wait_for(f"http://127.0.0.1:{port}/", 60)
        finally:
            server.terminate()
    assert "Kinerja" in body
    assert 'type="password"' in body


def test_backup_copies_the_store(own: Path, tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["db", "backup", str(tmp_path / "salinan.db"), "--city", str(own)])
    assert result.exit_code == 0
    again = CliRunner().invoke(main, ["db", "backup", str(tmp_path / "salinan.db"), "--city", str(own)])
    assert (again.exit_code, "berkas_sudah_ada" in again.output) == (2, True)


def _wait_for(address: str, seconds: int) -> str:
    for _ in range(seconds * 5):
        try:
            with urllib.request.urlopen(address) as answer:
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {address}")
