"""`kinerja cycle open|undo|status|advance|pause|resume|close|rehearse`: evaluation cycles."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from ..core.indonesian import long_date
from ..core.periods import Period, parse_date
from ..services.context import Context
from ..services.cycles import advance as advancing
from ..services.cycles import closing, pausing, rehearsal
from ..services.cycles import cycle as cycles
from ..services.cycles.planning import Selection
from ..services.cycles.templates import Slot, slot_of_code, slots_of
from ..services.views import CyclePreview, CycleStatus
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option, note, write_file
from .jobs import tell
from .task import show_receipt


@click.group()
def cycle() -> None:
    """Evaluation cycles: open one (preview first), see where one stands, move it on."""


@cycle.command("open")
@click.argument("code", required=False, default="")
@click.option("--title", help='As letters print it, "Semester I Tahun 2026" (default: by code or template).')
@click.option("--from", "first", metavar="DATE", help="First day (default: by code or template).")
@click.option("--to", "last", metavar="DATE", help="Last day.")
@click.option("--template", type=click.Choice(cycles.TEMPLATES), help="Kind of cycle (default: by the code, else tahunan).")
@click.option("--year", type=int, help="With --template and no CODE: every cycle of that year.")
@click.option("--unit", "units", multiple=True, metavar="CODE", help="Only this agency or unit and all below it; repeatable.")
@click.option("--preview", is_flag=True, help="Only show what would happen, and whom it would leave out and why.")
@as_option
@city_option
@json_option
@guarded
def open_cycle(
    code: str,
    title: str | None,
    first: str | None,
    last: str | None,
    template: str | None,
    year: int | None,
    units: tuple[str, ...],
    preview: bool,
    account: str,
    city: str | None,
    as_json: bool,
) -> None:
    """Open a cycle: a case with its plan for everyone whom nothing hinders.

    A code written like 2027, 2027-S1, 2027-TW1 or 2027-01 says period and title itself. Cut off, opening goes on when the same call
    comes again.
    """
    selection = Selection(units=units)
    with acting(city, account) as context:
        for slot in _slots(code, title, first, last, template, year):
            if preview:
                _show_preview(cycles.preview(context, slot.code, slot.title, slot.period, selection), as_json)
            else:
                receipt = cycles.open_cycle(
                    context, slot.code, slot.title, slot.period, slot.template, selection, progress=tell
                )  # fmt: skip
                show_receipt(receipt, as_json)
                _warn(cycles.status(context, slot.code))


def _warn(status: CycleStatus) -> None:
    """On stderr: which calendars are missing, and how many tasks wait without a deadline for that."""
    for (year, count), file in zip(status.undated.items(), status.calendars, strict=True):
        note(f"{status.code}: {count} tugas tidak bertenggat, kalender hari kerja {year} belum ada → tambahkan {file}")


def _slots(
    code: str, title: str | None, first: str | None, last: str | None, template: str | None, year: int | None
) -> tuple[Slot, ...]:
    """The cycles meant: one by its code and what is said of it, or all that a template gives in a year."""
    if not code:
        if template is None or year is None:
            raise click.UsageError("tulis KODE, atau --template dan --year / give CODE, or --template and --year")
        return slots_of(template, year)
    known = slot_of_code(code)
    if first and last:
        return (Slot(code, title or code, template or "tahunan", Period(parse_date(first), parse_date(last))),)
    if known is None:
        raise click.UsageError("tulis --from dan --to untuk kode ini / this code needs --from and --to")
    return (Slot(code, title or known.title, template or known.template, known.period),)


def _show_preview(seen: CyclePreview, as_json: bool) -> None:
    if as_json:
        emit(
            {
                "cycle": seen.code,
                "ready": len(seen.ready),
                "refused": [
                    {
                        "nip": plan.nip,
                        "person": plan.person,
                        "kinds": list(plan.kinds),
                        "obstacles": [{"id": i, "en": e} for i, e in plan.obstacles],
                    }
                    for plan in seen.refused
                ],
                "passed_on": [
                    {"nip": plan.nip, "appraiser": plan.appraiser, "superior": plan.superior, "reason": plan.chain_note}
                    for plan in seen.passed_on
                ],
                "years_without_calendar": list(seen.years_without_calendar),
                "years_estimated": list(seen.years_estimated),
            }
        )
        return
    click.echo(f"{seen.code} {seen.title}: {len(seen.ready)} pegawai siap, {len(seen.refused)} terhalang")
    for plan in seen.refused:
        click.echo(f"  {plan.person} ({plan.position}, {plan.unit}): {'; '.join(text for text, _ in plan.obstacles)}")
    if seen.passed_on:
        click.echo(f"{len(seen.passed_on)} dinilai pejabat berikutnya yang sah:")
    for plan in seen.passed_on:
        click.echo(f"  {plan.person}: {plan.appraiser}, atasan {plan.superior} ({plan.chain_note})")
    for missing in seen.years_without_calendar:
        click.echo(
            f"  kalender hari kerja {missing} belum ada: tugas pada tahun itu tidak mendapat tenggat"
            f" → tambahkan config/calendars/kotalama-{missing}.yaml"
        )
    for unsure in seen.years_estimated:
        click.echo(f"  hari libur {unsure} masih perkiraan: tenggat pada tahun itu dapat bergeser")


@cycle.command()
@click.argument("code")
@as_option
@city_option
@json_option
@guarded
def undo(code: str, account: str, city: str | None, as_json: bool) -> None:
    """Take back the opening of a cycle that nobody has worked on."""
    with acting(city, account) as context:
        show_receipt(cycles.undo_open(context, code), as_json)


@cycle.command()
@click.argument("code")
@as_option
@city_option
@json_option
@guarded
def close(code: str, account: str, city: str | None, as_json: bool) -> None:
    """Close a cycle all of whose cases are closed."""
    with acting(city, account) as context:
        show_receipt(cycles.close_cycle(context, code), as_json)


@cycle.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.option("--reason", required=True, help="Why the case is to stand still.")
@as_option
@city_option
@json_option
@guarded
def pause(case_id: int, reason: str, account: str, city: str | None, as_json: bool) -> None:
    """Let a case stand still: its timers rest, nobody can work on it."""
    with acting(city, account) as context:
        show_receipt(pausing.pause(context, case_id, reason), as_json)


@cycle.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.option("--reason", required=True, help="Why the case is not appraised to its end.")
@as_option
@city_option
@json_option
@guarded
def end(case_id: int, reason: str, account: str, city: str | None, as_json: bool) -> None:
    """End a case without a rating: its tasks end with it, nothing is deleted; never once its result is out."""
    with acting(city, account) as context:
        show_receipt(closing.end_case(context, case_id, reason), as_json)


@cycle.command()
@click.argument("case_id", metavar="CASE", type=int)
@as_option
@city_option
@json_option
@guarded
def resume(case_id: int, account: str, city: str | None, as_json: bool) -> None:
    """Let a case go on; its deadlines move by the days it stood still."""
    with acting(city, account) as context:
        show_receipt(pausing.resume(context, case_id), as_json)


@cycle.command()
@click.argument("code", required=False)
@as_option
@city_option
@json_option
@guarded
def status(code: str | None, account: str, city: str | None, as_json: bool) -> None:
    """Where a cycle stands (default: all cycles)."""
    with acting(city, account) as context:
        found = [cycles.status(context, code)] if code else list(cycles.list_cycles(context))
    for one in found:
        _warn(one)
    if as_json:
        emit(
            [
                {
                    "code": s.code,
                    "title": s.title,
                    "state": s.state,
                    "cases": s.cases,
                    "by_stage": dict(s.by_stage),
                    "by_rating": dict(s.by_rating),
                    "overdue": s.overdue,
                    "incidents": s.incidents,
                    "without_deadline": {str(year): count for year, count in s.undated.items()},
                }
                for s in found
            ]
        )
        return
    for s in found:
        stages = ", ".join(f"{stage} {count}" for stage, count in s.by_stage.items())
        click.echo(f"{s.code}  {s.title} ({s.state}): {s.cases} kasus — {stages}; terlambat {s.overdue}, insiden {s.incidents}")


@cycle.command()
@click.argument("code")
@click.option("--task", default="", metavar="TASK", help="Do this task wherever the account may and its form allows it in bulk.")
@click.option("--preview", is_flag=True, help="Only count what would move, and what would not and why.")
@as_option
@city_option
@json_option
@guarded
def advance(code: str, task: str, preview: bool, account: str, city: str | None, as_json: bool) -> None:
    """Move a cycle on in bulk: deadlines that have passed, what incidents stopped, or one named task.

    Cut off, it goes on when the same call comes again.
    """
    with acting(city, account) as context:
        if not preview:
            show_receipt(advancing.advance(context, code, task, progress=tell), as_json)
            return
        seen = advancing.preview(context, code, task)
    if as_json:
        emit(
            {
                "cycle": code,
                "task": task,
                "ready": seen.ready,
                "refused": [
                    {"id": r.text_id, "en": r.text_en, "count": r.count, "examples": list(r.examples)} for r in seen.refused
                ],
            }
        )
        return
    words = {"timer": "tenggat lewat", "incident": "insiden dicoba lagi", "task": f"tugas {task}", "issue": "keputusan unit"}
    click.echo(", ".join(f"{words[kind]}: {count}" for kind, count in seen.ready.items()) or "tidak ada yang dapat dimajukan")
    for reason in seen.refused:
        click.echo(f"  tidak dapat {reason.count}: {reason.text_id} ({', '.join(reason.examples)})")


@cycle.command()
@click.argument("code", required=False, default="")
@click.option("--cases", default=50, show_default=True, type=click.IntRange(1, 100_000), help="How many people play, unit by unit.")
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed plays the same way.")
@click.option("--from", "first", metavar="DATE", help="First day (default: that of the cycle, else of next year).")
@click.option("--to", "last", metavar="DATE", help="Last day.")
@click.option("--chart", "picture", metavar="FILE.svg", help="Draw the result into a file.")
@as_option
@city_option
@json_option
@guarded
def rehearse(
    code: str,
    cases: int,
    seed: int,
    first: str | None,
    last: str | None,
    picture: str | None,
    account: str,
    city: str | None,
    as_json: bool,
) -> None:
    """Play a cycle with simulated people on a copy of the city: missed deadlines, load, offices that fall behind.

    Nothing in the city changes, save that the console shows the last rehearsal.
    """
    with acting(city, account) as context:
        title, period = _rehearsed(context, code, first, last)
        report = rehearsal.rehearse(context, title, period, cases, seed, code=code, progress=lambda month: note(f"  {month}"))
    if picture:
        write_file(Path(picture), rehearsal.chart(report), folders=True)
    if as_json:
        emit(report.as_json())
        return
    for line in rehearsal.told(report):
        click.echo(line)


def _rehearsed(context: Context, code: str, first: str | None, last: str | None) -> tuple[str, Period]:
    """Title and days of what is rehearsed: a cycle there is, the days given, else the whole of next year."""
    if first or last:
        if not (first and last):
            raise click.UsageError("--from dan --to ditulis bersama / go together")
        period = Period(parse_date(first), parse_date(last))
        return code or f"{long_date(period.first)} – {long_date(period.last)}", period
    if code:
        found = cycles.status(context, code)
        return found.title, Period(found.first, found.last)
    year = context.city.today().year + 1
    return f"Tahun {year}", Period(date(year, 1, 1), date(year, 12, 31))
