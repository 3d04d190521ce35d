"""Questions about the appraisal and its rules, and their answers, for everybody to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ...core.errors import InputError, NotFoundError
from ...store import models as db
from ...store.queries import objects
from ..acts import Done, changed, perform
from ..context import WHOLE_CITY, Context, allowed, require
from ..views import Receipt
from .training import acting_person, load_event, require_event, tell_people

LEAST_TEXT = 10


@dataclass(frozen=True, slots=True)
class Question:
    """asker "" where the question is unsigned and the reader is not its asker or the office; answer "" while open."""

    id: int
    event: int | None
    text: str
    asker: str
    asked_at: datetime
    answer: str
    answered_by: str
    answered_at: datetime | None


def ask(context: Context, text: str, event_id: int | None = None, unsigned: bool = False, key: str | None = None) -> Receipt:
    """Ask what everybody may read. unsigned: readers are not told who asks; the office is. values: {question}."""

    def work() -> Done:
        person = acting_person(context)
        if len(text.strip()) < LEAST_TEXT:
            raise InputError(
                "pertanyaan_terlalu_pendek", f"tulis pertanyaannya, paling sedikit {LEAST_TEXT} huruf", "write the question"
            )
        if event_id is not None:
            load_event(event_id)
        row = db.Question.create(
            event=event_id, person=person, text=text.strip(), unsigned=unsigned, asked_at=context.city.clock.now()
        )
        return Done(
            f"question:{row.id}", "Pertanyaan dikirim", "Question sent", payload={"event": event_id}, values={"question": row.id}
        )

    return perform(context, "training.ask", work, key)


def answer(context: Context, question_id: int, text: str, version: int | None = None, key: str | None = None) -> Receipt:
    """Answer a question for everybody to read; the asker is told. version: of the question as it was shown."""
    require(context, "training.edit")

    def work() -> Done:
        row: Any = db.Question.get_or_none(db.Question.id == question_id)
        if row is None:
            raise NotFoundError("pertanyaan_tidak_ada", "pertanyaan ini tidak ada", "there is no such question")
        require_event(context, row.event_id)
        if len(text.strip()) < LEAST_TEXT:
            raise InputError("jawaban_terlalu_pendek", f"tulis jawabannya, paling sedikit {LEAST_TEXT} huruf", "write the answer")
        at = context.city.clock.now()
        update = db.Question.update(
            answer=text.strip(), answered_by=context.actor.name, answered_at=at, version=db.Question.version + 1
        )
        met = update.where(db.Question.id == question_id, db.Question.version == (version or row.version)).execute()
        changed(met, "pertanyaan ini baru saja dijawab orang lain", "this question has just been answered by somebody else")
        tell_people(
            context,
            [row.person_id],
            "Pertanyaan Anda tentang penilaian kinerja sudah dijawab.",
            "Your question has been answered.",
            "question",
            at,
        )
        return Done(f"question:{question_id}", "Jawaban disimpan", "Answer saved", payload={"answer": text.strip()})

    return perform(context, "training.answer", work, key)


def questions(context: Context, event_id: int | None = None) -> tuple[Question, ...]:
    """What was asked, open ones first, then the newest. event_id None: all."""
    require(context, "training.read")
    query = db.Question.select(db.Question, db.Person).join(db.Person)
    if event_id is not None:
        query = query.where(db.Question.event == event_id)
    office = _is_office(context)
    found = objects(query.order_by(db.Question.answered_at.is_null(False), db.Question.id.desc()))
    return tuple(
        Question(
            row.id, row.event_id, row.text,
            "" if row.unsigned and not office and row.person.nip != context.actor.nip else row.person.name,
            row.asked_at, row.answer, row.answered_by, row.answered_at,
        )
        for row in found
    )  # fmt: skip


def _is_office(context: Context) -> bool:
    return allowed(context, "training.edit", unit=WHOLE_CITY)
