"""Mapping files: what they may say, and the one line each fault gives."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from kinerja.core.errors import InputError
from kinerja.ingest import load_map

PROJECT = Path(__file__).resolve().parents[2]


def test_the_shipped_permit_map() -> None:
    event_map = load_map(PROJECT / "config/demo/permit-receipt-map.yaml")
    assert event_map.columns.request == "case:concept:name"
    assert event_map.shift % timedelta(weeks=1) == timedelta(0)
    assert set(event_map.no_letter) == {"test", "admin1", "admin3"}
    assert event_map.minimum_finished == 10
    assert event_map.period.first.year == event_map.period.last.year == 2026
    assumed = {name: fact.value for name, fact in event_map.assumptions.items()}
    assert assumed["kelas_jabatan"] == Fraction(8)
    assert assumed["menit_terlambat"] == ()
    assert all(fact.reason and fact.text for fact in event_map.assumptions.values())


def test_values_of_assumptions_keep_their_type(tmp_path: Path, map_text: str) -> None:
    (tmp_path / "p.yaml").write_text(
        map_text
        + """assumptions:
  a: {value: "7", text: x, reason: y}
  b: {value: 7.50, text: x, reason: y}
  c: {value: null, text: x, reason: y}
  d: {value: true, text: x, reason: y}
  e: {value: [1, null, no], text: x, reason: y}
""",
        "utf-8",
    )
    assumed = {name: fact.value for name, fact in load_map(tmp_path / "p.yaml").assumptions.items()}
    assert assumed == {"a": "7", "b": Fraction("7.5"), "c": None, "d": True, "e": (Fraction(1), None, "no")}


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("title: Uji", "titel: Uji", 1, "title"),
        ("title: Uji", "title: Uji\ntitle: Uji", 2, "title"),
        ("title: Uji", "title: Uji\nwarna: biru", 2, "warna"),
        ("title: Uji", "title: [Uji]", 1, "title"),
        ("title: Uji", "title: ''", 1, "kosong"),
        ("title: Uji", "title: &a Uji", 1, "jangkar"),
        ("tenggat}", "selesai}", 3, "kolom"),
        ("tenggat}", "tenggat, jam: x}", 3, "jam"),
        ("tenggat}", "tenggat", 4, "YAML"),
        ("service: uji", "service: uji\ndelimiter: x", 5, "pemisah"),
        ("service: uji\n", "", 1, "layanan"),
        ("format: iso", "format: '%A %Y'", 5, "pola"),
        ("zone: in_file", "zone: Asia/Jakarta", 5, "zona"),
        ("to: 2026-06-30", "to: 2026-06-31", 6, "tanggal"),
        ("to: 2026-06-30", "to: 2025-06-30", 6, "periode"),
        ("minimum_finished: 10", "minimum_finished: 0", 7, "bilangan"),
        ("minimum_finished: 10}", "minimum_finished: 10}\nno_letter: [test]", 8, "akun"),
        (
            "minimum_finished: 10}",
            "minimum_finished: 10}\nno_letter: [{account: a, reason: b}, {account: a, reason: c}]",
            8,
            "akun",
        ),
        ("minimum_finished: 10}", "minimum_finished: 10}\nshift: {weeks: 1.5, reason: x}", 8, "bilangan"),
        ("minimum_finished: 10}", "minimum_finished: 10}\nassumptions: {a: {text: x, reason: y}}", 8, "value"),
        ("minimum_finished: 10}", "minimum_finished: 10}\nassumptions: {a: {value: 12x, text: x, reason: y}}", 8, "angka"),
    ],
)
def test_a_fault_names_file_line_and_remedy(tmp_path: Path, map_text: str, old: str, new: str, line: int, word: str) -> None:
    assert old in map_text
    file = tmp_path / "p.yaml"
    file.write_text(map_text.replace(old, new, 1), "utf-8")
    with pytest.raises(InputError) as caught:
        load_map(file)
    error = caught.value
    assert error.place is not None
    assert (error.place.file, error.place.line) == (str(file), line), error.line()
    assert word in error.line()
    assert error.remedy_id
    assert "\n" not in error.line()


def test_a_missing_map_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="berkas_tidak_terbaca"):
        load_map(tmp_path / "tidak-ada.yaml")


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("title: " + "[" * 5000, "utf-8")
    with pytest.raises(InputError):
        load_map(tmp_path / "p.yaml")
