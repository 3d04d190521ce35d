"""Stores to test on: SQLite files always, PostgreSQL where it is installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kinerja.store.database import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open("sqlite:kota.db", tmp_path) as opened:
        opened.upgrade()
        yield opened


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A fresh, upgraded store on each of the two."""
    url = "sqlite:kota.db" if request.param == "sqlite" else request.getfixturevalue("new_postgres")()
    with Store.open(url, tmp_path) as opened:
        opened.upgrade()
        yield opened
