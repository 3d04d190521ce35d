"""`kinerja pay`: the monthly allowance, from the agency's list down to one person's arithmetic."""

from __future__ import annotations

from typing import Any

import click

from ..core.errors import NotFoundError
from ..core.indonesian import long_date, rupiah
from ..core.periods import parse_date
from ..services.casework import tasks
from ..services.pay import payroll
from ..services.pay import views as payviews
from ..services.pay.facts import month_words
from ..services.pay.views import LineView, RunPage, RunView
from ..services.rulebook import releases
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option
from .task import show_receipt

CLOSING = "tutup_bulan"


@click.group()
def pay() -> None:
    """Monthly allowance (TPP): runs, lines, corrections, one person's arithmetic."""


@pay.command("open")
@click.argument("agency")
@click.argument("month")
@as_option
@city_option
@json_option
@guarded
def open_run(agency: str, month: str, account: str, city: str | None, as_json: bool) -> None:
    """Open the run of an AGENCY (code) for a MONTH (2026-06). Its tasks are done on the desk or by `kinerja task do`."""
    with acting(city, account) as context:
        show_receipt(payroll.open_run(context, agency, month), as_json)


@pay.command()
@click.argument("agency", default="")
@as_option
@city_option
@json_option
@guarded
def status(agency: str, account: str, city: str | None, as_json: bool) -> None:
    """The runs, the newest month first."""
    with acting(city, account) as context:
        found = payviews.runs(context, agency)
    if as_json:
        emit([_run(run) for run in found])
        return
    for run in found:
        click.echo(
            f"{run.month:%Y-%m}  {run.agency_code:<14} {run.state:<9} {run.heads:>5} orang  {rupiah(run.total):>20}{_extra(run)}"
        )
    if not found:
        click.echo("belum ada pembayaran")


@pay.command()
@click.argument("agency")
@click.argument("month")
@as_option
@city_option
@json_option
@guarded
def lines(agency: str, month: str, account: str, city: str | None, as_json: bool) -> None:
    """A run with every line: payments, corrections of earlier months, and who is held and why."""
    with acting(city, account) as context:
        page = payviews.find_run(context, agency, payroll.parse_month(month).first)
    if as_json:
        emit(_page(page))
        return
    run = page.run
    click.echo(f"{run.agency}, {month_words(run.month)} ({run.state}): {run.heads} orang, {rupiah(run.total)}")
    for line in page.lines:
        click.echo(_line_text(line))
    if page.unrecorded:
        click.echo(f"! tanpa presensi bulan ini: {page.unrecorded} orang, dihitung tanpa potongan")
    if page.before is not None:
        click.echo(f"Bulan sebelumnya: {page.before.heads_before} orang, {rupiah(page.before.total_before)}")
        for name, was, now in page.before.large:
            click.echo(f"  perubahan besar: {name}: {rupiah(was)} → {rupiah(now)}")
    if run.ceiling.get("melebihi_pagu"):
        forecast, ceiling = run.ceiling["perkiraan_setahun"], run.ceiling["pagu_setahun"]
        click.echo(f"! perkiraan setahun {rupiah(forecast)} melebihi pagu {rupiah(ceiling)}")


@pay.command()
@click.argument("nip", default="")
@as_option
@city_option
@json_option
@guarded
def show(nip: str, account: str, city: str | None, as_json: bool) -> None:
    """What a person (default: the account's own) was paid, with the sentences that say why."""
    with acting(city, account) as context:
        found = payviews.own(context, nip)
    if as_json:
        emit([_line(line) for line in found])
        return
    for line in found:
        click.echo(_line_text(line))
        for entry in line.trace:
            click.echo(f"      – {entry['text']['id']}")
    if not found:
        click.echo("belum ada pembayaran")


