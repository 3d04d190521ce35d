"""Policies and engines shared by the tests of this package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kinerja.engine import Engine
from kinerja.policy import Policy, load_policy

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The rules of this folder: every hit policy, nulls, rounding, lists, texts, dates, items, parameters."""
    return load_policy(HERE / "rules")


@pytest.fixture(scope="session")
def city() -> Policy:
    """The shipped rules of Kotalama."""
    return load_policy(ROOT / "rules")


@pytest.fixture(scope="session")
def engine(policy: Policy) -> Iterator[Engine]:
    with Engine(policy) as engine:
        yield engine


@pytest.fixture(scope="session")
def city_engine(city: Policy) -> Iterator[Engine]:
    with Engine(city) as engine:
        yield engine
