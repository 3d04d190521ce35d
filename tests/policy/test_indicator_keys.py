"""What an indicator may say of itself besides its target: what it serves, and by which days its target divides."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinerja.policy.difference.compare import compare
from kinerja.policy.markdown import _standard
from kinerja.policy.sheets import export_workbook, import_workbook, prepare_import

from .conftest import Rules

STANDARD = "standards/operator.yaml"
COUNTED = "unit: berkas, source: kejadian,\n     statistic: jumlah_selesai"
KEYS = "population: p, serves: [KBD-1, KPD-1], prorate: hari_kalender, aspect: kuantitas}\n  - {kode: A-2"


@pytest.fixture
def counted(rules: Rules) -> Rules:
    """A-1 counts files; it says nothing of days or superiors yet."""
    rules.change(STANDARD, "unit: persen, source: kejadian,\n     statistic: persen_tepat_waktu", COUNTED)
    return rules


def test_both_are_read_told_and_part_of_the_meaning(counted: Rules) -> None:
    before = counted.check().policy
    counted.change(STANDARD, "population: p}\n  - {kode: A-2", KEYS)
    after = counted.check().policy
    assert before is not None
    assert after is not None
    [one, other] = after.standards[0].indicators
    assert (one.aspect, other.aspect) == ("kuantitas", "")
    assert (one.prorate, one.serves, other.prorate, other.serves) == ("hari_kalender", ("KBD-1", "KPD-1"), "", ())
    assert before.fingerprint != after.fingerprint
    told = " ".join(change.text_id for change in compare(before, after))
    assert "pembagian menurut hari A-1" in told
    assert "hasil atasan yang didukung A-1" in told
    assert "aspek A-1" in told
    page = "\n".join(_standard(after.standards[0]))
    assert "Aspek kuantitas. Target bagian periode: menurut hari kalender. Mendukung KBD-1, KPD-1." in page


def test_both_survive_a_workbook(counted: Rules, tmp_path: Path) -> None:
    counted.change(STANDARD, "population: p}\n  - {kode: A-2", KEYS)
    before = counted.check().policy
    book, folder = tmp_path / "aturan.xlsx", tmp_path / "baru"
    export_workbook(counted.root, book)
    import_workbook(prepare_import(book, folder), folder)
    again = Rules.__new__(Rules)
    again.root = folder
    after = again.check().policy
    assert before is not None
    assert after is not None
    assert after.fingerprint == before.fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("population: p}\n  - {kode: A-2", "population: p, prorate: hari_kalender}\n  - {kode: A-2"),
        ("statistic: nilai, definition: d, population: p}", "statistic: nilai, definition: d, population: p, prorate: hari_kerja}"),
    ],
)
def test_shares_and_scores_do_not_divide(rules: Rules, old: str, new: str) -> None:
    rules.change(STANDARD, old, new)
    assert "R061" in rules.codes()


def test_only_known_days_divide(counted: Rules) -> None:
    counted.change(STANDARD, "population: p}\n  - {kode: A-2", "population: p, prorate: days}\n  - {kode: A-2")
    assert counted.check().policy is None
