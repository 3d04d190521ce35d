"""`kinerja rules publish|log|at|touched` in a small city: two people, one release, told to both."""

from __future__ import annotations

import importlib.util
import shutil
import sys
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from kinerja.cli.main import main
from kinerja.core.exactjson import loads
from kinerja.settings import shipped

pytestmark = pytest.mark.slow  # in ./run check


@pytest.fixture(scope="module")
def small(project: Path) -> ModuleType:
    """The small city of the console's tests."""
    spec = importlib.util.spec_from_file_location("smallcity", project / "tests" / "admin" / "smallcity.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault("smallcity", importlib.util.module_from_spec(spec))
    if not hasattr(module, "build"):
        spec.loader.exec_module(module)
    return module


def test_two_people_publish_and_the_history_is_told(small: ModuleType, tmp_path: Path) -> None:
    with small.build(tmp_path / "kota") as city:
        small.advance(city, "operator", "terbitkan")
        first = city.release().fingerprint
    rules = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), rules)
    table = rules / "decisions" / "hasil_kerja.yaml"
    table.write_text(table.read_text("utf-8").replace("90", "104"), "utf-8")

    def run(*arguments: str, status: int = 0) -> str:
        result = CliRunner().invoke(main, ["rules", *arguments, "--city", str(tmp_path / "kota")])
        assert result.exit_code == status, result.output
        return result.stdout

    run("publish", str(rules), "--as", "kebijakan", status=2)  # not simulated yet
    simulated = ["simulate", "--rules", str(rules), "--city", str(tmp_path / "kota"), "--as", "kebijakan"]
    assert CliRunner().invoke(main, simulated).exit_code == 0
    assert "diajukan" in run("publish", str(rules), "--as", "kebijakan", "--title", "Ambang naik")
    second = loads(run("log", "--json"))[-1]["fingerprint"]
    assert run("publish", "--approve", second[:10], "--as", "operator", status=2) == ""
    assert run("publish", "--as", "penetap", status=2) == ""
    [one] = loads(run("touched", second[:10], "--as", "kebijakan", "--json"))["touched"]
    assert {"output": "predikat", "before": "Baik", "after": "Butuh Perbaikan"} in one["moves"]
    told = run("publish", "--approve", second[:10], "--as", "penetap")
    assert "Dewi Lestari" in told
    assert "Baik → Butuh Perbaikan: 1 kasus" in told
    assert "selisih tpp_bruto: -Rp " in told
    assert "1 keputusan tersentuh" in run("log")
    [submitted, approved] = run("log", "--en").splitlines()[-2:]
    assert "submitted by Yosef Manek (BKPSDM): Ambang naik" in submitted
    assert "published by Maria Ulfa (" in approved
    assert "1 decisions touched" in approved
    assert "cases" in run("touched", second[:10], "--as", "kebijakan", "--en")
    assert "in force on 2026-06-30" in run("at", "2026-06-30", "--en")
    assert loads(run("at", "2026-06-30", "--json"))["release"] == second
    assert "  predikat_kinerja  decisions/predikat_kinerja.yaml" in run("at", "2026-06-30")
    run("publish", "--withdraw", second[:10], "--as", "penetap", status=2)
    assert "ditarik" in run("publish", "--withdraw", second[:10], "--reason", "salah ambang", "--as", "penetap")
    assert loads(run("at", "2026-06-30", "--json"))["release"] == first


def test_the_author_is_refused(small: ModuleType, tmp_path: Path) -> None:
    with small.build(tmp_path / "kota") as city:
        small.accounts.create_account(
            small.Context(city, small.SYSTEM), "rangkap", "x", roles=[("pejabat_kebijakan", ""), ("pejabat_penetap", "")]
        )
    rules = tmp_path / "aturan"
    shutil.copytree(shipped("rules"), rules)
    table = rules / "decisions" / "zona_kepatuhan.yaml"
    table.write_text(table.read_text("utf-8").replace("title: ", "title: Uji "), "utf-8")
    city_option = ["--city", str(tmp_path / "kota"), "--as", "rangkap"]
    assert CliRunner().invoke(main, ["simulate", "--rules", str(rules), *city_option]).exit_code == 0
    submitted = CliRunner().invoke(main, ["rules", "publish", str(rules), "--json", *city_option])
    assert submitted.exit_code == 0, submitted.output
    fingerprint = loads(submitted.stdout)["values"]["fingerprint"]
    refused = CliRunner().invoke(main, ["rules", "publish", "--approve", fingerprint, *city_option])
    assert refused.exit_code == 2
    assert "pengaju_adalah_penyetuju" in refused.stderr
