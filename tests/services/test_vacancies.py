"""Vacancies and candidates: the rules judge, records speak, and what no record says is asked for instead of guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import ForbiddenError, NotFoundError
from kinerja.services.city import City
from kinerja.services.context import SYSTEM, Context
from kinerja.services.posts import orgmap, vacancies
from kinerja.services.staff import people
from kinerja.services.staff.people import PositionEntry
from kinerja.services.stafftables import imports as staff_import
from kinerja.store import models as db


@pytest.fixture
def lowong(quiet: Any) -> Any:
    """A supervisor's post of class 8 beside the operators (class 6), asking one competency; nobody holds it."""
    people.establish(
        quiet.system,
        positions=[
            PositionEntry(
                "pengawas_layanan", "Pengawas Layanan", "dukcapil.1", 8, "fungsional", competency=(("Pelayanan publik", 3),)
            )
        ],
    )
    return quiet


def record(town: Any, *rows: tuple[str, str, str, str]) -> None:
    text = "nip,aspek,nilai,tanggal,sumber\n" + "".join(f"{town.nips[n]},{a},{v},{d},arsip\n" for n, a, v, d in rows)
    assert staff_import.take_in(town.context("hr"), "catatan", text.encode(), "catatan.csv").rejected == ()


def post() -> int:
    return int(db.Position.get(db.Position.code == "pengawas_layanan").id)


def listed(town: Any) -> dict[str, vacancies.Candidate]:
    return {one.name: one for one in vacancies.candidates(town.context("hr"), post()).candidates}


BOTH = (("predikat", "Baik", "2024-12-31"), ("predikat", "Baik", "2025-12-31"))


def test_vacant_seats_are_counted_with_since_when_and_who_acts(lowong: Any) -> None:
    hr = lowong.context("hr")
    [one] = vacancies.vacancies(hr)
    assert (one.title, one.seats, one.since, one.acting) == ("Pengawas Layanan", 1, None, ())
    people.leave(hr, lowong.nips["kabid"], date(2026, 6, 30))
    people.assign(hr, people.AssignmentEntry(lowong.nips["sari"], "kepala_bidang", "dukcapil.1", date(2026, 7, 1), kind="plt"))
    head = next(one for one in vacancies.vacancies(hr, "dukcapil") if one.code == "kepala_bidang")
    assert (head.since, head.acting) == (date(2026, 6, 30), ("Plt. Sari",))
    with pytest.raises(NotFoundError) as refused:
        vacancies.candidates(hr, db.Position.get(db.Position.code == "operator_layanan_adminduk").id)
    assert refused.value.code == "tidak_lowong"
    for stranger in ("sari", "tim"):
        with pytest.raises(ForbiddenError):
            vacancies.vacancies(lowong.context(stranger))


def test_who_is_not_on_record_is_asked_for_not_guessed(lowong: Any) -> None:
    found = listed(lowong)
    assert set(found) == {"Sari", "Budi", "Citra", "Hr", "Hr2", "Tim", "Tim2"}
    assert {one.standing for one in found.values()} == {"perlu_data"}
    sides = {ground.side for ground in found["Sari"].grounds}
    assert sides == {"mendukung", "belum"}
    page = vacancies.candidates(lowong.context("hr"), post())
    assert sum(count for _, count in page.ruled_out) == 4  # heads of class 11 and 14: above the post
    assert all("kelas" in reason[0] for reason, _ in page.ruled_out)


def test_standing_follows_performance_level_competency_and_talent(lowong: Any) -> None:
    rows = [(name, *row) for name in ("sari", "budi", "citra") for row in BOTH]
    rows += [(name, "kompetensi:Pelayanan publik", "3", "2026-01-10") for name in ("sari", "budi")]
    rows += [("citra", "kompetensi:Pelayanan publik", "2", "2026-01-10"), ("sari", "potensi", "tinggi", "2026-01-10")]
    rows += [("hr", "predikat", "Baik", "2024-12-31"), ("hr", "predikat", "Butuh Perbaikan", "2025-12-31")]
    record(lowong, *rows)
    found = listed(lowong)
    assert found["Budi"].standing == "dipertimbangkan"
    assert found["Sari"].standing == "dipertimbangkan"  # no evaluation yet: the box needs performance and potential
    assert "Citra" not in found
    assert "Hr" not in found
    page = vacancies.candidates(lowong.context("hr"), post())
    texts = " ".join(reason[0] for reason, _ in page.ruled_out)
    assert "ada yang di bawah tingkat yang diminta" in texts
    assert "tahun ini belum Baik" in texts
    for ground in found["Budi"].grounds:
        assert ground.citations
        assert all(ground.text)
    record(lowong, ("budi", "kompetensi:Pelayanan publik", "1", "2026-03-01"))  # the newest counts
    assert "Budi" not in listed(lowong)


def test_a_decided_evaluation_gives_rating_and_box(lowong: Any) -> None:
    from kinerja.services.cycles import cycle
    from kinerja.services.evaluation import measure
    from kinerja.services.papers import issue

    hr = lowong.context("hr")
    record(
        lowong, ("sari", "predikat", "Baik", "2025-12-31"), ("sari", "kompetensi:Pelayanan publik", "4", "2026-01-10"),
        ("sari", "potensi", "tinggi", "2026-01-10"),
    )  # fmt: skip
    cycle.open_cycle(hr, lowong.cycle, "Semester I Tahun 2026", lowong.period, "semester")
    measure.measure_cycle(lowong.system, lowong.cycle)
    assert listed(lowong)["Sari"].standing == "perlu_data"
    lowong.until("sari", "terbitkan")
    assert listed(lowong)["Sari"].standing == "perlu_data"  # rated but not yet decided
    [unit] = issue.issuing_units(hr, lowong.cycle)
    issue.issue_unit(hr, lowong.cycle, unit)
    sari = listed(lowong)["Sari"]
    assert sari.ratings[0].what == "Semester I Tahun 2026"
    assert (sari.standing, sari.box) == ("diusulkan", 8)
    first = vacancies.candidates(hr, post()).candidates[0]
    assert first.name == "Sari"


def test_duties_are_noted(lowong: Any) -> None:
    people.declare_conflict(lowong.system, lowong.nips["sari"], lowong.nips["kabid"], date(2026, 1, 1))
    people.declare_conflict(lowong.system, lowong.nips["hr"], lowong.nips["budi"], date(2026, 1, 1))
    found = listed(lowong)
    assert "dinilai Kadis" in found["Sari"].notes[0][0]
    assert "benturan kepentingan" in found["Budi"].notes[0][0]
    assert "Anda sendiri calon" in found["Hr"].notes[0][0]
    assert found["Citra"].notes == ()


def test_a_city_without_units_has_an_empty_map(tmp_path: Path, open_city: Callable[[Path], City]) -> None:
    with open_city(tmp_path) as city:
        city.store.upgrade()
        context = Context(city, SYSTEM)
        assert (orgmap.position_map(context), vacancies.vacancies(context)) == ((), ())
        with pytest.raises(NotFoundError):
            orgmap.position_map(context, "tidak-ada")
