"""Decisions on record cannot be edited, not even with SQL."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import peewee
import pytest

from kinerja.core.clock import JAKARTA
from kinerja.store import models as db
from kinerja.store.database import Store

AT = datetime(2026, 7, 20, 8, tzinfo=JAKARTA)


@pytest.fixture
def records(any_store: Store) -> dict[str, Any]:
    unit = db.Unit.create(code="dukcapil", name="Dinas", kind="agency")
    person = db.Person.create(nip="198001012005011001", name="Sari")
    post = db.Position.create(code="operator", title="Operator", unit=unit, job_class=6)
    process = db.ProcessVersion.create(process="p", version="v", files={"a": "b"}, loaded_at=AT)
    cycle = db.Cycle.create(code="2026", title="2026", first=date(2026, 1, 1), last=date(2026, 12, 31), opened_at=AT)
    case = db.Case.create(
        cycle=cycle,
        person=person,
        position=post,
        unit=unit,
        agency=unit,
        first=cycle.first,
        last=cycle.last,
        process=process,
        opened_at=AT,
    )
    release = db.Release.create(fingerprint="f", title="t", files={"x": "y"}, author="a", submitted_at=AT)
    evaluation = db.Evaluation.create(case=case, on_day=cycle.last, release=release, facts={}, finding={}, evaluated_at=AT)
    item = db.PlanItem.create(case=case, code="A", label_id="A", polarity="lebih_tinggi", target=95, weight=100)
    letter = db.Letter.create(
        kind="keputusan_predikat", number="1", register="", ordinal=1, year=2026, unit=unit, cycle=cycle, template="t",
        template_version="v", content={"a": 1}, token="x", issued_by="a", issued_at=AT,
    )  # fmt: skip
    return {
        "evaluation": evaluation, "release": release, "letter": letter,
        "judgement": db.Judgement.create(case=case, role="r", aspect="a", value="sesuai", author="x", judged_at=AT),
        "measurement": db.Measurement.create(plan_item=item, value=90, evidence={}, recorded_by="x", recorded_at=AT),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("evaluation", {"finding": {"predikat": "Sangat Baik"}}),
        ("release", {"files": {}}),
        ("release", {"author": "lain"}),
        ("letter", {"number": "2"}),
        ("letter", {"content": {}}),
        ("judgement", {"value": "di_atas"}),
        ("measurement", {"value": 120}),
    ],
)
def test_fixed_columns_stay(records: dict[str, Any], table: str, change: dict[str, Any]) -> None:
    model = type(records[table])
    with pytest.raises(peewee.DatabaseError, match="refused"):
        model.update(change).execute()


@pytest.mark.parametrize("table", ["evaluation", "release", "letter"])
def test_records_are_not_deleted(records: dict[str, Any], table: str) -> None:
    with pytest.raises(peewee.DatabaseError):
        type(records[table]).delete().execute()


def test_a_case_with_an_evaluation_is_not_deleted_through_its_case(records: dict[str, Any]) -> None:
    with pytest.raises(peewee.DatabaseError):
        db.Case.delete().execute()
    assert db.Evaluation.select().count() == 1


def test_a_letter_is_printed_once(records: dict[str, Any]) -> None:
    db.Letter.update(pdf="a.pdf", sha256="1").execute()
    with pytest.raises(peewee.DatabaseError, match="refused"):
        db.Letter.update(sha256="2").execute()


def test_a_release_may_still_be_decided(records: dict[str, Any]) -> None:
    assert db.Release.update(state="published", approver="b", published_at=AT).execute() == 1
