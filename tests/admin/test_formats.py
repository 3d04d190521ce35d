"""Numbers, dates and exports as readers of either language see them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from flask import Flask, g

from kinerja.core.clock import JAKARTA, FixedClock
from kinerja.core.errors import NotFoundError
from kinerja_admin import formats
from kinerja_admin.base import neutral, row_id

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=JAKARTA)


@pytest.mark.parametrize(
    ("language", "shown"),
    [("id", ("1.234.567,5", "Rp\u00a03.407.272", "-Rp\u00a079.075", "24 November 2026", "24 November 2026, 12.00")),
     ("en", ("1,234,567.5", "Rp\u00a03,407,272", "-Rp\u00a079,075", "24 November 2026", "24 November 2026, 12:00"))],
)  # fmt: skip
def test_by_language(language: str, shown: tuple[str, ...]) -> None:
    with Flask("test").test_request_context():
        g.language = language
        found = (
            formats.number(Fraction("1234567.5")),
            formats.rupiah(3407272),
            formats.rupiah(-79075),
            formats.day(date(2026, 11, 24)),
            formats.moment(NOON),
        )
    assert found == shown


@pytest.mark.parametrize(
    ("due", "text", "pressing"),
    [(timedelta(days=4), "4 hari lagi", ""), (timedelta(days=2), "2 hari lagi", "warn"), (timedelta(hours=2), "hari ini", "warn"),
     (timedelta(hours=-2), "lewat tenggat hari ini", "bad"), (timedelta(days=-3), "terlambat 3 hari", "bad")],
)  # fmt: skip
def test_time_left(due: timedelta, text: str, pressing: str) -> None:
    assert formats.time_left(NOON + due, FixedClock(NOON)) == (text, pressing)


def test_a_deadline_is_named_by_its_last_day() -> None:
    """Days end with the midnight after them: what is due at 00.00 on the 4th is to be done by the 3rd, and is late on the 4th."""
    midnight, clock = datetime(2026, 8, 4, tzinfo=JAKARTA), FixedClock(datetime(2026, 8, 3, 23, 59, tzinfo=JAKARTA))
    with Flask("test").test_request_context():
        g.language = "id"
        assert formats.by(midnight) == formats.by(midnight.astimezone(UTC)) == "3 Agustus 2026"
        assert formats.by(midnight.replace(hour=9)) == "4 Agustus 2026"
        assert formats.time_left(midnight, clock) == ("hari ini", "warn")
        clock.set(midnight)
        assert formats.time_left(midnight, clock) == ("terlambat 1 hari", "bad")


@pytest.mark.parametrize("cell", ["=1+1", "+62", "@SUM(A1)", "-1+cmd|' /C calc'!A0", "\t=1", "\r=1", "-"])
def test_exports_are_neutral(cell: str) -> None:
    assert neutral(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-12", "-3,5", "Dewi", "", "12", "a=b"])
def test_plain_cells_stay(cell: str) -> None:
    assert neutral(cell) == cell


@pytest.mark.parametrize("text", ["0", "-1", "1e3", "9" * 30, "", " 1", "1;drop", "١", None])
def test_bad_ids_are_not_found(text: str | None) -> None:
    with pytest.raises(NotFoundError):
        row_id(text)
