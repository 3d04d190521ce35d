"""The brake on guessing: counts per account and address, forgets after its window, survives a restart, knows no accounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kinerja_admin.throttle import PER_ACCOUNT, Throttle

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "throttle.sqlite"


def test_blocks_an_account_after_its_failures_from_anywhere(file: Path) -> None:
    brake = Throttle(file)
    for number in range(PER_ACCOUNT):
        assert not brake.blocked("dewi", f"10.0.0.{number}", NOW)
        brake.failed("dewi", f"10.0.0.{number}", NOW)
    assert brake.blocked("dewi", "10.9.9.9", NOW)
    assert brake.blocked(" DEWI ", "10.9.9.9", NOW)
    assert not brake.blocked("agus", "10.9.9.9", NOW)


def test_survives_a_restart(file: Path) -> None:
    for _ in range(PER_ACCOUNT):
        Throttle(file).failed("dewi", "10.0.0.1", NOW)
    assert Throttle(file).blocked("dewi", "10.0.0.1", NOW)


def test_forgets_after_the_window(file: Path) -> None:
    brake = Throttle(file)
    for _ in range(PER_ACCOUNT):
        brake.failed("dewi", "10.0.0.1", NOW)
    assert not brake.blocked("dewi", "10.0.0.1", NOW + timedelta(minutes=16))


def test_success_clears_the_account_but_not_the_address(file: Path) -> None:
    brake = Throttle(file, per_account=2, per_address=2)
    brake.failed("dewi", "10.0.0.1", NOW)
    brake.failed("dewi", "10.0.0.1", NOW)
    brake.succeeded("dewi")
    assert not brake.blocked("dewi", "10.0.0.2", NOW)
    assert brake.blocked("agus", "10.0.0.1", NOW)


def test_keeps_no_names(file: Path) -> None:
    Throttle(file).failed("198503122010012001", "10.0.0.1", NOW)
    assert b"198503122010012001" not in file.read_bytes()
