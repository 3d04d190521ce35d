"""Reactions whose facts did not stay: a record that came later took their ground away, or gave it back. Told once, to whom the
reaction was told; what it began goes on until somebody decides about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ...engine.reactions import Reacted
from ...policy.reactions import InARow, Missing, Total
from ...process import Text
from ...store import models as db
from ...store.queries import objects, rows
from ..acts import Done, perform
from ..context import Context
from ..notices import holders_of, plain, tell
from ..reading import load_case, open_disputes
from .happenings import happenings

AGAIN = "~"
"""Between a key and the number of its firing, where the same was found anew after an earlier firing had lapsed."""
LAPSED = Text(
    "{nama}: menurut catatan sekarang, “%s” tidak berdasar lagi. Yang sudah dimulai tidak dihentikan; periksa apakah masih perlu.",
    '{nama}: by the records as they are now, "%s" has no ground any more. What was begun goes on; look whether it is still needed.',
)
STANDS = Text(
    "{nama}: menurut catatan sekarang, “%s” berdasar lagi.", '{nama}: by the records as they are now, "%s" has its ground again.'
)


_GONE, _BACK = ("tidak berdasar lagi", "has no ground any more"), ("berdasar lagi", "has its ground again")


def recheck(context: Context, person: int) -> int:
    """Ask of each firing about a person that is still of use whether its day would find it today; how many changed.

    A disputed actual is no answer yet: its case waits. Reminders of what was missing are over with their day.
    """
    found: dict[tuple[int, str, date], Sequence[Reacted]] = {}
    changes = 0
    for row in of_person(person):
        place = (row.case_id, row.release, row.fired_at.date())
        if not _alive(row) or _a_reminder(context, row) or open_disputes([row.case_id]):
            continue
        if place not in found:
            found[place] = _found(context, *place)
        lapsed = not any(_is(row, one) for one in found[place])
        if lapsed != (row.lapsed is not None):
            _say(context, row, lapsed)
            changes += 1
    return changes


def of_person(person: int) -> list[Any]:
    """The firings about a person, the oldest first, as `chosen` gives them."""
    return chosen(db.Firing.key.startswith(f"{person}:"))


def chosen(which: Any) -> list[Any]:
    """Firings, the oldest first, with `lapsed`: since when each has lapsed, None for one that stands."""
    found = list(objects(db.Firing.select().where(which).order_by(db.Firing.id)))
    query = db.Lapse.select(db.Lapse.firing, db.Lapse.seen_at)
    since = dict(rows(query.where(db.Lapse.firing << ([row.id for row in found] or [0]))))
    for row in found:
        row.lapsed = since.get(row.id)
    return found


def acted_on(firings: Sequence[Any], found: Reacted) -> bool:
    """Whether a firing that stands is of what was found: of its key, or of the same unbroken run, however far it was known then."""
    form = found.reaction.form
    run = isinstance(form, InARow) and form.once
    days = frozenset((one.kind, one.on.isoformat()) for one in found.happenings) if run else frozenset()
    standing = [row for row in firings if row.lapsed is None and row.reaction == found.match.reaction]
    return any(bare_key(row) == found.match.key or bool(days & _days(row)) for row in standing)


def bare_key(row: Any) -> str:
    """The idempotency key as the reaction has it."""
    return str(row.key).partition(":")[2].partition(AGAIN)[0]


def _days(row: Any) -> frozenset[tuple[str, str]]:
    """What a firing rests on: kind and day of each fact. A figure that was mended and still tells the same is the same fact."""
    return frozenset((str(one["kind"]), str(one["on"])) for one in row.facts)


def _alive(row: Any) -> bool:
    """There is still something to do about it: its case runs, or the one it began."""
    ids = [one for one in (row.case_id, row.started_id) if one is not None]
    return bool(db.Case.select().where(db.Case.id << ids, db.Case.state != "closed").exists())


def _found(context: Context, case_id: int, fingerprint: str, day: date) -> Sequence[Reacted]:
    """What the rules of a firing find today of its day."""
    return context.city.react(fingerprint, happenings(context, load_case(case_id), fingerprint, day), day, ())


def _is(row: Any, one: Reacted) -> bool:
    """A finding that holds all its facts: of the same key, or with more of them of a longer run or a higher threshold."""
    days = frozenset((fact.kind, fact.on.isoformat()) for fact in one.happenings)
    grows = isinstance(one.reaction.form, InARow | Total)
    return one.match.reaction == row.reaction and _days(row) <= days and (grows or one.match.key == bare_key(row))


def _a_reminder(context: Context, row: Any) -> bool:
    reactions = context.city.policy(row.release).reactions
    return any(one.name == row.reaction and isinstance(one.form, Missing) for one in reactions)


def _say(context: Context, row: Any, lapsed: bool) -> None:
    case, at = load_case(row.case_id), context.city.clock.now()

    def work() -> Done:
        if lapsed:
            db.Lapse.create(firing=row.id, seen_at=at)
        else:
            db.Lapse.delete().where(db.Lapse.firing == row.id).execute()
        words = LAPSED if lapsed else STANDS
        said = Text(words.id % plain(row.title_id), words.en % plain(row.title_en))
        told = tell(context, case, holders_of(context, case, row.role), said)
        verb_id, verb_en = _GONE if lapsed else _BACK
        return Done(
            f"case:{case.id}",
            f"{row.title_id} – {case.person.name}: {verb_id}",
            f"{row.title_en}, {case.person.name}: {verb_en}",
            payload={"reaction": row.reaction, "key": row.key, "facts": row.facts, "started": row.started_id, "told": told},
            values={"firing": row.id},
        )

    once_a_day = f"{row.id}:{context.city.today()}"
    if lapsed:
        perform(context, "reaction.lapse", work, key=f"gugur:{once_a_day}")
    else:
        perform(context, "reaction.stand", work, key=f"tegak:{once_a_day}")
