"""Short ways to run an expression in either dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from kinerja.feel import STANDARD, STRICT, Dialect, FeelError, compile_expression, parse_expression

Run = Callable[..., Any]


def _run(dialect: Dialect) -> Run:
    def run(text: str, scope: Mapping[str, Any] | None = None) -> Any:
        scope = scope or {}
        return compile_expression(parse_expression(text, scope), dialect)(scope)

    return run


@pytest.fixture(scope="session")
def strict() -> Run:
    return _run(STRICT)


@pytest.fixture(scope="session")
def standard() -> Run:
    return _run(STANDARD)


@pytest.fixture(scope="session")
def failure() -> Callable[..., FeelError]:
    """The error that an expression ends in under the strict dialect."""

    def fail(text: str, scope: Mapping[str, Any] | None = None) -> FeelError:
        with pytest.raises(FeelError) as caught:
            _run(STRICT)(text, scope)
        return caught.value

    return fail
