"""The main job on real input, and the roster it needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinerja.bootstrap import open_city
from kinerja.core.errors import InputError
from kinerja.demo.real import run_on_events
from kinerja.demo.roster import draw_roster, load_plan
from kinerja.ingest import load_map, measure, read_events
from kinerja.settings import shipped
from kinerja.store import models as db


def test_the_roster_has_300_employees_in_at_least_12_agencies() -> None:
    roster = draw_roster(load_plan(shipped("config") / "demo" / "city.yaml"))
    nips = [member.nip for member in roster.members if member.employee]
    assert len(nips) == len(set(nips)) == 300
    assert len(roster.agencies) >= 12
    assert all(len(nip) == 18 and nip.isdecimal() for nip in nips)
    assert len({member.name for member in roster.members}) == len(roster.members)


@pytest.mark.slow
def test_officers_of_a_real_log_become_employees_with_rating_money_and_letter(shared: Path, tmp_path: Path) -> None:
    events, map_file = shared / "data" / "permit-receipt-log.csv", shipped("config") / "demo" / "permit-receipt-map.yaml"
    summary = run_on_events(tmp_path / "kota", events, map_file, lambda text: None)
    event_map = load_map(map_file)
    measures = {m.officer: m for m in measure(read_events(events, event_map))}
    expected = {name for name, m in measures.items() if m.finished >= 10 and name not in event_map.no_letter}
    assert summary.cases == len(expected) == summary.agreed
    with open_city(tmp_path / "kota"):
        for case in db.Case.select():
            figures = measures[case.person.name]
            actuals = {item.code: item.measurements[0].value for item in case.items}
            assert actuals == {"IZN-1": figures.share_on_time, "IZN-2": figures.median_days}
            assert case.rating
            assert {entry["fact"] for entry in case.assumptions} >= set(event_map.assumptions)
            assert db.Letter.select().where(db.Letter.case == case.id, db.Letter.sha256 != "").count() == 1
    assert any("admin1" in note for note in summary.notes)


def test_a_log_without_officers_enough_changes_nothing(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text("permohonan,petugas,diterima,selesai,tenggat\nA,B,2026-01-02T08:00:00+07:00,,2026-01-09T08:00:00+07:00\n")
    with pytest.raises(InputError) as caught:
        run_on_events(tmp_path / "kota", log, shipped("config") / "demo" / "perizinan-map.yaml", lambda text: None)
    assert caught.value.code == "tidak_ada_petugas"
    assert not (tmp_path / "kota").exists()
