"""The same way of a case on PostgreSQL, and the same race."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kinerja.services import audit, cases, issue
from kinerja.store import models as db

pytestmark = pytest.mark.postgres


def test_the_whole_way_on_postgresql(postgres_town: Any) -> None:
    town = postgres_town
    for who, task, answers in town.way:
        town.do("budi" if who == "self" else who, task, "budi", **answers)
    case = town.case_of("budi")
    assert (case.state, case.stage, case.rating) == ("closed", "selesai", "Baik")
    assert audit.verify_ledger(town.system).bad is None
    page = cases.case_page(town.context("hr"), case.id)
    assert page.evaluation is not None
    assert page.evaluation.facts["kasus"]["menit_terlambat"] == []
    assert page.evaluation.facts["kasus"]["hari_absen"] == 2
    letter = db.Letter.get(db.Letter.kind == "dokumen_evaluasi")
    assert issue.letter_file(town.context("budi"), letter.id).read_bytes().startswith(b"%PDF")
    assert audit.recompute_all(town.system) == (1, ())


@pytest.mark.slow
def test_eight_processes_on_postgresql(postgres_town: Any, race: Callable[[Path, str], Any]) -> None:
    town = postgres_town
    for name in ("sari", "budi", "citra"):
        town.do(name, "susun_skp", name, sudah_baca_standar=True)
    results = race(town.city.folder, town.city.settings.database)
    assert sorted(results.values()) == [1, 1, 1, 7, 7, 7]
    assert {result for _, result in results} == {"approved", "409"}
    assert audit.verify_ledger(town.system).bad is None
