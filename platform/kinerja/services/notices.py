"""Telling people: what processes announce, to whom, and the list each person reads. Words are data, by the template's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from ..core.errors import ForbiddenError, NotFoundError
from ..core.numbers import display_text
from ..process import Text
from ..store import models as db
from ..store.queries import objects, rows
from .context import Context
from .flow import ASSIGNED
from .papers.contents import WINDOW
from .reading import about

APPRAISED = ("PNS", "PPPK", "CPNS")
BATCH = 500
OTHER = Text("Ada kabar tentang kasus {nama} ({siklus}).", "There is news of the case of {nama} ({siklus}).")
"""For versions of a process that were loaded before their notices had words."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """link: what it is about, "case:12"."""

    id: int
    text: str
    text_en: str
    link: str
    created_at: datetime
    read_at: datetime | None


def notify(context: Context, case: Any, data: Mapping[str, Any]) -> int:
    """Write a notice for each person the task names; how many.

    `to`: a role of the case, or one held for its unit; `pegawai` of a case about no one person is everyone it concerns.
    """
    wanted = data.get("_task", {})
    words = context.city.definition(case.process).words
    text = words.get(f"{wanted.get('process', '')}/{wanted.get('template', '')}", OTHER)
    return tell(context, case, holders_of(context, case, str(wanted.get("to", "pegawai"))), text, data.get(WINDOW))


def tell(context: Context, case: Any, people: Iterable[int], text: Text, days: Any = None) -> int:
    """Write one notice for each of the people about a case, in both languages; how many."""
    filled = {
        "nama": about(case), "siklus": case.cycle.title if case.cycle_id else case.title, "judul": case.title or about(case),
        "hari": "–" if days is None else display_text(days),
    }  # fmt: skip
    said = {"text": text.id.format_map(filled), "text_en": text.en.format_map(filled)}
    at = context.city.clock.now()
    told = [{"person": person, **said, "link": f"case:{case.id}", "created_at": at} for person in people]
    for batch in peewee.chunked(told, BATCH):
        db.Notice.insert_many(batch).execute()
    return len(told)


def plain(text: str) -> str:
    """Words for `tell` that are no template: braces mean themselves."""
    return text.replace("{", "{{").replace("}", "}}")


def mine(context: Context, limit: int = 50) -> tuple[NoticeView, ...]:
    """The actor's notices, unread first, the newest first."""
    query = (
        db.Notice.select(db.Notice)
        .join(db.Person)
        .where(db.Person.nip == context.actor.nip)
        .order_by(db.Notice.read_at.is_null(False), db.Notice.id.desc())
        .limit(limit)
    )
    return tuple(
        NoticeView(row.id, row.text, row.text_en or row.text, row.link, row.created_at, row.read_at) for row in objects(query)
    )


def unread(context: Context) -> int:
    """How many notices the actor has not read."""
    waiting = db.Notice.select().join(db.Person).where(db.Person.nip == context.actor.nip, db.Notice.read_at.is_null())
    return int(waiting.count()) if context.actor.nip else 0


def mark_all_read(context: Context) -> int:
    """Mark every notice of the actor as read; how many were not."""
    person = db.Person.select(db.Person.id).where(db.Person.nip == context.actor.nip)
    with context.city.store.transaction():
        update = db.Notice.update(read_at=context.city.clock.now())
        return int(update.where(db.Notice.person << person, db.Notice.read_at.is_null()).execute())


def mark_read(context: Context, notice_id: int) -> str:
    """Mark one of the actor's own notices as read and say what it is about; reading again changes nothing."""
    notice: Any = db.Notice.get_or_none(db.Notice.id == notice_id)
    if notice is None:
        raise NotFoundError("kabar_tidak_ada", "kabar ini tidak ada", "there is no such notice")
    if notice.person.nip != context.actor.nip:
        raise ForbiddenError("bukan_kabar_anda", "kabar ini bukan untuk Anda", "this notice is not yours")
    with context.city.store.transaction():
        unread = (db.Notice.id == notice_id) & db.Notice.read_at.is_null()
        db.Notice.update(read_at=context.city.clock.now()).where(unread).execute()
    return str(notice.link)


def holders_of(context: Context, case: Any, role: str) -> list[int]:
    """Ids of the people who hold a role for a case: one of its own people, or whoever has the role for its unit."""
    if role == "pegawai" and case.person_id is None:
        everyone = db.Person.select(db.Person.id).where(db.Person.active == True, db.Person.status << APPRAISED)  # noqa: E712
        if case.unit_id is not None:
            within = context.city.units.below([case.unit.code])
            serving = db.Assignment.select(db.Assignment.person).join(db.Position).where(db.Position.unit << list(within))
            everyone = everyone.where(db.Person.id << serving)
        return [person for (person,) in rows(everyone.order_by(db.Person.id))]
    if role in ASSIGNED:
        person = getattr(case, ASSIGNED[role])
        return [] if person is None else [person]
    places = None if case.unit_id is None else context.city.units.codes_above(case.unit_id)
    query = (
        db.User.select(db.User.person, db.Unit.code)
        .join(db.UserRole)
        .join(db.Role)
        .switch(db.UserRole)
        .join(db.Unit, "LEFT OUTER JOIN")
        .where(db.Role.name == role, db.User.active == True, db.User.person.is_null(False))  # noqa: E712
    )
    return sorted({person for person, unit in rows(query) if unit is None or places is None or unit in places})
