"""A small demo city, built once for this folder: four agencies, the whole cycle, the same services as the large one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kinerja.bootstrap import open_city
from kinerja.demo.story import CAST_AGENCIES, run_demo
from kinerja.demo.summary import Summary
from kinerja.services.city import City


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    folder = tmp_path_factory.mktemp("demo") / "kota"
    return folder, run_demo(folder, lambda text: None, CAST_AGENCIES)


@pytest.fixture
def city(demo: tuple[Path, Summary]) -> Iterator[City]:
    with open_city(demo[0]) as opened:
        yield opened
