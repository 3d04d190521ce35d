"""“Kelola siklus”: open a cycle after looking at its preview, follow the jobs, move a cycle on, take it back, close it, see its
rehearsal."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, make_response, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError
from kinerja.core.exactjson import dumps
from kinerja.core.periods import Period, parse_date
from kinerja.services.context import allowed
from kinerja.services.cycles import advance, cycle, joblist, rehearsal
from kinerja.services.cycles.planning import Selection
from kinerja.services.cycles.templates import Slot, slot_of_code, slots_of
from kinerja.services.views import Receipt
from kinerja.store.models import Unit

from ..base import Desk, expose, row_id
from ..session import context, signed_in
from ..texts import pick, sentence

MAX_TEXT = 100
AT_ONCE = 3
"""Batches done before the page answers; the rest is left to the server's own keeper."""
SHOWN = 50
REFRESH = "2"


class ManageDesk(Desk):
    def is_accessible(self) -> bool:
        return signed_in() and allowed(context(), "cycle.open")

    @expose("/")
    def index(self) -> str:
        year = context().city.today().year
        return self.render(
            "kinerja/manage.html",
            cycles=tuple(reversed(cycle.list_cycles(context()))),
            jobs=joblist.jobs(context(), limit=20),
            years=(year, year + 1),
            templates=cycle.TEMPLATES,
            slots={template: [slot for y in (year, year + 1) for slot in slots_of(template, y)] for template in cycle.TEMPLATES},
            units=_agencies(),
            rehearsed=rehearsal.last(context()),
        )

    @expose("/buka")
    def preview(self) -> Any:
        """Who would get a case, who would not and why, and whom another appraises; then the button."""
        try:
            slot, units = _slot(request.args), tuple(filter(None, request.args.getlist("unit")))[:MAX_TEXT]
            seen = cycle.preview(context(), slot.code, slot.title, slot.period, Selection(units=units))
        except InputError as error:
            flash(sentence(error)[0], "error")
            return redirect(url_for("manage.index"))
        return self.render("kinerja/manage_preview.html", seen=seen, slot=slot, units=units, shown=SHOWN)

    @expose("/buka", methods=("POST",))
    def open(self) -> Any:
        try:
            slot = _slot(request.form)
            units = tuple(filter(None, request.form.getlist("unit")))[:MAX_TEXT]
            begun = cycle.begin(context(), slot.code, slot.title, slot.period, slot.template, Selection(units=units))
        except KinerjaError as error:
            return _refused(error)
        return _go_on(int(begun.values["job"]))

    @expose("/pekerjaan/<job>")
    def job(self, job: str) -> Response:
        view, parts = joblist.job(context(), row_id(job))
        rehearsed = view.kind == rehearsal.KIND and view.state == "done"
        page = make_response(self.render("kinerja/manage_job.html", job=view, items=parts, rehearsed=rehearsed))
        if view.state == "running":
            page.headers["Refresh"] = REFRESH
        return page

    @expose("/pekerjaan/<job>", methods=("POST",))
    def resume(self, job: str) -> Any:
        if joblist.job(context(), row_id(job))[0].kind == rehearsal.KIND:
            rehearsal.again(context(), row_id(job))
            return redirect(url_for("manage.job", job=row_id(job)))
        return _go_on(row_id(job))

    @expose("/majukan")
    def ahead(self) -> Any:
        code, task = _text(request.args, "siklus"), _text(request.args, "tugas")
        try:
            seen = advance.preview(context(), code, task)
            tasks = advance.bulk_tasks(context(), code)
        except KinerjaError as error:
            return _refused(error)
        return self.render("kinerja/manage_ahead.html", seen=seen, tasks=tasks, status=cycle.status(context(), code))

    @expose("/majukan", methods=("POST",))
    def advance(self) -> Any:
        try:
            begun = advance.begin(context(), _text(request.form, "siklus"), _text(request.form, "tugas"))
        except KinerjaError as error:
            return _refused(error)
        return _go_on(int(begun.values["job"]))

    @expose("/batalkan", methods=("POST",))
    def undo(self) -> Any:
        return _act(lambda: cycle.undo_open(context(), _text(request.form, "siklus")))

    @expose("/tutup", methods=("POST",))
    def close(self) -> Any:
        return _act(lambda: cycle.close_cycle(context(), _text(request.form, "siklus")))

    @expose("/gladi", methods=("POST",))
    def ask(self) -> Any:
        """Ask for a rehearsal; a process of its own plays it, and the job's page shows how far it is."""
        try:
            slot = _slot(request.form)
            begun = rehearsal.begin(
                context(), slot.title, slot.period, _whole("kasus"), _whole("benih"), slot.template, _known_cycle(slot.code)
            )
        except KinerjaError as error:
            return _refused(error)
        return redirect(url_for("manage.job", job=int(begun.values["job"])))

    @expose("/gladi.json")
    def data(self) -> Response:
        report = _last(_text(request.args, "siklus")) or rehearsal.last(context())
        if report is None:
            raise InputError("belum_ada_gladi", "belum ada gladi siklus", "no cycle has been rehearsed")
        return Response(dumps(report.as_json(), indent=2), mimetype="application/json")

    @expose("/gladi")
    def rehearsal(self) -> str:
        """The last rehearsal of a cycle, or the last of all."""
        report = _last(_text(request.args, "siklus")) or rehearsal.last(context())
        return self.render("kinerja/manage_rehearsal.html", report=report)

    @expose("/gladi.svg")
    def chart(self) -> Response:
        report = _last(_text(request.args, "siklus")) or rehearsal.last(context())
        if report is None:
            raise InputError("belum_ada_gladi", "belum ada gladi siklus", "no cycle has been rehearsed")
        return Response(rehearsal.chart(report), mimetype="image/svg+xml")