@pay.command()
@click.argument("agency")
@click.argument("month")
@click.option("--paid", required=True, metavar="DATE", help="The day of payment.")
@click.option("--sp2d", required=True, help="Number of the disbursement order.")
@as_option
@city_option
@json_option
@guarded
def close(agency: str, month: str, paid: str, sp2d: str, account: str, city: str | None, as_json: bool) -> None:
    """Record the payment of an approved run and close the month; the same as its task `tutup_bulan`."""
    with acting(city, account) as context:
        page = payviews.find_run(context, agency, payroll.parse_month(month).first)
        waiting = [task for task in tasks.desk(context) if task.case_id == page.run.case and task.task == CLOSING]
        if not waiting:
            raise NotFoundError(
                "tidak_ada_yang_ditutup",
                f"pembayaran {agency} {month} tidak menunggu ditutup oleh {context.actor.name} (keadaan: {page.run.state})",
                f"the pay run {agency} {month} does not wait to be closed by {context.actor.name} (state: {page.run.state})",
                remedy_id="lihat: kinerja pay status",
                remedy_en="see: kinerja pay status",
            )
        answers = {"tanggal_bayar": parse_date(paid).isoformat(), "nomor_sp2d": sp2d}
        show_receipt(tasks.complete(context, waiting[0].id, answers), as_json)


@pay.command()
@click.argument("fingerprint")
@click.argument("agency")
@click.argument("month")
@click.option("--since", metavar="DATE", help="Only months that end on that day or later.")
@as_option
@city_option
@json_option
@guarded
def arrears(fingerprint: str, agency: str, month: str, since: str | None, account: str, city: str | None, as_json: bool) -> None:
    """What the run of MONTH would correct under a release (FINGERPRINT): paid before, due by those rules. Changes nothing."""
    with acting(city, account) as context:
        found = payroll.arrears(context, releases.find(context, fingerprint), agency, month, parse_date(since) if since else None)
    total = sum(one.amount for one in found)
    if as_json:
        emit({"total": total, "lines": [_arrear(one) for one in found]})
        return
    for one in found:
        click.echo(f"  {one.month:%Y-%m}  {one.person} ({one.nip})  {rupiah(one.amount)}  {one.reason_id}")
    click.echo(f"{len(found)} pembetulan, {rupiah(total)}")


def _extra(run: RunView) -> str:
    parts = [f"pembetulan {rupiah(run.corrections)}"] if run.corrections else []
    parts += [f"tertahan {run.held}"] if run.held else []
    parts += [f"dibayar {long_date(run.paid_on)} ({run.sp2d})"] if run.paid_on else []
    parts += ["perkiraan melebihi pagu"] if run.ceiling.get("melebihi_pagu") else []
    return "  " + ", ".join(parts) if parts else ""


def _line_text(line: LineView) -> str:
    what = {"payment": line.rating, "correction": f"pembetulan {line.reason_id}", "held": f"tertahan: {line.reason_id}"}[line.kind]
    return f"  {line.month:%Y-%m}  {line.person} ({line.nip})  {rupiah(line.amount)}  {what}"


def _arrear(one: payroll.Arrear) -> dict[str, Any]:
    return {
        "nip": one.nip, "person": one.person, "month": f"{one.month:%Y-%m}", "amount": one.amount,
        "reason": {"id": one.reason_id, "en": one.reason_en},
    }  # fmt: skip


RUN_NAMES = (
    "id", "case", "agency_code", "state", "release", "heads", "total", "payments", "corrections", "held", "ceiling", "computed_by",
    "approved_by", "closed_by", "paid_on", "sp2d",
)  # fmt: skip
LINE_NAMES = (
    "kind", "nip", "person", "position", "first", "last", "rating", "basis", "amount", "outputs", "facts", "trace", "release",
)  # fmt: skip


def _run(run: RunView) -> dict[str, Any]:
    return {"month": f"{run.month:%Y-%m}", **{name: getattr(run, name) for name in RUN_NAMES}}


def _line(line: LineView) -> dict[str, Any]:
    return {
        "month": f"{line.month:%Y-%m}",
        **{name: getattr(line, name) for name in LINE_NAMES},
        "reason": {"id": line.reason_id, "en": line.reason_en},
        "changes": [{"id": one[0], "en": one[1], "before": one[2], "after": one[3]} for one in line.changes],
        "corrects": line.old[1] if line.old else None,
    }


def _page(page: RunPage) -> dict[str, Any]:
    before = page.before
    return {
        **_run(page.run),
        "unrecorded": page.unrecorded,
        "lines": [_line(line) for line in page.lines],
        "before": None
        if before is None
        else {
            "heads": before.heads_before,
            "total": before.total_before,
            "large": [{"person": name, "before": was, "after": now} for name, was, now in before.large],
        },
    }
