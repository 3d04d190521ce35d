"""Training and socialisation: events and who is invited, who came, and what people say they have read and understood."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee

from ...core.clock import JAKARTA
from ...core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from ...core.indonesian import long_date
from ...store import models as db
from ...store.queries import objects, rows, seats
from ..acts import Done, changed, perform
from ..context import WHOLE_CITY, Context, allowed, require, require_units
from ..views import Receipt

MAX_LIST = 5_000
RELEASE, EVENT = "release:", "event:"
BATCH = 500


@dataclass(frozen=True, slots=True)
class Event:
    """invites: in words. mine: the actor is invited; i_came: and was there. acknowledged: has read the material.

    came: how many were there, None for all but those who arrange events: several events of a few people would tell who.
    """

    id: int
    kind: str
    title: str
    starts: datetime
    place: str
    material: str
    called_off: bool
    invites: tuple[str, ...]
    invited: int
    came: int | None
    mine: bool
    i_came: bool
    acknowledged: bool
    past: bool
    version: int


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def create(
    context: Context,
    kind: str,
    title: str,
    starts: datetime,
    place: str,
    material: str = "",
    units: Sequence[str] = (),
    roles: Sequence[str] = (),
    key: str | None = None,
) -> Receipt:
    """Plan an event and tell the invited. units: codes, each with all below (none = the whole city); roles: holders of a role
    there ("" = everyone). values: {event, invited}."""
    require(context, "training.edit")
    require_units(context, "training.edit", [_unit(unit) if unit else WHOLE_CITY for unit in units])
    wanted = [(unit, role) for unit in (units or ("",)) for role in (roles or ("",))]

    def work() -> Done:
        if kind not in db.EVENT_KINDS:
            raise InputError("jenis_acara", f"jenis acara: {', '.join(db.EVENT_KINDS)}", f"kinds: {', '.join(db.EVENT_KINDS)}")
        for name, text in (("judul", title), ("tempat", place)):
            if not text.strip():
                raise InputError("acara_belum_lengkap", f"{name} belum diisi", "title and place are needed", field=name)
        if starts.tzinfo is None:
            raise InputError("waktu_tanpa_zona", "waktu acara tanpa zona waktu", "the time of the event has no zone")
        unknown = sorted({role for _, role in wanted if role and role not in db.ROLES})
        if unknown:
            raise InputError("peran_tidak_dikenal", f"peran {unknown[0]} tidak dikenal", f"unknown role {unknown[0]}")
        at = context.city.clock.now()
        event = db.TrainingEvent.create(
            kind=kind, title=title.strip(), starts=starts, place=place.strip(), material=material.strip(),
            created_by=context.actor.id, created_at=at,
        )  # fmt: skip
        for unit, role in wanted:
            db.TrainingInvite.create(event=event, unit=_unit(unit) if unit else None, role=role)
        people = invited(context, event)
        when = f"{long_date(starts.date())} pukul {starts:%H.%M}"
        tell_people(
            context, people, f"Undangan {kind}: {event.title}, {when}, {event.place}.",
            f"Invitation: {event.title}, {starts:%Y-%m-%d %H:%M}, {event.place}.", f"{EVENT}{event.id}", at,
        )  # fmt: skip
        return Done(
            f"training:{event.id}",
            f"{event.title} direncanakan; {len(people)} orang diundang",
            f"{event.title} planned; {len(people)} people invited",
            payload={"title": event.title, "starts": starts.isoformat(), "invites": [list(pair) for pair in wanted]},
            values={"event": event.id, "invited": len(people)},
        )

    return perform(context, "training.create", work, key)


def call_off(context: Context, event_id: int, key: str | None = None) -> Receipt:
    """An event does not take place; the invited are told. ConflictError(`sudah_berubah`) when it was called off before."""
    require(context, "training.edit")

    def work() -> Done:
        event = _own(context, event_id)
        update = db.TrainingEvent.update(called_off=True, version=db.TrainingEvent.version + 1)
        met = update.where(db.TrainingEvent.id == event_id, db.TrainingEvent.called_off == False).execute()  # noqa: E712
        changed(met, "acara ini sudah dibatalkan", "this event has been called off already")
        at = context.city.clock.now()
        tell_people(
            context,
            invited(context, event),
            f"{event.title} dibatalkan.",
            f"{event.title} is called off.",
            f"{EVENT}{event_id}",
            at,
        )
        return Done(f"training:{event_id}", f"{event.title} dibatalkan", f"{event.title} called off")

    return perform(context, "training.call_off", work, key)


def invited(context: Context, event: Any) -> list[int]:
    """Ids of the people an event invites: by the posts they hold on its day, or the roles they have."""
    day = event.starts.date()
    found: set[int] = set()
    for invite in objects(db.TrainingInvite.select().where(db.TrainingInvite.event == event.id)):
        places = None if invite.unit_id is None else context.city.units.below([invite.unit.code])
        if invite.role:
            found |= _holders(invite.role, places)
        else:
            conditions = [db.Person.active == True, db.Person.status != "pejabat_negara"]  # noqa: E712
            found |= {seat.person for seat in seats(*conditions) if seat.holds(day) and (places is None or seat.unit in places)}
    return sorted(found)


def _holders(role: str, places: frozenset[int] | None) -> set[int]:
    query = (
        db.User.select(db.User.person).join(db.UserRole).join(db.Role).where(db.Role.name == role, db.User.person.is_null(False))
    )
    people = {person for (person,) in rows(query)}
    if places is None:
        return people
    return people & {seat.person for seat in seats(db.Position.unit << list(places))}


def events(context: Context) -> tuple[Event, ...]:
    """All events: those to come first, the nearest first, then the past ones, the last first."""
    require(context, "training.read")
    now = context.city.clock.now()
    found = [_view(context, row, now) for row in db.TrainingEvent.select().order_by(db.TrainingEvent.starts)]
    return tuple([event for event in found if not event.past] + [event for event in reversed(found) if event.past])


def event(context: Context, event_id: int) -> Event:
    require(context, "training.read")
    return _view(context, load_event(event_id), context.city.clock.now())


def _view(context: Context, row: Any, now: datetime) -> Event:
    people = set(invited(context, row))
    came = {
        person
        for (person,) in rows(
            db.TrainingAttendance.select(db.TrainingAttendance.person).where(db.TrainingAttendance.event == row.id)
        )
    }
    me = _person(context)
    invites = tuple(
        " – ".join(part for part in (invite.unit.name if invite.unit_id else "", invite.role.replace("_", " ")) if part)
        for invite in objects(db.TrainingInvite.select().where(db.TrainingInvite.event == row.id).order_by(db.TrainingInvite.id))
    )
    counted = len(came) if allowed(context, "training.edit") else None
    return Event(
        row.id, row.kind, row.title, row.starts, row.place, row.material, row.called_off, tuple(i for i in invites if i),
        len(people), counted, me in people, me in came, f"{EVENT}{row.id}" in _acknowledged(me), row.starts < now, row.version,
    )  # fmt: skip


# ── attendance ────────────────────────────────────────────────────────────────────────────────────────────────────────
def read_list(text: str, file: str = "daftar hadir") -> list[str]:
    """NIPs of an attendance list: one a line, or a CSV whose heading names a column `nip`. Blanks inside a NIP are dropped.

    Raises InputError naming the line of the first row that is no NIP.
    """
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";" if ";" in text.split("\n", 1)[0] else ","))
    if not any(lines):
        raise InputError("daftar_kosong", f"{file}: daftar hadir kosong", f"{file}: the list is empty")
    heading = [cell.strip().casefold() for cell in lines[0]]
    column = heading.index("nip") if "nip" in heading else 0
    found = []
    for number, line in enumerate(lines, 1):
        if (number == 1 and "nip" in heading) or not any(cell.strip() for cell in line):
            continue
        nip = "".join(line[column].split()) if column < len(line) else ""
        if not nip or len(nip) > 18 or not nip.isalnum():
            raise InputError(
                "nip_tidak_sah",
                f"{file}, baris {number}: “{nip[:30]}” bukan NIP",
                f'{file}, line {number}: "{nip[:30]}" is no NIP',
                line=number,
            )
        found.append(nip)
    if len(found) > MAX_LIST:
        raise InputError("daftar_terlalu_panjang", f"{file}: paling banyak {MAX_LIST} orang", f"{file}: at most {MAX_LIST} people")
    return found


def record_attendance(context: Context, event_id: int, nips: Iterable[str], source: str, key: str | None = None) -> Receipt:
    """Enter who came. People known to have come already change nothing. values: {recorded, known}.

    Raises NotFoundError(`pegawai_tidak_ada`) naming every unknown NIP, with nobody recorded; ConflictError(`acara_belum_mulai`).
    """
    require(context, "training.edit")
    given = list(dict.fromkeys(nips))

    def work() -> Done:
        event = _own(context, event_id)
        at = context.city.clock.now()
        if event.called_off or event.starts > at:
            raise ConflictError(
                "acara_belum_mulai", f"{event.title} belum berlangsung atau dibatalkan", "the event has not taken place"
            )
        ids = dict(rows(db.Person.select(db.Person.nip, db.Person.id).where(db.Person.nip << (given or [""]))))
        unknown = [nip for nip in given if nip not in ids]
        if unknown:
            names = ", ".join(unknown[:5])
            raise NotFoundError("pegawai_tidak_ada", f"NIP tidak dikenal: {names}", f"unknown NIP: {names}", nips=unknown)
        table = db.TrainingAttendance
        present = {person for (person,) in rows(table.select(table.person).where(table.event == event_id))}
        fresh = [
            {"event": event_id, "person": ids[nip], "source": source[:200], "recorded_by": context.actor.id, "recorded_at": at}
            for nip in given
            if ids[nip] not in present
        ]
        for batch in peewee.chunked(fresh, BATCH):
            table.insert_many(batch).execute()
        return Done(
            f"training:{event_id}",
            f"{len(fresh)} orang dicatat hadir pada {event.title}",
            f"{len(fresh)} people recorded as present at {event.title}",
            payload={"recorded": len(fresh), "source": source},
            values={"recorded": len(fresh), "known": len(given) - len(fresh)},
        )

    return perform(context, "training.attendance", work, key)


# ── read and understood ───────────────────────────────────────────────────────────────────────────────────────────────
def acknowledge(context: Context, subject: str, key: str | None = None) -> Receipt:
    """The actor has read and understood an event's material (`event:ID`) or the rules in force (`release:FINGERPRINT`)."""

    def work() -> Done:
        person = acting_person(context)
        release = context.city.find_release()
        if subject.startswith(EVENT):
            title = load_event(_number(subject.removeprefix(EVENT))).title
        elif release is not None and subject == f"{RELEASE}{release.fingerprint}":
            title = release.title
        else:
            raise NotFoundError(
                "pokok_tidak_ada", "yang hendak dinyatakan terbaca tidak ada", "there is nothing such to acknowledge"
            )
        known = db.Acknowledgement.get_or_none(db.Acknowledgement.person == person, db.Acknowledgement.subject == subject)
        if known is None:
            db.Acknowledgement.create(person=person, subject=subject, at=context.city.clock.now())
        return Done(
            f"person:{context.actor.nip}",
            f"{title}: dinyatakan terbaca dan dipahami",
            f"{title}: read and understood",
            payload={"subject": subject},
        )

    return perform(context, "training.acknowledge", work, key)


