"""The history of a city's rules on its two time axes: which release was in force when ("known time"), and which versions of its
decisions and figures hold on which day ("effective date"). Read from the ledger, which nobody can edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import peewee

from ...core.clock import JAKARTA
from ...core.errors import InputError, NotFoundError
from ...core.exactjson import loads
from ...policy.model import Policy
from ...store import models as db
from ..context import Context, require

ACTS = ("rules.submit", "rules.approve", "rules.refuse", "rules.withdraw")


@dataclass(frozen=True, slots=True)
class Event:
    """One act on a release. act: submit, approve, refuse, withdraw. note: the reason given, or "". touched: decisions that the
    release decides otherwise, as told when it was approved; None where nobody looked."""

    seq: int
    at: datetime
    actor: str
    act: str
    fingerprint: str
    title: str
    note: str
    touched: int | None

    def as_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq, "at": self.at, "actor": self.actor, "act": self.act, "fingerprint": self.fingerprint,
            "title": self.title, "note": self.note, "touched": self.touched,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Holding:
    """What holds on a day. decisions: name → (file:line, in force on that day); parameters: name → value on it, None for no value;
    standards: names."""

    release: str
    title: str
    known: datetime
    on: date
    decisions: Mapping[str, tuple[str, bool]]
    parameters: Mapping[str, Any]
    standards: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "release": self.release, "title": self.title, "known": self.known, "on": self.on,
            "decisions": {name: {"place": place, "in_force": held} for name, (place, held) in self.decisions.items()},
            "parameters": {name: _plain(value) for name, value in self.parameters.items()},
            "standards": list(self.standards),
        }  # fmt: skip


def find(context: Context, beginning: str) -> str:
    """The whole fingerprint that begins so (at least six digits); NotFoundError, or InputError when several do."""
    require(context, "rules.read")
    table = db.Release
    begins = peewee.fn.SUBSTR(table.fingerprint, 1, len(beginning)) == beginning
    found = [row.fingerprint for row in table.select(table.fingerprint).where(begins).limit(2)]
    if len(found) == 2 or len(beginning) < 6:
        raise InputError(
            "sidik_terlalu_pendek",
            f"“{beginning}” belum menunjuk satu rilis",
            f'"{beginning}" does not name one release',
            remedy_id="tulis lebih banyak huruf sidiknya",
            remedy_en="give more of its fingerprint",
        )
    if not found:
        raise NotFoundError("rilis_tidak_ada", f"rilis {beginning[:12]} tidak ada", f"no release {beginning[:12]}")
    return str(found[0])


def log(context: Context) -> tuple[Event, ...]:
    """What was done to releases, in order."""
    require(context, "rules.read")
    titles = {row.fingerprint: row.title for row in db.Release.select(db.Release.fingerprint, db.Release.title)}
    table = db.LedgerEntry
    found = []
    for row in table.select().where(table.act.in_(ACTS)).order_by(table.seq):
        payload = loads(row.payload)
        fingerprint = str(payload.get("fingerprint", row.subject.removeprefix("release:")))
        effects = payload.get("effects")
        touched = len(effects["touched"]) if effects else None
        title = titles.get(fingerprint, "")
        act = row.act.removeprefix("rules.")
        found.append(Event(row.seq, row.at, row.actor, act, fingerprint, title, str(payload.get("reason", "")), touched))
    return tuple(found)


def in_force_at(context: Context, instant: datetime) -> str:
    """The release in force for evaluations made at that instant; NotFoundError(`belum_ada_rilis`) before the first."""
    found = _last_standing(event for event in log(context) if event.at <= instant)
    if found is None:
        raise NotFoundError("belum_ada_rilis", "saat itu belum ada rilis yang berlaku", "no release was in force then")
    return found


def before(context: Context, fingerprint: str) -> str | None:
    """The release whose place a published one took; None for the first, and for one that was never published."""
    events = log(context)
    approved = next((one.seq for one in events if one.act == "approve" and one.fingerprint == fingerprint), None)
    return None if approved is None else _last_standing(one for one in events if one.seq < approved)


def _last_standing(events: Iterable[Event]) -> str | None:
    standing: list[str] = []
    for event in events:
        if event.act == "approve":
            standing.append(event.fingerprint)
        elif event.act == "withdraw" and event.fingerprint in standing:
            standing.remove(event.fingerprint)
    return standing[-1] if standing else None


def at(context: Context, on: date, known: date | None = None) -> Holding:
    """What holds on the day `on`, by the release in force at the end of the day `known` (now, when None)."""
    instant = context.city.clock.now() if known is None else datetime.combine(known, time.max, JAKARTA)
    fingerprint = in_force_at(context, instant)
    policy: Policy = context.city.policy(fingerprint)
    decisions = {}
    for name in policy.order:
        version, holds = policy.decision(name, on)
        decisions[name] = (str(version.place), holds)
    parameters = {
        name: dated.value if (dated := parameter.on(on)) is not None else None for name, parameter in policy.parameters.items()
    }
    standards = tuple(sorted({one.name for one in policy.standards if one.effective.holds(on)}))
    return Holding(fingerprint, policy.title, instant, on, decisions, parameters, standards)


def rested_on(context: Context, fingerprint: str) -> int:
    """How many cases were decided last on this release: what its withdrawal leaves as it is."""
    require(context, "rules.read")
    table = db.Evaluation
    newest = table.select(peewee.fn.MAX(table.id)).group_by(table.case)
    return int(table.select().join(db.Release).where(table.id.in_(newest), db.Release.fingerprint == fingerprint).count())


def _plain(value: Any) -> Any:
    """Keys of JSON objects are texts."""
    return {str(key): entry for key, entry in value.items()} if isinstance(value, Mapping) else value
