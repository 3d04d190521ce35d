"""`kinerja measure`: an event log through its map, one line an officer."""

from __future__ import annotations

from pathlib import Path

import click

from ..core.exactjson import dumps
from ..core.indonesian import number
from ..ingest import EventLog, EventMap, OfficerMeasure, Remark, load_map, read_events, report
from ..ingest import measure as measure_log
from .common import city_option, emit, guarded, json_option, note, write_file

HEADINGS = ("Petugas", "Selesai", "Tepat waktu", "% tepat waktu", "Median (hari)", "Terbuka")


@click.command()
@click.argument("file", metavar="EVENTS")
@click.option("--map", "map_file", required=True, metavar="MAP.yaml", help="What the columns mean; see config/demo/ for examples.")
@click.option(
    "--report", "report_file", metavar="FILE", help="Also write the whole reading (source hash, rejected rows, warnings) as JSON."
)
@click.option("--cycle", "code", metavar="CODE", help="Take the log into the city and measure this cycle's open cases with it.")
@click.option("--as", "account", metavar="ACCOUNT", help="With --cycle: account to act as (HR).")
@city_option
@json_option
@guarded
def measure(
    file: str, map_file: str, report_file: str | None, code: str | None, account: str | None, city: str | None, as_json: bool
) -> None:
    """Measure an event log: finished, on time, median days and open requests of every officer.

    stdout is the table, or with --json a list of {petugas, selesai, tepat_waktu, persen_tepat_waktu, median_hari, terbuka}.
    Rejected rows and warnings go to stderr, each with its line. With --cycle the log also becomes the city's (officers by their
    NIP; the same log again changes nothing), and the reactions of the rules look at whom it measures.
    """
    if code is not None and account is None:
        raise click.UsageError("--cycle perlu --as AKUN / --cycle needs --as ACCOUNT")
    event_map = load_map(Path(map_file))
    log = read_events(Path(file), event_map)
    measures = measure_log(log)
    if report_file:
        write_file(Path(report_file), dumps(report(log), indent=2) + "\n")
    if as_json:
        emit([officer.as_json() for officer in measures])
    else:
        click.echo(_table(measures))
        click.echo(f"{len(measures)} petugas, {len(log.events)} permohonan dari {log.rows} baris; sha256 {log.sha256[:16]}…")
    _tell(log)
    if code is not None:
        _take_in(log, event_map, code, account, city)


def _take_in(log: EventLog, event_map: EventMap, code: str, account: str | None, city: str | None) -> None:
    from ..services.casework import reacting
    from ..services.evaluation import measure as measuring
    from .acting import acting

    with acting(city, account) as context:
        taken = measuring.import_events(context, log, event_map)
        told = "sudah ada; tidak ada yang diubah" if taken.unchanged else f"{taken.accepted} permohonan masuk"
        note(f"{taken.file}: {told}")
        if taken.unchanged:
            return
        note(measuring.measure_cycle(context, code).text_id)
        fired = reacting.after(context, measuring.officers_in(log))
    note(f"reaksi aturan: {fired}")


def _table(measures: list[OfficerMeasure]) -> str:
    rows = [HEADINGS] + [
        (
            officer.officer,
            number(officer.finished),
            number(officer.on_time),
            "–" if officer.share_on_time is None else number(officer.share_on_time, 2),
            "–" if officer.median_days is None else number(officer.median_days, 2),
            number(officer.open),
        )
        for officer in measures
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        row[0].ljust(widths[0]) + "".join("  " + cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        for row in rows
    ]
    return "\n".join([lines[0], "─" * len(lines[0]), *lines[1:]])


def _tell(log: EventLog) -> None:
    for title, remarks in (("ditolak", log.rejected), ("peringatan", log.warnings)):
        for remark in remarks:
            note(f"{_place(log, remark)}: {title}: {remark.text_id}")


def _place(log: EventLog, remark: Remark) -> str:
    return f"{log.file}:{remark.line}" if remark.line else log.file
