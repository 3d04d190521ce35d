"""Rule files in a workbook and back: nothing lost, readable by an officer, safe to open on both sides."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner

from kinerja.cli.sheets import sheets as command
from kinerja.core.errors import InputError
from kinerja.policy import Policy, check_policy
from kinerja.policy.sheets import export_workbook, import_workbook, prepare_import
from kinerja.policy.sheets.decimals import from_indonesian, to_indonesian

from .conftest import Rules

SHIPPED = Path(__file__).parents[2] / "rules"


def policy_of(folder: Path) -> Policy:
    found = check_policy(folder)
    assert found.policy is not None, [one.line("en") for one in found.errors]
    return found.policy


def cases_of(policy: Policy) -> list[Any]:
    return [
        (name, e.given, e.expect, e.error, e.on, e.note)
        for name, versions in policy.decisions.items()
        for version in versions
        for e in version.examples
    ]


@pytest.mark.slow
def test_the_shipped_rules_come_back_the_same(tmp_path: Path) -> None:
    book, folder = tmp_path / "aturan.xlsx", tmp_path / "baru"
    export_workbook(SHIPPED, book)
    prepared = prepare_import(book, folder)
    import_workbook(prepared, folder)
    before, after = policy_of(SHIPPED), policy_of(folder)
    assert after.fingerprint == before.fingerprint
    assert cases_of(after) == cases_of(before)
    assert prepare_import(book, SHIPPED).written == {}


@pytest.fixture
def book(rules: Rules, tmp_path: Path) -> Path:
    path = tmp_path / "aturan.xlsx"
    export_workbook(rules.root, path)
    return path


def find(sheet: Any, section: str, row: int, column: str) -> Any:
    """The cell of a section: row counted from 1, column by its heading."""
    head = next(cell.row for cell in sheet["A"] if cell.value == section)
    names = [cell.value for cell in sheet[head + 1]]
    return sheet.cell(head + 1 + row, names.index(column) + 1)


def edit(path: Path, sheet: str, change: Callable[[Any], None]) -> None:
    workbook = openpyxl.load_workbook(path)
    change(workbook[sheet])
    workbook.save(path)


def test_an_officer_edits_a_band_with_his_own_decimal_sign(rules: Rules, book: Path) -> None:
    untouched = (rules.root / "decisions/capaian.yaml").read_text(encoding="utf-8")

    def change(sheet: Any) -> None:
        assert find(sheet, "TABEL", 3, "nilai").value == "[50..90)"
        find(sheet, "TABEL", 3, "nilai").value = "[52,5..90)"
        find(sheet, "TABEL", 4, "nilai").value = "< 52,5"

    edit(book, "predikat", change)
    prepared = prepare_import(book, rules.root)
    assert prepared.report.errors == ()
    assert [c.line("id").split(" — ")[0] for c in prepared.changes] == [
        "predikat: batas bawah nilai untuk Cukup naik dari 50 persen ke 52,5 persen",
        "predikat: batas atas nilai untuk Kurang naik dari 50 persen ke 52,5 persen",
    ]
    assert set(prepared.written) == {"decisions/predikat.yaml"}
    import_workbook(prepared, rules.root)
    assert "[52.5..90)" in (rules.root / "decisions/predikat.yaml").read_text(encoding="utf-8")
    assert (rules.root / "decisions/capaian.yaml").read_text(encoding="utf-8") == untouched


def test_numbers_are_numbers_and_come_back_exactly(rules: Rules, tmp_path: Path) -> None:
    rules.change("parameters/indeks.yaml", "scale: 4", "scale: 8")
    rules.change("parameters/indeks.yaml", "value: 1.0000", "value: 0.59112978")
    book = tmp_path / "b.xlsx"
    export_workbook(rules.root, book)
    cell = find(openpyxl.load_workbook(book)["indeks"], "NILAI", 2, "value")
    assert (cell.data_type, cell.value) == ("n", 0.59112978)
    prepared = prepare_import(book, tmp_path / "baru")
    assert prepared.report.policy is not None
    assert prepared.report.policy.fingerprint == policy_of(rules.root).fingerprint


def test_enums_have_drop_downs_and_sections_are_all_there(book: Path) -> None:
    sheet = openpyxl.load_workbook(book)["predikat"]
    lists = {validation.formula1 for validation in sheet.data_validations.dataValidation}
    assert '"Baik,Cukup,Kurang"' in lists
    assert '"verified,recalled,policy"' in lists
    heads = [cell.value for cell in sheet["A"] if cell.font.b and cell.value and cell.value.isupper()]
    assert heads == ["UMUM", "DASAR HUKUM", "MASUKAN", "KELUARAN", "TABEL", "KASUS"]
    index = openpyxl.load_workbook(book)["Daftar"]
    assert ("predikat", "decisions/predikat.yaml", "Predikat") in list(index.iter_rows(values_only=True))


def test_texts_that_look_like_formulas_stay_text(rules: Rules, tmp_path: Path) -> None:
    rules.change("decisions/predikat.yaml", "| perilaku    |", "| =1+1 |")
    rules.change("decisions/predikat.yaml", "title: Predikat", "title: '=HYPERLINK(1)'")
    book = tmp_path / "b.xlsx"
    export_workbook(rules.root, book)
    sheet = openpyxl.load_workbook(book)["predikat"]
    note = find(sheet, "TABEL", 2, "catatan")
    assert (note.value, note.data_type, note.quotePrefix) == ("=1+1", "s", True)
    with zipfile.ZipFile(book) as archive:
        assert not [name for name in archive.namelist() if name.endswith(".xml") and b"<f>" in archive.read(name)]
    prepared = prepare_import(book, tmp_path / "baru")
    assert prepared.report.policy is not None
    assert prepared.report.policy.fingerprint == policy_of(rules.root).fingerprint


def test_a_mistake_in_a_sheet_writes_nothing(rules: Rules, book: Path) -> None:
    before = {path: path.read_bytes() for path in rules.root.rglob("*.yaml")}
    edit(book, "predikat", lambda sheet: setattr(find(sheet, "TABEL", 3, "nilai"), "value", "[50..90"))
    result = CliRunner().invoke(command, ["import", str(book), str(rules.root)])
    assert result.exit_code == 1
    assert "R031" in result.stdout
    assert {path: path.read_bytes() for path in rules.root.rglob("*.yaml")} == before


@pytest.mark.parametrize(
    ("section", "below", "column", "value", "code"),
    [
        ("TABEL", 3, "nilai", "[50..90", "R031"),
        ("TABEL", 2, "predikat", "Bagus", "R035"),
        ("KASUS", 1, "hasil: predikat", "Bagus", "R080"),
        ("DASAR HUKUM", 1, "status", "dikarang", "R013"),
        ("UMUM", 2, "isi", "31/05/2017", "R012"),
    ],
)
def test_a_mistake_is_named_at_its_cell(
    rules: Rules, book: Path, section: str, below: int, column: str, value: str, code: str
) -> None:
    """The officer who works in the workbook never saw the rule file written from it."""
    at: list[tuple[int, int]] = []

    def change(sheet: Any) -> None:
        if section == "UMUM":
            below_it = next(row[1] for row in sheet.iter_rows() if row[0].value == "effective.from")
        else:
            below_it = find(sheet, section, below, column)
        below_it.value = value
        at.append((below_it.row, below_it.column))

    edit(book, "predikat", change)
    [found] = prepare_import(book, rules.root).errors(rules.root)
    assert (found.code, found.place.file, found.place.line) == (code, f"{book.name}[predikat]", at[0][0])
    assert found.place.column in (0, at[0][1])
    assert (found.place.column > 0) == (section == "TABEL")
    printed = CliRunner().invoke(command, ["import", str(book), str(rules.root)])
    assert printed.stdout.startswith(f"{book.name}[predikat]:{at[0][0]}:")


def test_command_line_export_and_import(rules: Rules, tmp_path: Path) -> None:
    book, folder = tmp_path / "b.xlsx", tmp_path / "baru"
    assert CliRunner().invoke(command, ["export", str(rules.root), str(book)]).exit_code == 0
    result = CliRunner().invoke(command, ["import", str(book), str(folder), "--json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["fingerprint"] == policy_of(rules.root).fingerprint
    assert policy_of(folder).fingerprint == policy_of(rules.root).fingerprint
    edit(book, "potongan", lambda sheet: setattr(find(sheet, "TABEL", 3, "persen"), "value", 2.5))
    result = CliRunner().invoke(command, ["import", str(book), str(folder), "--dry-run"])
    assert "potongan: persen naik dari 1,25 persen ke 2,5 persen untuk > 30" in result.stdout
    assert policy_of(folder).fingerprint == policy_of(rules.root).fingerprint
    missing = CliRunner().invoke(command, ["import", str(tmp_path / "none.xlsx"), str(folder)])
    assert missing.exit_code == 2
    assert "lembar_tidak_sah" in missing.stderr


def refused(path: Path, folder: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        prepare_import(path, folder)
    return caught.value


def test_what_is_no_workbook_or_too_large_is_refused(tmp_path: Path) -> None:
    plain = tmp_path / "a.xlsx"
    plain.write_text("halo")
    assert refused(plain, tmp_path).code == "lembar_tidak_sah"
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * (60 * 1024 * 1024))
    assert bomb.stat().st_size < 200_000
    assert "terlalu besar" in refused(bomb, tmp_path).text_id


@pytest.mark.parametrize(
    ("sheet", "change"),
    [
        ("Daftar", lambda sheet: setattr(sheet["B3"], "value", "../../etc/passwd.yaml")),
        ("Daftar", lambda sheet: setattr(sheet["A3"], "value", "tidak ada")),
        ("predikat", lambda sheet: setattr(sheet["A1"], "value", "BAGIAN ANEH")),
        ("predikat", lambda sheet: setattr(sheet["H1"], "value", "nyasar")),
        ("predikat", lambda sheet: setattr(find(sheet, "TABEL", 1, "nilai").offset(0, 9), "value", "nyasar")),
    ],
    ids=range(5),
)
def test_a_spoilt_sheet_is_named(book: Path, tmp_path: Path, sheet: str, change: Callable[[Any], None]) -> None:
    edit(book, sheet, change)
    error = refused(book, tmp_path / "baru")
    assert error.place is not None
    assert sheet in str(error.place) or "predikat" in str(error.place)
    assert error.remedy_id
    assert not (tmp_path / "baru").exists()


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("[76.61..88.31)", "[76,61..88,31)"),
        ("1.5, 2.5", "1,5, 2,5"),
        ("0.5", "0,5"),
        ("not(1.5, 2)", "not(1,5, 2)"),
        ('"70.5/30"', '"70.5/30"'),
        ("round half up(x * 1.5, 2)", "round half up(x * 1.5, 2)"),
        ("> 1..2", "> 1..2"),
        ("[1..2]", "[1..2]"),
        ("-", "-"),
    ],
)
def test_decimal_signs_both_ways(cell: str, shown: str) -> None:
    assert to_indonesian(cell) == shown
    assert from_indonesian(shown) == cell