def _whole(name: str) -> int:
    text = _text(request.form, name)
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise InputError("angka_tidak_sah", f"“{text}” bukan bilangan bulat", f'"{text}" is no whole number')
    return int(text)


def _known_cycle(code: str) -> str:
    """The code of a cycle there is; "" for one that is rehearsed before it is opened."""
    return code if any(one.code == code for one in cycle.list_cycles(context())) else ""


def _last(code: str) -> rehearsal.Report | None:
    return rehearsal.last(context(), code) if code else None


def _go_on(job: int) -> Any:
    """A few batches at once, so that a small city is done when the page opens; whatever is left goes on by itself."""
    try:
        receipt = joblist.resume(context(), job, batches=AT_ONCE)
    except KinerjaError as error:
        flash(sentence(error)[0], "error")
    else:
        if receipt is not None:
            _told(receipt)
    return redirect(url_for("manage.job", job=job))


def _act(act: Any) -> Any:
    try:
        _told(act())
    except KinerjaError as error:
        return _refused(error)
    return redirect(url_for("manage.index"))


def _refused(error: KinerjaError) -> Any:
    if error.http_status in (403, 404, 503):
        raise error
    said, remedy = sentence(error)
    flash(f"{said} → {remedy}" if remedy else said, "error")
    return redirect(url_for("manage.index"))


def _told(receipt: Receipt) -> None:
    flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")


def _text(given: Any, name: str) -> str:
    return str(given.get(name, "")).strip()[:MAX_TEXT]


def _slot(given: Any) -> Slot:
    """The cycle that a form names: by a code of the templates, or by title and days of its own."""
    code, title = _text(given, "kode"), _text(given, "judul")
    first, last = _text(given, "mulai"), _text(given, "akhir")
    known = slot_of_code(code)
    if first and last:
        template = _text(given, "templat") or "tahunan"
        return Slot(code, title or code, template, Period(parse_date(first), parse_date(last)))
    if known is None:
        raise InputError("siklus_belum_jelas", "pilih siklusnya, atau isi kode, mulai dan akhir", "name the cycle, or its days")
    return Slot(code, title or known.title, known.template, known.period)


def _agencies() -> list[tuple[str, str]]:
    rows: Any = Unit.select(Unit.code, Unit.name).where(Unit.kind == "agency", Unit.active == True)  # noqa: E712
    return list(rows.order_by(Unit.name).tuples())


__all__ = ["ManageDesk"]
