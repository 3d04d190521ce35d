"""The cases of a cycle as the files of a bulk run: the very facts they were evaluated on, or what is on record now.

A case that the rules cannot admit is no row: it is given back with its named error, to stand among the errors of the run.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ...bulk.intake import Row, write_documents, write_units
from ...bulk.single import Refusal, refusal
from ...bulk.strata import UNIT
from ...core.errors import KinerjaError, NotFoundError
from ...policy import admit_case
from ...policy.facts import needed_facts
from ...policy.model import Policy
from ...store import models as db
from ...store.queries import rows
from ..context import Context, require
from ..cycles.cycle import PROCESS
from ..reading import CASE_JOINS, load_cycle
from .roster import evaluated, facts_of, latest_cycle

ACHIEVEMENT = "capaian_organisasi"


@dataclass(frozen=True, slots=True)
class Written:
    """on: the last day of the cycle. refused: cases (by number) that could not be written, and why."""

    cycle: str
    on: date
    cases: int
    refused: tuple[tuple[str, Refusal], ...]


def write_cases(context: Context, policy: Policy, folder: Path, cycle_code: str | None = None) -> Written:
    """kasus.parquet and its items in a folder, keyed by the number of the case, with its agency as `unit`; and unit.parquet, what
    each agency achieved as an organisation where that is on record, for the rules about units.

    Raises NotFoundError for a cycle that there is not, ForbiddenError for who may not see the facts of everybody.
    """
    require(context, "simulation.people")
    cycle = load_cycle(cycle_code) if cycle_code is not None else latest_cycle()
    if cycle is None:
        raise NotFoundError("belum_ada_kasus", "kota ini belum punya kasus", "this city has no case yet")
    refused: list[tuple[str, Refusal]] = []
    known, needed = evaluated(cycle), needed_facts(policy)

    def admitted() -> Iterator[Row]:
        for case in CASE_JOINS().where(db.Case.cycle == cycle).order_by(db.Case.id):
            if case.process.process != PROCESS:
                continue
            try:
                _, document = facts_of(case, policy, known)
                admit_case(policy, document, needed=needed)
            except KinerjaError as error:
                refused.append((str(case.id), refusal(error)))
                continue
            yield str(case.id), {"unit": case.agency.code}, document

    cases = write_documents(policy, admitted(), folder, ("unit",))
    unit = policy.vocabulary.entities.get(UNIT)
    if unit is not None and ACHIEVEMENT in unit.facts:
        write_units(policy, _achievements(cycle), folder)
    return Written(cycle.code, cycle.last, cases, tuple(refused))


def _achievements(cycle: Any) -> dict[str, dict[str, str]]:
    """Code of an agency → what it achieved in the cycle, as recorded last."""
    table = db.UnitAchievement
    found = table.select(db.Unit.code, table.achievement).join(db.Unit).where(table.cycle == cycle).order_by(table.id)
    return {code: {ACHIEVEMENT: word} for code, word in rows(found)}