def release_acknowledged(context: Context) -> bool | None:
    """Whether the actor has acknowledged the rules in force; None where there are none, or the actor is nobody who works here."""
    release, person = context.city.find_release(), _person(context)
    return None if release is None or person is None else f"{RELEASE}{release.fingerprint}" in _acknowledged(person)


def _acknowledged(person: int | None) -> set[str]:
    return {
        subject
        for (subject,) in rows(db.Acknowledgement.select(db.Acknowledgement.subject).where(db.Acknowledgement.person == person))
    }


def moment(text: str) -> datetime:
    """A day and hour as people type them ("2026-07-20 09:00"), in WIB; InputError(`waktu_tidak_sah`)."""
    try:
        return datetime.fromisoformat(text.strip().replace(" ", "T")).replace(tzinfo=JAKARTA)
    except ValueError:
        raise InputError(
            "waktu_tidak_sah",
            f"“{text[:40]}” bukan waktu",
            f'"{text[:40]}" is no time',
            remedy_id="tulis 2026-07-20 09:00",
            remedy_en="write 2026-07-20 09:00",
        ) from None


# ── shared ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def tell_people(context: Context, people: Iterable[int], text_id: str, text_en: str, link: str, at: datetime) -> None:
    told: list[Mapping[str, Any]] = [
        {"person": person, "text": text_id, "text_en": text_en, "link": link, "created_at": at} for person in people
    ]
    for batch in peewee.chunked(told, BATCH):
        db.Notice.insert_many(batch).execute()


