"""`kinerja measure` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from kinerja.cli.measure import measure

DEMO = Path(__file__).resolve().parents[2] / "config" / "demo"
EVENTS, MAP = str(DEMO / "adminduk-events.csv"), str(DEMO / "adminduk-map.yaml")


def test_json_is_a_list_of_officers_on_stdout() -> None:
    result = CliRunner().invoke(measure, [EVENTS, "--map", MAP, "--json"])
    assert result.exit_code == 0
    officers = json.loads(result.stdout)
    assert len(officers) == 12
    assert set(officers[0]) == {"petugas", "selesai", "tepat_waktu", "persen_tepat_waktu", "median_hari", "terbuka"}


def test_the_table_is_aligned_and_indonesian() -> None:
    lines = CliRunner().invoke(measure, [EVENTS, "--map", MAP]).stdout.splitlines()
    assert lines[0].startswith("Petugas")
    assert len({len(line) for line in lines[:14]}) == 1
    assert "98,41" in lines[2]


def test_the_report_names_the_source_and_the_rejected_rows(tmp_path: Path) -> None:
    events = tmp_path / "e.csv"
    events.write_text(Path(EVENTS).read_text("utf-8") + "x,ktp_el,,2026-01-05T08:00:00+07:00,,\n", "utf-8")
    result = CliRunner().invoke(measure, [str(events), "--map", MAP, "--report", str(tmp_path / "r.json")])
    assert result.exit_code == 0
    assert "e.csv:782: ditolak: petugas kosong" in result.stderr
    report = json.loads((tmp_path / "r.json").read_text("utf-8"))
    assert report["ditolak"][0]["baris"] == 782
    assert len(report["sumber"]["sha256"]) == 64


def test_bad_input_is_one_line_and_status_2(tmp_path: Path) -> None:
    for arguments in (
        ["tidak-ada.csv", "--map", MAP],
        [EVENTS, "--map", str(tmp_path / "tidak-ada.yaml")],
        [EVENTS, "--map", MAP, "--report", str(tmp_path / "tidak" / "ada.json")],
    ):
        result = CliRunner().invoke(measure, arguments)
        assert result.exit_code == 2
        assert result.stderr.count("\n") == 1
        assert "→" in result.stderr
