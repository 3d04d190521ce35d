"""A reaction whose facts did not stay, on the page of its case, in both languages."""

from __future__ import annotations

from datetime import date, timedelta

from kinerja.services.casework import reacting
from kinerja.services.context import SYSTEM, Context
from kinerja.services.evaluation import measure


def _absent(own_console, *days: tuple[int, bool]) -> None:
    """(day of June, excused), as an import brings them."""
    small, city = own_console.small, own_console.city
    nip = small.PEOPLE["operator"][0]
    entries = [measure.AttendanceEntry(nip, date(2026, 6, day), None, absent=True, excused=excused) for day, excused in days]
    measure.import_attendance(small.context(city, "hr"), entries, "presensi Juni")


def test_the_page_says_that_a_reaction_has_no_ground_any_more(own_console):
    city, case = own_console.city, own_console.small.case_of("operator")
    system = Context(city, SYSTEM)
    _absent(own_console, (8, False), (9, False), (10, False))
    assert reacting.look(system, case)
    hr = own_console.sign_in("hr")
    assert "tidak berdasar lagi" not in hr.get(f"/kasus/{case}").text
    _absent(own_console, (9, True))
    city.clock.advance(timedelta(days=1))
    assert reacting.look(system, case) == ()
    page = hr.get(f"/kasus/{case}")
    assert page.status_code == 200
    assert "tidak berdasar lagi" in page.text
    assert "21 Juli 2026" in page.text
    hr.post("/bahasa", bahasa="en")
    assert "no ground any more" in hr.get(f"/kasus/{case}").text
