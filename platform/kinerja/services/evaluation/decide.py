"""Evaluating a case: facts → both engines → an evaluation on record. The machine's failure is an incident, never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from ...core.errors import InputError, NotFoundError
from ...core.exactjson import dumps, loads
from ...core.findings import Finding
from ...core.numbers import decimal_text, display_text
from ...store import models as db
from ...store.queries import rows
from ..context import Context, require
from ..reading import latest_evaluation, load_case, open_disputes
from .facts import Collected, collect

RATING = "predikat"
DISPUTED = "sanggahan_belum_diputus"


def evaluate_case(context: Context, case: Any) -> dict[str, Any]:
    """The `evaluate` operation: keep an evaluation by the release in force and answer its outputs for the process's conditions.

    Raises what the engines raise (InputError, RuleError, IncidentError) and InputError(`sanggahan_belum_diputus`); the caller turns
    it into an incident.
    """
    require_settled(case)
    city = context.city
    release = city.release()
    collected = collect(case, city.policy(release.fingerprint))
    finding = city.evaluate(release.fingerprint, collected.document, case.last)
    keep(context, case, release, collected, finding)
    return {name: value for name, value in finding.outcome.outputs.items() if isinstance(value, str | bool | Fraction)}


def require_settled(case: Any) -> None:
    """A disputed actual counts as not rated, so that disputing a poor one would lift the result: first it is decided.

    Raises InputError(`sanggahan_belum_diputus`).
    """
    disputed = open_disputes([case.id])
    if disputed:
        codes = ", ".join(code for (code,) in rows(db.PlanItem.select(db.PlanItem.code).where(db.PlanItem.id << list(disputed))))
        raise InputError(
            DISPUTED,
            f"realisasi {codes} masih disanggah; hasil tidak dihitung sebelum sanggahannya diputus",
            f"the actual of {codes} is disputed still; no result is computed before that is decided",
            remedy_id="atasan pejabat penilai atau BKPSDM memutusnya di halaman pemantauan kasus ini",
            remedy_en="the appraiser's superior or HR decide it on the monitoring page of this case",
        )


def decide_with(context: Context, decision: str, data: Mapping[str, Any], on: date) -> dict[str, Any]:
    """The outputs of one decision on values named like its inputs, by the release in force."""
    fingerprint = context.city.release().fingerprint
    inputs = context.city.policy(fingerprint).decision(decision, on)[0].inputs
    given = {one.name: data[one.name] for one in inputs if one.name in data}
    return dict(context.city.decide(fingerprint, decision, given, on).outcome.outputs)


def keep(context: Context, case: Any, release: Any, collected: Collected, finding: Finding) -> Any:
    """Write the evaluation and the case's rating; earlier evaluations stay."""
    row = db.Evaluation.create(
        case=case, on_day=case.last, release=release, facts=storable(collected.document), finding=storable(finding.as_json()),
        evidence=storable(collected.evidence), evaluated_at=context.city.clock.now(),
    )  # fmt: skip
    rating = finding.outcome.outputs.get(RATING)
    if isinstance(rating, str):
        db.Case.update(rating=rating).where(db.Case.id == case.id).execute()
        case.rating = rating
    return row


def recompute(context: Context, case_id: int) -> tuple[bool, dict[str, Any], dict[str, Any]]:
    """Run the latest evaluation again from its stored facts on its own release: (same, stored outputs, outputs now)."""
    case = load_case(case_id)
    require(context, "case.read", case)
    row = latest_evaluation(case_id)
    if row is None:
        raise NotFoundError("belum_dievaluasi", "kasus ini belum dievaluasi", "this case has not been evaluated")
    stored, now = again(context, row)
    return now["outputs"] == stored["outputs"], stored["outputs"], now["outputs"]


def again(context: Context, row: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an evaluation (joined with its release) said, and what both engines say today of its stored facts on that release.

    Outputs and items; not the words of the trace, which are the software's. Raises what the engines raise.
    """
    finding = context.city.evaluate(row.release.fingerprint, row.facts, row.on_day)
    said = loads(dumps(storable(finding.as_json())))  # in the form in which the earlier ones are kept
    words = ("trace", "release", "warnings")
    stored, now = ({name: value for name, value in one.items() if name not in words} for one in (row.finding, said))
    return stored, now


def storable(value: Any) -> Any:
    """Plain values for exact JSON: a fraction without a finite expansion (an exact intermediate of a trace) becomes "n/d"."""
    if isinstance(value, Fraction):
        try:
            decimal_text(value)
        except ValueError:
            return display_text(value)
        return value
    if isinstance(value, dict):
        return {str(key): storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [storable(item) for item in value]
    return value
