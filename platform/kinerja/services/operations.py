"""What service and business-rule tasks of a process may call, by name. A process file that names anything else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from .casework.discipline import issue_papers
from .casework.followup import follow_up, issue_coaching_letter
from .city import Operation
from .context import Context
from .evaluation.decide import decide_with, evaluate_case
from .notices import notify
from .papers import objections
from .papers.contents import WINDOW, objection_days
from .papers.letterbook import issue_for_case
from .pay import payroll
from .pay.letter import issue_list
from .reading import latest_evaluation
from .rulebook.enact import publish_release, refuse_release


def _evaluate(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    return evaluate_case(context, case)


def _issue_letter(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The letter that the task names (`kinerja:letter`)."""
    return LETTERS[str(data["_task"].get("letter", ""))](context, case, data)


def _compute_pay(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    return payroll.compute(context, case)


def _close_pay(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    return payroll.close(context, case, data)


def _notify(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    notify(context, case, data)
    return {}


def _decide(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    """A single decision of the rules, on process data named like its inputs."""
    return decide_with(context, str(data["_task"]["decision"]), data, case.last)


def _decide_case(context: Context, case: Any, data: dict[str, Any]) -> dict[str, Any]:
    """The decision on a case, and, where it remedies an objection, on that too; the rules say how long one may object."""
    numbers = issue_for_case(context, case)
    evaluation = latest_evaluation(case.id)
    objections.after_remedy(context, case, evaluation)
    days = objection_days(context, evaluation.release.fingerprint, context.city.today())
    return {**numbers, WINDOW: Fraction(days)}


OPERATIONS: Mapping[str, Operation] = {
    "evaluate": _evaluate,
    "decide": _decide,
    "issue_letter": _issue_letter,
    "notify": _notify,
    "compute_pay": _compute_pay,
    "close_pay": _close_pay,
    "follow_up": follow_up,
    "publish_release": publish_release,
    "refuse_release": refuse_release,
}

LETTERS: Mapping[str, Operation] = {
    "dokumen_evaluasi": _decide_case,
    "surat_pembinaan": lambda context, case, _: issue_coaching_letter(context, case),
    "berkas_pemeriksaan": lambda context, case, _: issue_papers(context, case),
    "keputusan_keberatan": lambda context, case, _: objections.on_decision(context, case),
    "daftar_tpp": lambda context, case, _: issue_list(context, case),
}
"""What `issue_letter` can write, by the name that a process gives it; another name is refused when the process is loaded."""