def _person(context: Context) -> int | None:
    found = db.Person.get_or_none(db.Person.nip == context.actor.nip) if context.actor.nip else None
    return None if found is None else int(found.id)


def acting_person(context: Context) -> int:
    person = _person(context)
    if person is None:
        raise ForbiddenError(
            "bukan_pegawai", "hanya pegawai yang terdaftar dapat melakukan ini", "only employees on record may do this"
        )
    return person


def _own(context: Context, event_id: int) -> Any:
    """An event of which the actor may change something: who may arrange one for each unit that it invites."""
    event = load_event(event_id)
    require_event(context, event_id)
    return event


def require_event(context: Context, event_id: int | None) -> None:
    """Raise unless the actor may arrange events in each unit that this one invites; None, or no unit: in the whole city."""
    invites = [] if event_id is None else objects(db.TrainingInvite.select().where(db.TrainingInvite.event == event_id))
    require_units(context, "training.edit", [invite.unit or WHOLE_CITY for invite in invites])


def may_edit(context: Context, event_id: int) -> bool:
    """Whether the actor may record attendance at an event and call it off."""
    try:
        require_event(context, event_id)
    except ForbiddenError:
        return False
    return True


def load_event(event_id: int) -> Any:
    """NotFoundError(`acara_tidak_ada`)."""
    row = db.TrainingEvent.get_or_none(db.TrainingEvent.id == event_id)
    if row is None:
        raise NotFoundError("acara_tidak_ada", "acara ini tidak ada", "there is no such event")
    return row


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _unit(code: str) -> Any:
    unit = db.Unit.get_or_none(db.Unit.code == code)
    if unit is None:
        raise NotFoundError("unit_tidak_ada", f"unit {code} tidak ada", f"no unit {code}")
    return unit
