"""Reactions of the rules to what happens in running cases: looked for once a day and right after an import, each fired once,
with its facts.

A task that the city has a process for begins a case of it (coaching, papers for an examination); everything else is told to
whom the rule names. Nothing is decided about anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.errors import BusyError, ConflictError, KinerjaError, NotFoundError
from ...engine.reactions import Reacted
from ...process import Text
from ...store import models as db
from ...store.queries import rows
from ..acts import Done, perform
from ..context import SYSTEM, WHOLE_CITY, Context, require
from ..evaluation.decide import storable
from ..flow import stopped
from ..notices import holders_of, plain, tell
from ..reading import APPRAISALS, load_case
from .discipline import start_papers
from .followup import COACHING, start_coaching
from .happenings import happenings
from .lapsing import AGAIN, acted_on, bare_key, of_person, recheck
from .lapsing import chosen as firings

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class FiringView:
    """A reaction that fired on a case. facts: the happenings, [{kind, on, …fields}]. started: the case it began, None for none.

    lapsed: since when the records do not bear it out any more, None while they do.
    """

    title_id: str
    title_en: str
    act: str
    role: str
    text_id: str
    text_en: str
    facts: tuple[Mapping[str, Any], ...]
    place: str
    at: datetime
    started: int | None
    lapsed: datetime | None = None


def daily(context: Context) -> int:
    """Look at every open appraisal case, once a day; how many reactions fired."""
    require(context, "process.load", unit=WHOLE_CITY)
    release = context.city.find_release()
    key = f"reaksi-{context.city.today()}"
    if release is None or db.Receipt.get_or_none(db.Receipt.key == key) is not None:
        return 0
    if not context.city.policy(release.fingerprint).reactions:
        return 0
    fired = _look_at(context, db.Case.state == "open")
    _look_back(context)

    def work() -> Done:
        return Done("reactions", f"{fired} reaksi", f"{fired} reactions", payload={"fired": fired}, values={"fired": fired})

    perform(context, "reaction.round", work, key)
    return fired


def after(context: Context, people: Iterable[int]) -> int:
    """Look at the open appraisal cases of people whose records have just come in; how many reactions fired.

    Whatever it does not get to, the daily round does: every firing has its key.
    """
    if context.city.find_release() is None:
        return 0
    system, touched = Context(context.city, SYSTEM), sorted(set(people))
    parts = [touched[start : start + AT_ONCE] for start in range(0, len(touched), AT_ONCE)]
    fired = 0
    for part in parts:
        fired += _look_at(system, (db.Case.state == "open") & (db.Case.person << part))
        _look_back(system, db.Case.person << part)
    return fired


def _look_at(context: Context, chosen: Any) -> int:
    fired = 0
    for (case,) in list(rows(db.Case.select(db.Case.id).where(APPRAISALS, chosen).order_by(db.Case.id))):
        try:
            fired += len(look(context, case))
        except (ConflictError, BusyError):
            continue  # somebody else moves it: tomorrow is another day
        except KinerjaError as error:
            stopped(context, case, error)  # the machine failed on it, or its facts are not as the rules say: the others go on
    return fired


def _look_back(context: Context, chosen: Any = True) -> None:
    """Firings whose appraisal is closed, while what they began goes on: has their ground stayed?"""
    begun = db.Case.alias()
    query = (
        db.Firing.select(db.Case.id, db.Case.person)
        .join(db.Case, on=(db.Firing.case == db.Case.id))
        .join(begun, on=(db.Firing.started == begun.id))
        .where(db.Case.state == "closed", begun.state != "closed", chosen)
    )
    for case, person in sorted(set(rows(query))):
        try:
            recheck(context, person)
        except (ConflictError, BusyError):
            continue
        except KinerjaError as error:
            stopped(context, case, error)


def look(context: Context, case_id: int) -> tuple[str, ...]:
    """Fire what the rules in force find in one case today and have not found before; the keys that fired.

    First the earlier firings about its person are looked at again: late facts may have taken their ground away (`lapsing`).
    """
    require(context, "process.load", unit=WHOLE_CITY)
    case = load_case(case_id)
    fingerprint = context.city.release().fingerprint
    today = context.city.today()
    recheck(context, case.person_id)
    before = of_person(case.person_id)
    known = [bare_key(row) for row in before if row.lapsed is None]
    found = context.city.react(fingerprint, happenings(context, case, fingerprint, today), today, known)
    new = [one for one in found if not acted_on(before, one)]
    return tuple(_fire(context, case, fingerprint, sum(bare_key(row) == one.match.key for row in before), one) for one in new)


def views(case_id: int) -> tuple[FiringView, ...]:
    """What fired on a case, or began it, oldest first."""
    return tuple(
        FiringView(
            row.title_id, row.title_en, row.act, row.role, row.text_id, row.text_en, tuple(row.facts), row.place, row.fired_at,
            row.started_id, row.lapsed,
        )
        for row in firings((db.Firing.case == case_id) | (db.Firing.started == case_id))
    )  # fmt: skip


def _fire(context: Context, case: Any, fingerprint: str, lapsed: int, reacted: Reacted) -> str:
    """lapsed: how many firings of the same key did not stand."""
    then, match = reacted.reaction.then, reacted.match
    key = f"{case.person_id}:{match.key}{f'{AGAIN}{lapsed + 1}' if lapsed else ''}"
    facts = [{"kind": one.kind, "on": one.on, **one.values} for one in reacted.happenings]

    def work() -> Done:
        row = db.Firing.create(
            key=key, case=case.id, reaction=match.reaction, title_id=reacted.reaction.label.id,
            title_en=reacted.reaction.label.en, act=then.act, name=then.name, role=then.role, text_id=reacted.text_id,
            text_en=reacted.text_en, facts=storable(facts), release=fingerprint, place=str(reacted.reaction.place),
            fired_at=context.city.clock.now(),
        )  # fmt: skip
        started = _started(context, case, then.name) if then.act == "task" else None
        if started is not None:
            db.Firing.update(started=started).where(db.Firing.id == row.id).execute()
        said = Text(plain(f"{case.person.name}: {then.text.id}"), plain(f"{case.person.name}: {then.text.en}"))
        told = tell(context, case, holders_of(context, case, then.role), said)
        payload = {"reaction": match.reaction, "key": match.key, "act": then.act, "facts": storable(facts), "told": told}
        return Done(
            f"case:{case.id}",
            f"{reacted.reaction.label.id} – {case.person.name}",
            f"{reacted.reaction.label.en}: {case.person.name}",
            payload=payload | {"started": started},
            values={"firing": row.id},
        )

    perform(context, "reaction.fire", work, key=f"reaksi:{lapsed}:{key}"[:120] if lapsed else f"reaksi:{key}"[:120])
    return str(match.key)


STARTS: Mapping[str, Callable[[Context, Any], int]] = {COACHING: start_coaching, "berkas_disiplin": start_papers}
"""Task that a reaction names → what begins a case of the process for it; any other is told and done by hand."""


def _started(context: Context, case: Any, task: str) -> int | None:
    try:
        return STARTS[task](context, case) if task in STARTS else None
    except NotFoundError:  # a city without that process: whom the rule names is told all the same
        return None
