from __future__ import annotations

import pickle
from datetime import date, datetime, timedelta
from fractions import Fraction

import pytest

from kinerja.core.clock import JAKARTA, FixedClock, OffsetClock, SystemClock, today
from kinerja.core.errors import ConflictError, IncidentError, InputError, KinerjaError, Place
from kinerja.core.indonesian import long_date, number, rupiah
from kinerja.core.periods import Period, parse_date


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(12345675, 10), None, "1.234.567,5"),
        (Fraction(7661, 100), 2, "76,61"),
        (Fraction(120), 2, "120,00"),
        (Fraction(-1500), None, "-1.500"),
        (Fraction(1, 3), None, "1/3"),
        (Fraction(1, 3), 2, "0,33"),
        (Fraction(2000), 0, "2.000"),
    ],
)
def test_numbers_read_as_indonesians_write_them(value: Fraction, digits: int | None, text: str) -> None:
    assert number(value, digits) == text


def test_money_and_dates() -> None:
    assert rupiah(3920964) == "Rp 3.920.964"
    assert rupiah(-79075) == "-Rp 79.075", "what is taken back has its sign before the currency"
    assert long_date(date(2026, 8, 17)) == "17 Agustus 2026"


def test_periods_include_both_ends() -> None:
    half = Period(date(2026, 1, 1), date(2026, 6, 30))
    assert (half.days, half.months) == (181, 6)
    assert half.contains(date(2026, 6, 30))
    assert not half.contains(date(2026, 7, 1))
    with pytest.raises(InputError) as caught:
        Period(date(2026, 2, 1), date(2026, 1, 1))
    assert caught.value.code == "periode_terbalik"


@pytest.mark.parametrize("text", ["2026-02-30", "12-01-2026", "20260112", "besok", "2026-1-1", "2026-W01-1", "２０２６-01-01", ""])
def test_dates_that_are_none(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_date(text)
    assert caught.value.code == "tanggal_tidak_sah"


def test_an_error_stays_one_line_whatever_a_file_put_into_it() -> None:
    line = InputError("x", "“a\nb\x1b[2J\u2028\ud800” salah", "wrong", place=Place("a\r.yaml"), remedy_id="be\tnahi").line()
    assert line == "a\\r.yaml: x: “a\\nb\\x1b[2J\\u2028\\ud800” salah → be\\tnahi"


def test_an_error_is_one_line_with_place_and_remedy() -> None:
    error = InputError("x", "salah", "wrong", place=Place("a.yaml", 3, 7), remedy_id="benahi", remedy_en="mend", fact="ikm")
    assert error.line() == "a.yaml:3:7: x: salah → benahi"
    assert str(error) == "a.yaml:3:7: x: wrong → mend"
    assert error.as_json()["details"] == {"fact": "ikm"}
    assert (InputError.exit_status, IncidentError.exit_status, ConflictError.http_status) == (2, 3, 409)


def test_errors_cross_process_borders_whole() -> None:
    error = IncidentError("mesin_mati", "mesin mati", "the engine died", place=Place("f"), case="1")
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, KinerjaError)
    assert (type(copy), copy.as_json()) == (IncidentError, error.as_json())


def test_clocks() -> None:
    start = datetime(2026, 7, 20, 8, tzinfo=JAKARTA)
    fixed = FixedClock(start)
    fixed.advance(timedelta(hours=17))
    assert today(fixed) == date(2026, 7, 21)
    fixed.set(start)
    assert fixed.now() == start
    assert timedelta(0) <= OffsetClock(start).now() - start < timedelta(minutes=1)
    assert SystemClock().now().utcoffset() == timedelta(hours=7)
