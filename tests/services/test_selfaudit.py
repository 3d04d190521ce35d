"""The city audits itself: drawn by the ledger, once a night, and a decision that was tampered with is found."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.core.errors import ForbiddenError
from kinerja.core.exactjson import loads
from kinerja.jobs import Timekeeper
from kinerja.services.casework import cases, tasks
from kinerja.services.openness import audit
from kinerja.services.rulebook import selfaudit
from kinerja.store import models as db


@pytest.fixture
def decided(town: Any) -> Any:
    for name in ("budi", "citra"):
        town.until(name, "terbitkan")
    return town


def tamper(town: Any, evaluation: Any, **columns: Any) -> None:
    """As somebody with the database in their hands would: past the guards."""
    database = town.city.store.database
    for (name,) in list(database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'evaluation'")):
        database.execute_sql(f'DROP TRIGGER "{name}"')
    db.Evaluation.update(**columns).where(db.Evaluation.id == evaluation.id).execute()


def test_a_sound_city_says_so_once_a_night(decided: Any) -> None:
    decided.clock.set(datetime(2026, 8, 1, 0, 30, tzinfo=JAKARTA))
    assert selfaudit.nightly(decided.system) is None, "not before one o'clock"
    decided.clock.set(datetime(2026, 8, 1, 1, 5, tzinfo=JAKARTA))
    receipt = selfaudit.nightly(decided.system)
    assert receipt is not None
    assert sorted(receipt.values["evaluations"]) == sorted(row.id for row in db.Evaluation.select())
    assert receipt.values["different"] == []
    assert "semuanya sama" in receipt.text_id
    assert selfaudit.nightly(decided.system) is None, "once a night"
    decided.clock.set(datetime(2026, 8, 2, 1, 5, tzinfo=JAKARTA))
    assert selfaudit.nightly(decided.system) is not None
    entries = db.LedgerEntry.select().where(db.LedgerEntry.act == "audit.recompute")
    assert [loads(entry.payload)["day"] for entry in entries.order_by(db.LedgerEntry.seq)] == ["2026-08-01", "2026-08-02"]
    assert db.Incident.select().count() == 0


@pytest.mark.parametrize("output", ["tpp_bruto", "predikat"])
def test_a_decision_that_was_changed_behind_the_back_is_an_incident_on_its_case(decided: Any, output: str) -> None:
    [row] = db.Evaluation.select().where(db.Evaluation.case == decided.case_of("budi").id)
    row.finding["outputs"][output] = row.finding["outputs"]["tpp_bruto"] + 1 if output == "tpp_bruto" else "Sangat Baik"
    tamper(decided, row, finding=row.finding)
    decided.clock.set(decided.clock.now() + timedelta(days=1))
    Timekeeper(decided.city).round()
    [incident] = cases.incidents(decided.context("hr"))
    assert (incident.code, incident.case_id) == (selfaudit.CODE, decided.case_of("budi").id)
    assert output in incident.text_id
    kept = db.Incident.get().particulars
    assert kept["differs"] == [output]
    assert kept["stored"]["outputs"][output] != kept["now"]["outputs"][output]
    again = selfaudit.audit(decided.system)
    assert again.values["different"] == [row.id]
    assert again.values["incidents"] == [], "it stands already"
    tasks.resume(decided.context("hr"), incident.id)
    assert selfaudit.audit(decided.system).values["incidents"], "settled without being mended: told again"
    assert audit.verify_ledger(decided.system).bad is None


def test_items_are_compared_too(decided: Any) -> None:
    row = db.Evaluation.select().first()
    row.finding["indikator"][0]["capaian"] += 1
    tamper(decided, row, finding=row.finding)
    assert selfaudit.audit(decided.system).values["different"] == [row.id]
    assert db.Incident.get().particulars["differs"] == ["indikator"]


def test_the_draw_is_the_ledgers_and_changes_with_it(decided: Any) -> None:
    day = decided.clock.now().date()
    tomorrow = day + timedelta(days=1)
    first = selfaudit.draw(decided.system, tomorrow)
    assert first == selfaudit.draw(decided.system, tomorrow)
    assert sorted(first) == sorted(row.id for row in db.Evaluation.select())
    decided.until("sari", "terbitkan")
    orders = {tuple(selfaudit.draw(decided.system, day + timedelta(days=n))) for n in (0, 1)}
    assert all(len(order) == 3 for order in orders)
    sampled = selfaudit.audit(decided.system, 1)
    assert len(sampled.values["evaluations"]) == 1


def test_facts_that_no_longer_compute_are_an_incident(decided: Any) -> None:
    row = db.Evaluation.select().first()
    del row.facts["kasus"]["kelas_jabatan"]
    tamper(decided, row, facts=row.facts)
    assert selfaudit.audit(decided.system).values["different"] == [row.id]
    assert db.Incident.get().particulars["trouble"]["code"] == "fakta_hilang"


def test_auditing_is_for_auditors(decided: Any) -> None:
    with pytest.raises(ForbiddenError):
        selfaudit.audit(decided.context("hr"))
