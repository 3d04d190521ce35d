"""“Sosialisasi”: events and questions for everybody; planning, attendance and answers for HR; where uptake lags."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from flask import flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError, NotFoundError
from kinerja.services.context import allowed
from kinerja.services.openness import questions, training, uptake
from kinerja.services.views import Receipt
from kinerja.store.models import EVENT_KINDS, ROLES, Unit

from ..base import Desk, expose, row_id
from ..keys import form_key
from ..session import actor, city, context
from ..texts import pick, sentence

LONGEST = 4_000
Again = Callable[[Mapping[str, str], KinerjaError], Any]


class TrainingDesk(Desk):
    @expose("/")
    def index(self) -> Any:
        return self._index({}, None)

    @expose("/acara", methods=("POST",))
    def create(self) -> Any:
        """Plan an event."""
        given = _given("jenis", "judul", "waktu", "tempat", "bahan", "unit", "peran")

        def act(key: str) -> Receipt:
            units, roles = ([given[name]] if given[name] else [] for name in ("unit", "peran"))
            starts = training.moment(given["waktu"])
            return training.create(
                context(),
                given["jenis"],
                given["judul"],
                starts,
                given["tempat"],
                given["bahan"],
                units,
                roles,
                key,
            )

        return self._act(act, given, lambda given, error: self._index(given, error))

    @expose("/acara/<event>")
    def show(self, event: str) -> Any:
        return self._show(row_id(event), {}, None)

    @expose("/acara/<event>/hadir", methods=("POST",))
    def attendance(self, event: str) -> Any:
        """Enter who came: a list of NIPs, typed or from a file."""
        number = row_id(event)
        sent = request.files.get("berkas")
        name = (sent.filename or "") if sent else ""
        given = {"daftar": request.form.get("daftar", "")[:200_000]}

        def act(key: str) -> Receipt:
            text = sent.read().decode("utf-8-sig", "replace") if sent and name else given["daftar"]
            source = name or "daftar hadir di layar"
            return training.record_attendance(context(), number, training.read_list(text, source), source, key)

        return self._act(act, given, lambda given, error: self._show(number, given, error), url_for("training.show", event=number))

    @expose("/acara/<event>/batal", methods=("POST",))
    def call_off(self, event: str) -> Any:
        receipt = training.call_off(context(), row_id(event))
        return self._done(receipt, url_for("training.show", event=row_id(event)))

    @expose("/paham", methods=("POST",))
    def acknowledge(self) -> Any:
        """Read and understood: an event's material, or the rules in force."""
        return self._done(training.acknowledge(context(), request.form.get("pokok", "")[:80]), url_for("training.index"))

    @expose("/tanya", methods=("POST",))
    def ask(self) -> Any:
        given = _given("pertanyaan", "acara", "tanpa_nama")

        def act(key: str) -> Receipt:
            event = row_id(given["acara"]) if given["acara"] else None
            return questions.ask(context(), given["pertanyaan"], event, bool(given["tanpa_nama"]), key)

        return self._act(act, given, lambda given, error: self._index(given, error))

    @expose("/tanya/<question>", methods=("POST",))
    def answer(self, question: str) -> Any:
        given = _given("jawaban")
        return self._act(
            lambda key: questions.answer(context(), row_id(question), given["jawaban"], key=key),
            given,
            lambda given, error: self._index(given, error),
        )

    @expose("/serapan")
    def adoption(self) -> Any:
        return self.render("kinerja/adoption.html", found=uptake.adoption(context()))

    # ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _index(self, given: Mapping[str, str], error: KinerjaError | None) -> Any:
        page = self.render(
            "kinerja/training.html",
            events=training.events(context()),
            questions=questions.questions(context()),
            rules_read=training.release_acknowledged(context()),
            rules_now=city().find_release(),
            may_edit=allowed(context(), "training.edit"),
            may_see=allowed(context(), "training.adoption"),
            may_ask=bool(actor().nip),
            units=list(Unit.select().order_by(Unit.code)),
            kinds=EVENT_KINDS,
            roles=ROLES,
            given=given,
            problem=sentence(error) if error else None,
            key=uuid.uuid4().hex,
        )
        return page if error is None else (page, error.http_status)

    def _show(self, event: int, given: Mapping[str, str], error: KinerjaError | None) -> Any:
        page = self.render(
            "kinerja/training_event.html",
            event=training.event(context(), event),
            questions=questions.questions(context(), event),
            may_edit=training.may_edit(context(), event),
            may_ask=bool(actor().nip),
            given=given,
            problem=sentence(error) if error else None,
            key=uuid.uuid4().hex,
        )
        return page if error is None else (page, error.http_status)

    def _act(self, act: Callable[[str], Receipt], given: Mapping[str, str], again: Again, to: str = "") -> Any:
        try:
            receipt = act(form_key("sosialisasi"))
        except (InputError, NotFoundError) as error:
            return again(given, error)
        return self._done(receipt, to or url_for("training.index"))

    def _done(self, receipt: Receipt, to: str) -> Any:
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(to)


def _given(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "")[:LONGEST].strip() for name in names}
