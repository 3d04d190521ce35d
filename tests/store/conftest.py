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
