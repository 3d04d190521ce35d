"""Nothing is lost between a value and its column."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja.core.clock import JAKARTA
from kinerja.core.errors import InputError
from kinerja.store import models as db
from kinerja.store.database import Store
from kinerja.store.fields import InstantField, JsonField, ScaledField

AT = datetime(2026, 1, 31, 9, 30, tzinfo=JAKARTA)


def scaled(scale: int = 4) -> Any:
    field = ScaledField(scale)
    field.name = "nilai"
    return field


@given(st.integers(-(2**63), 2**63 - 1))
def test_a_scaled_number_comes_back_the_same(number: int) -> None:
    value = Fraction(number, 10**4)
    field = scaled()
    assert field.python_value(field.db_value(value)) == value


@pytest.mark.parametrize("value", ["88.305", Decimal("88.305"), Fraction(88305, 1000)])
def test_exact_numbers_of_any_type_are_taken(value: Any) -> None:
    assert scaled().db_value(value) == 883050


@pytest.mark.parametrize(
    ("value", "error"),
    [(Fraction(1, 3), ValueError), ("0.00001", ValueError), (0.1, TypeError), (True, TypeError), (10**15, ValueError)],
)
def test_what_would_lose_digits_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        scaled().db_value(value)


def test_long_text_is_refused_on_every_database(any_store: Store) -> None:
    with pytest.raises(InputError) as caught:
        db.Unit.create(code="x" * 41, name="X")
    assert caught.value.details["column"] == "code"
    db.Unit.create(code="x" * 40, name="X")
    assert db.Unit.select().where(db.Unit.code == "x" * 40).count() == 1


def test_json_keeps_numbers_exactly_and_in_order() -> None:
    field = JsonField()
    field.name, field.model = "isi", type("Tabel", (), {})
    value = {"b": Fraction("0.1"), "a": [Fraction(1), None, "x", True]}
    text = field.db_value(value)
    assert text == '{"b":0.1,"a":[1,null,"x",true]}'
    assert field.python_value(text) == value


def test_json_refuses_floats() -> None:
    with pytest.raises(TypeError):
        JsonField().db_value({"x": 0.1})


def test_instants_sort_as_text_whatever_their_zone() -> None:
    field = InstantField()
    zones = [UTC, JAKARTA, timezone(timedelta(hours=-9, minutes=-30))]
    instants = [datetime(2026, 1, 1, hour, 5, 7, 120, tzinfo=zone) for hour in range(24) for zone in zones]
    texts = [field.db_value(instant) for instant in instants]
    assert [instant for _, instant in sorted(zip(texts, instants, strict=True), key=lambda pair: pair[0])] == sorted(instants)
    assert {len(text) for text in texts} == {27}
    assert [field.python_value(text) for text in texts] == instants


def test_an_instant_without_zone_is_refused() -> None:
    field = InstantField()
    field.name = "saat"
    with pytest.raises(ValueError, match="zone"):
        field.db_value(datetime(2026, 1, 1))  # noqa: DTZ001 - that is the point


def test_an_instant_reads_as_wib() -> None:
    read = InstantField().python_value("2026-01-31T18:00:00.000000Z")
    assert read.date() == date(2026, 2, 1)
    assert read.tzinfo == JAKARTA
