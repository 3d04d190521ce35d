"""All obligations of a policy: per table, per output, per declared direction, per post; on every day on which a figure changes.

Decisions compose: what one decision proves of its outputs is what the next one assumes of its inputs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from ...core.errors import KinerjaError
from ..check.graph import closure
from ..diagnostics import make
from ..model import Decision, Policy, Table
from .chain import check_chain
from .concrete import world_on
from .conditions import NotSimple
from .domain import who
from .grid import check_rows, lay_out
from .monotone import check_monotone
from .obligation import Obligation, ProofReport, Verdict, discharge
from .solve import Session, check_failures, check_output, open_session
from .solve import check_rows as check_rows_by_solver
from .standards import check_standards
from .terms import NotEncodable

IN_FORCE = ("parameter berlaku", "parameters in force")


def prove_policy(policy: Policy, decisions: tuple[str, ...] | None = None) -> ProofReport:
    """Discharge every obligation of these decisions (all, and the standards, when None). Unknown counts as failed."""
    begun = time.perf_counter()
    found: list[Obligation] = []
    for name in policy.order:
        if decisions is None or name in decisions:
            for version in policy.decisions[name]:
                found += prove_decision(policy, version)
    if decisions is None:
        for position in sorted({position for standard in policy.standards for position in standard.positions}):
            place = next(standard.place for standard in policy.standards if position in standard.positions)
            found.append(discharge(position, ("tepat satu standar", "exactly one standard"), place, _standards(policy, position)))
    return ProofReport(tuple(found), time.perf_counter() - begun)


def prove_decision(policy: Policy, decision: Decision) -> list[Obligation]:
    """The obligations of one version of a decision, on the days on which a parameter it reads changes."""
    days = epochs(policy, decision)
    found = [discharge(decision.name, IN_FORCE, decision.place, lambda: _covered(policy, decision))]
    for day in days:
        since = (f" sejak {day}", f" since {day}") if len(days) > 1 else ("", "")
        found += _on(policy, decision, day, since)
    return found


def epochs(policy: Policy, decision: Decision) -> list[date]:
    """The first day of the version, and each later day in force on which a parameter that it reads gets another value."""
    effective = decision.effective
    changes = {
        dated.effective.first
        for name in _read(policy, decision)
        for dated in policy.parameters[name].values
        if dated.effective.first > effective.first and effective.holds(dated.effective.first)
    }
    return [effective.first, *sorted(changes)]


def _read(policy: Policy, decision: Decision) -> set[str]:
    """Parameters of a decision and of those it may call."""
    names = set(decision.requires_parameters)
    for name in closure(decision.requires_decisions, policy.decisions):
        for version in policy.decisions[name]:
            names |= set(version.requires_parameters)
    return names


def _covered(policy: Policy, decision: Decision) -> Verdict:
    """Each parameter has a value on every day on which the decision is in force."""
    found = []
    for name in decision.requires_parameters:
        day: date | None = decision.effective.first
        while day is not None and decision.effective.holds(day):
            dated = policy.parameters[name].on(day)
            if dated is None:
                case = who(policy, decision, {"tanggal": day})
                found.append(make("P111", policy.parameters[name].place, error=f"parameter_tidak_ada: {name}", **case))
                break
            day = dated.effective.last + timedelta(days=1) if dated.effective.last is not None else None
    return Verdict("dates", tuple(found))


def _on(policy: Policy, decision: Decision, day: date, since: tuple[str, str]) -> Iterator[Obligation]:
    def claim(text_id: str, text_en: str) -> tuple[str, str]:
        return text_id + since[0], text_en + since[1]

    world = world_on(policy, day)
    no_error = claim("tanpa galat", "no error")
    session: Session | None = None
    if isinstance(decision.logic, Table):
        place = decision.logic.columns[0].place if decision.logic.columns else decision.place
        yield discharge(decision.name, claim("tepat satu jawaban", "exactly one answer"), place, _rows(policy, decision, day))
    try:
        session = open_session(policy, decision, world)
    except NotEncodable as error:
        reason = str(error) or "di luar bagian yang dapat dibuktikan / outside what can be proved"
        yield discharge(decision.name, no_error, decision.place, lambda: Verdict("z3", unknown=reason))
    if session is not None:
        opened = session
        yield discharge(decision.name, no_error, decision.place, lambda: check_failures(opened))
        for output in decision.outputs:
            kinds = claim(f"{output.name} dalam rentang", f"{output.name} within its range")
            yield discharge(decision.name, kinds, output.place, lambda output=output: check_output(opened, output))  # type: ignore[misc]
    for name, direction in decision.monotone.items():
        kinds = claim(f"monoton {name} {direction}", f"monotone {name} {direction}")
        yield discharge(decision.name, kinds, decision.place, _follows(policy, decision, name, direction, day))


def _follows(policy: Policy, decision: Decision, name: str, direction: str, day: date) -> Callable[[], Verdict]:
    if name.partition(".")[0] in {given.name for given in decision.inputs}:
        return lambda: check_monotone(policy, decision, name, direction, world_on(policy, day))
    return lambda: check_chain(policy, decision, name, direction, day)


def _rows(policy: Policy, decision: Decision, day: date) -> Callable[[], Verdict]:
    def prove() -> Verdict:
        world = world_on(policy, day)
        try:
            return check_rows(lay_out(policy, decision, world))
        except (NotSimple, KinerjaError):
            pass
        try:
            return check_rows_by_solver(open_session(policy, decision, world))
        except NotEncodable:
            return Verdict("z3", unknown="sel di luar bagian yang dapat dibuktikan / cells outside what can be proved")

    return prove


def _standards(policy: Policy, position: str) -> Callable[[], Verdict]:
    return lambda: check_standards(policy, position)
