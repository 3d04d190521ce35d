"""The people of a city as a population for a simulation: the last evaluated cycle's cases, a row for each month of theirs.

An evaluated case brings the very facts it was evaluated on, another one what is on record now; the month's attendance replaces that
of the evaluation. What the rules in force could not admit is left out and counted. Written once for each state of the records.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import peewee

from ...bulk.intake import Row, write_documents
from ...bulk.simulation import EMPLOYEE, MONTH
from ...core.errors import ConflictError, KinerjaError
from ...core.exactjson import dumps, loads
from ...policy import admit_case
from ...policy.facts import needed_facts
from ...policy.model import Policy
from ...store import models as db
from ...store.queries import objects, rows
from ..city import City
from ..cycles.cycle import PROCESS
from ..evaluation.decide import require_settled
from ..evaluation.facts import OF_A_MONTH, collect
from ..reading import CASE_JOINS
from ..visibility import decided_evaluation

FOLDER = "cache/simulasi"
KEPT = 3
COUNTED = (db.Case, db.PlanItem, db.Measurement, db.Judgement, db.Attendance, db.Evaluation, db.Position, db.Person)


@dataclass(frozen=True, slots=True)
class Member:
    """A case of the population. evaluation: id of the one its facts come from, None where they were collected now."""

    case: int
    nip: str
    agency: str
    evaluation: int | None


@dataclass(frozen=True, slots=True)
class Roster:
    """folder: kasus.parquet and its items, keyed case/month. facts: digest of what they hold. left_out: error code → cases."""

    folder: Path
    facts: str
    cycle: str
    on: date
    members: Mapping[str, Member]
    left_out: Mapping[str, int] = field(default_factory=dict)


def roster(city: City, policy: Policy) -> Roster | None:
    """The population of the city for these rules; None before there is a case."""
    cycle = latest_cycle()
    if cycle is None:
        return None
    place = city.folder / FOLDER / "pegawai"
    folder = place / _stamp(cycle, policy)
    if not (folder / "daftar.json").is_file():
        _write(place, folder, cycle, policy)
    held = loads((folder / "daftar.json").read_text("utf-8"), file=str(folder / "daftar.json"))
    members = {
        str(case): Member(int(case), nip, agency, None if evaluation is None else int(evaluation))
        for case, nip, agency, evaluation in held["members"]
    }
    left_out = {code: int(number) for code, number in held["left_out"].items()}
    return Roster(folder, held["facts"], cycle.code, cycle.last, members, left_out)


def latest_cycle() -> Any:
    """The latest cycle with an evaluation, else the latest with a case."""
    for joined in (db.Evaluation, db.Case):
        query = db.Cycle.select(db.Cycle).join(db.Case)
        query = query.join(db.Evaluation) if joined is db.Evaluation else query
        found = query.order_by(db.Cycle.last.desc(), db.Cycle.id.desc()).first()
        if found is not None:
            return found
    return None


def _stamp(cycle: Any, policy: Policy) -> str:
    """Names a state of the records, without reading them: how many rows, the last of them, how often they were edited."""
    parts: list[Any] = [cycle.id, cycle.first, cycle.last, policy.fingerprint]
    parts += [db.Dispute.select().where(db.Dispute.state == "open").count(), db.Dispute.select().count()]
    for table in COUNTED:
        version = peewee.fn.SUM(table.version) if hasattr(table, "version") else peewee.Value(0)
        parts += list(next(iter(rows(table.select(peewee.fn.COUNT(table.id), peewee.fn.MAX(table.id), version)))))
    return hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:32]


def _write(place: Path, folder: Path, cycle: Any, policy: Policy) -> None:
    place.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    members: list[tuple[int, str, str, int | None]] = []
    left_out: dict[str, int] = defaultdict(int)

    def admitted() -> Iterator[Row]:
        attendance = _attendance(cycle)
        known, needed = evaluated(cycle), needed_facts(policy)
        for case in CASE_JOINS().where(db.Case.cycle == cycle).order_by(db.Case.id):
            if case.process.process != PROCESS:
                continue
            try:
                evaluation, document = facts_of(case, policy, known)
                admit_case(policy, document, needed=needed)
            except KinerjaError as error:
                left_out[error.code] += 1
                continue
            members.append((case.id, case.person.nip, case.agency.code, evaluation))
            for month, facts in _months(case, policy, attendance.get(case.person_id, {})):
                row = {**document, "kasus": {**document["kasus"], **facts}}
                more = {EMPLOYEE: str(case.id), MONTH: month, "unit": case.agency.code}
                digest.update(f"{case.id} {month} {case.agency.code} {dumps(row)}\n".encode())
                yield f"{case.id}/{month}", more, row

    with tempfile.TemporaryDirectory(dir=place, prefix=".baru-") as temporary:
        part = Path(temporary) / "pegawai"
        write_documents(policy, admitted(), part, (EMPLOYEE, MONTH, "unit"))
        listed = {"facts": digest.hexdigest(), "members": members, "left_out": dict(left_out)}
        (part / "daftar.json").write_text(dumps(listed), "utf-8")
        try:
            part.rename(folder)
        except OSError:
            if not (folder / "daftar.json").is_file():  # another process was first: then its copy is as good as ours
                raise
    for old in sorted((one for one in place.iterdir() if one != folder), key=lambda one: one.stat().st_mtime)[: -KEPT + 1]:
        shutil.rmtree(old, ignore_errors=True)


def ended(case_id: int, state: str, rating: str | None) -> bool:
    """Whether a case was ended without a rating; what had been computed for it by then does not stand."""
    return state == "closed" and rating is None and decided_evaluation(case_id) is None


def facts_of(case: Any, policy: Policy, known: Mapping[int, tuple[int, dict[str, Any]]]) -> tuple[int | None, dict[str, Any]]:
    """(evaluation, facts document) of a case: of the one that is `evaluated`, else what is on record now.

    Raises ConflictError(`kasus_diakhiri`) for one that was ended without a rating, InputError(`sanggahan_belum_diputus`): neither
    has a result, and none is made up for it here.
    """
    if ended(case.id, case.state, case.rating):
        raise ConflictError(
            "kasus_diakhiri",
            "kasus ini diakhiri tanpa predikat",
            "this case was ended without a rating",
            remedy_id="alasannya ada dalam riwayat kasus",
            remedy_en="the history of the case says why",
        )
    if case.id in known:
        return known[case.id]
    require_settled(case)
    return None, collect(case, policy).document


def evaluated(cycle: Any) -> dict[int, tuple[int, dict[str, Any]]]:
    """Case id → its latest evaluation and the facts it was given."""
    table = db.Evaluation
    newest = table.select(peewee.fn.MAX(table.id)).join(db.Case).where(db.Case.cycle == cycle).group_by(table.case)
    found = table.select(table.id, table.case, table.facts).where(table.id.in_(newest))
    return {row.case_id: (row.id, row.facts) for row in objects(found)}


def _attendance(cycle: Any) -> dict[int, dict[str, list[Any]]]:
    """Person id → month → the days on which something is to be said, in order."""
    table = db.Attendance
    said = table.absent | table.minutes_late.is_null() | (table.minutes_late != 0)
    query = table.select(table.person, table.day, table.minutes_late, table.absent, table.excused)
    found: dict[int, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for day in objects(query.where(table.day.between(cycle.first, cycle.last), said).order_by(table.day)):
        found[day.person_id][f"{day.day:%Y-%m}"].append(day)
    return found


def _months(case: Any, policy: Policy, days: Mapping[str, list[Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each month of the case with the facts that its attendance gives; a month without records has nothing against it."""
    assumed = {one["fact"] for one in case.assumptions}  # what no record gives stays as it was declared
    chosen = {
        name: give for name, give in OF_A_MONTH.items() if name in policy.vocabulary.entities["kasus"].facts and name not in assumed
    }
    first = date(case.first.year, case.first.month, 1)
    while first <= case.last:
        month = f"{first:%Y-%m}"
        yield month, {name: give(days.get(month, ())) for name, give in chosen.items()}
        first = (first + timedelta(days=31)).replace(day=1)
