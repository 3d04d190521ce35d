"""Shared by all tests: where the outside material lies, and what a skip means in CI."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"


@pytest.fixture(scope="session")
def project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Outside cases and data that the project never depends on: tests use them where they are present."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: outside cases not run")
    return SHARED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI a part that cannot run (no Chromium, no PostgreSQL, no fonts) is a failure, not a skip."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail") and "../shared" not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped in CI, where every real part must run: {report.longrepr}"
    return report
