"""One case: its place on the process, facts with evidence, ratings with reasons, why each number, what lifts it, its letters."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, flash, redirect, request, url_for
from markupsafe import Markup

from kinerja.core.errors import ConflictError, InputError
from kinerja.core.exactjson import loads
from kinerja.services.casework import cases, discipline, peers, tasks
from kinerja.services.context import allowed
from kinerja.services.cycles import closing, pausing
from kinerja.services.reading import load_case
from kinerja.services.views import CasePage, Receipt, TimelineEntry
from kinerja.services.visibility import require_case
from kinerja.store.models import LedgerEntry

from ..base import PageDesk, expose, row_id
from ..session import city, context
from ..texts import _, language, pick, sentence, word
from ..why import RATING
from .peers import survey_of
from .tasks import my_tasks

FINISHED = "selesai"
MAX_REASON = 1_000


@dataclass(frozen=True, slots=True)
class Step:
    """A stage on the way of a case. state: done, now, next."""

    stage: str
    state: str


def steps(stages: Sequence[str], current: str) -> tuple[Step, ...]:
    """The stages of a process with the place of a case among them; a stage outside the list marks none as the present one."""
    place = len(stages) if current == FINISHED else stages.index(current) if current in stages else -1
    return tuple(
        Step(stage, "done" if number < place else "now" if number == place else "next") for number, stage in enumerate(stages)
    )


def history(page: CasePage) -> list[TimelineEntry]:
    """The ledger's entries on the case in words: which task was done, which indicator reported, which incident settled."""
    titles = {task.task: pick(task.words) for task in page.tasks}
    table = LedgerEntry
    payloads: Any = (
        table.select(table.seq, table.payload).where(table.seq << ([entry.seq for entry in page.timeline] or [0])).tuples()
    )
    known = {seq: loads(payload, file="ledger") for seq, payload in payloads}
    return [replace(entry, text=_words(entry, known.get(entry.seq, {}), titles)) for entry in page.timeline]


def _words(entry: TimelineEntry, payload: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    if "task" in payload:
        return titles.get(payload["task"], entry.text)
    if "indicator" in payload:
        return _("Realisasi %(code)s dicatat", code=payload["indicator"])
    return word("act", entry.act)


class CaseDesk(PageDesk):
    @expose("/<case>")
    def show(self, case: str) -> str:
        page = cases.case_page(context(), row_id(case), language())
        return self.render(
            "kinerja/case.html",
            page=page,
            picture=Markup(page.picture),  # noqa: S704 - drawn and escaped by the process package
            here=f"proses-{page.here[0]}" if page.here else "",
            steps=steps(city().definition(load_case(page.case.id).process).stages, page.case.stage),
            history=history(page),
            my_tasks=[task for task in my_tasks() if task.case_id == page.case.id],
            may_settle=allowed(context(), "incident.settle", load_case(page.case.id)),
            may_pause=page.case.cycle and allowed(context(), "case.pause", load_case(page.case.id)),
            may_end=allowed(context(), "case.end", load_case(page.case.id)) and closing.may_end(context(), load_case(page.case.id)),
            pauses=pausing.pauses(page.case.id),
            absences=discipline.offered(context(), load_case(page.case.id)),
            board_open=allowed(context(), "case.list"),
            survey=survey_of(page.case.id),
            may_ask=peers.may_ask(context(), load_case(page.case.id)),
        )

    @expose("/<case>/insiden/<incident>", methods=("POST",))
    def settle(self, case: str, incident: str) -> Any:
        """Let a held case go on, after what stopped it was mended."""
        receipt = tasks.resume(context(), row_id(incident))
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "warning" if receipt.held else "success")
        return redirect(url_for("cases.show", case=row_id(case)))

    @expose("/<case>/tangguhkan", methods=("POST",))
    def pause(self, case: str) -> Any:
        """Let the case stand still, with the reason given."""
        return self._said(case, lambda: pausing.pause(context(), row_id(case), request.form.get("alasan", "")[:MAX_REASON]))

    @expose("/<case>/lanjutkan", methods=("POST",))
    def go_on(self, case: str) -> Any:
        return self._said(case, lambda: pausing.resume(context(), row_id(case)))

    @expose("/<case>/akhiri", methods=("POST",))
    def end(self, case: str) -> Any:
        """End the appraisal without a rating, with the reason given."""
        return self._said(case, lambda: closing.end_case(context(), row_id(case), request.form.get("alasan", "")[:MAX_REASON]))

    @expose("/<case>/berkas-disiplin", methods=("POST",))
    def papers(self, case: str) -> Any:
        """Begin the papers for an examination; the task is on HR's desk at once."""
        return self._said(case, lambda: discipline.begin(context(), row_id(case)))

    def _said(self, case: str, act: Callable[[], Receipt]) -> Any:
        try:
            receipt = act()
        except (ConflictError, InputError) as error:
            flash(sentence(error)[0], "error")
        else:
            flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("cases.show", case=row_id(case)))

    @expose("/<case>/mengapa.svg")
    def why(self, case: str) -> Response:
        """The way to one output, drawn with this case's values."""
        output = request.args.get("keluaran", RATING)
        return Response(cases.why_picture(context(), row_id(case), output, language()), mimetype="image/svg+xml")

    @expose("/<case>/proses.svg")
    def picture(self, case: str) -> Response:
        """The picture alone, as large as the window."""
        row = load_case(row_id(case))
        require_case(context(), row)
        return Response(cases.case_picture(context(), row, language()), mimetype="image/svg+xml")
