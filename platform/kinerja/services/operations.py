"""What service and business-rule tasks of a process may call, by name. A process file that names anything else is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..core.errors import IncidentError
from .context import Context
from .decide import decide_with, evaluate_case
from .letterbook import issue_for_case
from .notices import notify

Operation = Callable[[Context, Any, dict[str, Any]], dict[str, Any]]
"""(context, case, process data) → values to lay into the process data."""


def operations_for(context: Context, case: Any) -> Callable[[str, dict[str, Any]], dict[str, Any]]:
    """The operations bound to one case, as the process machine calls them."""

    def operate(name: str, data: dict[str, Any]) -> dict[str, Any]:
        operation = OPERATIONS.get(name)
        if operation is None:
            raise IncidentError(
                "operasi_tidak_dikenal", f"operasi “{name}” tidak dikenal", f'unknown operation "{name}"', operation=name
            )
        return operation(context, case, data)

    return operate


def _evaluate(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    return evaluate_case(context, case)


def _issue_letter(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    return issue_for_case(context, case)


def _notify(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    notify(context, case, data)
    return {}


def _decide(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    """A single decision of the rules, on process data named like its inputs."""
    return decide_with(context, str(data["_task"]["decision"]), data, case.last)


OPERATIONS: Mapping[str, Operation] = {"evaluate": _evaluate, "decide": _decide, "issue_letter": _issue_letter, "notify": _notify}
