"""From records to realised values: service events and reports become measurements with their custody.

Statistics are exact and rounded at the end only (see `ingest`). A plan item without a measurement stays unrated, never 0; the
latest measurement counts and earlier ones stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from ...core.clock import JAKARTA
from ...core.errors import ConflictError, InputError, NotFoundError
from ...core.numbers import terminates_within
from ...core.periods import Period
from ...ingest import STATISTICS, EventLog, EventMap
from ...store import models as db
from ...store.queries import objects, rows
from ..acts import Done, perform
from ..context import WHOLE_CITY, Context, relations, require
from ..reading import load_case, open_disputes
from ..staff.duties import require_untied
from ..views import ImportReport, Receipt

EVENTS = "kejadian"
TEAM = "tim_evaluasi"
CORRECTED = "putusan keberatan"
"""What a figure rests on that the appraiser's superior found right."""
CHUNK = 500
REPORTING = ("perencanaan", "pelaksanaan")
"""Stages in which employees report what they achieved; after them only HR does."""


@dataclass(frozen=True, slots=True)
class AttendanceEntry:
    """A working day of a person. minutes_late None = no check-in. absent and not excused counts as hari_absen."""

    nip: str
    day: date
    minutes_late: int | None = 0
    absent: bool = False
    excused: bool = False


def import_events(
    context: Context, log: EventLog, event_map: EventMap, officers: Mapping[str, str] | None = None, key: str | None = None
) -> ImportReport:
    """Take an event log in, with its custody. officers: officer as the log names them → NIP; by default the officer is the NIP.

    The same file read through the same map again changes nothing (`unchanged`).
    """
    require(context, "measure.import", unit=WHOLE_CITY)
    map_sha256 = _sha256(Path(event_map.place.file))
    file = Path(log.file).name
    earlier = db.Import.get_or_none(db.Import.kind == EVENTS, db.Import.sha256 == log.sha256, db.Import.map_sha256 == map_sha256)
    if earlier is not None:
        return _report(earlier, unchanged=True)

    def work() -> Done:
        at = context.city.clock.now()
        known = dict(rows(db.Person.select(db.Person.nip, db.Person.id)))
        person = {name: known.get((officers or {}).get(name, name)) for name in {event.officer for event in log.events}}
        source = db.Import.create(
            kind=EVENTS, file=file, sha256=log.sha256, map=Path(event_map.place.file).name, map_sha256=map_sha256,
            first=event_map.period.first, last=event_map.period.last, accepted=len(log.events),
            rejected=[_remark(remark) for remark in log.rejected], warnings=[_remark(remark) for remark in log.warnings],
            imported_by=context.actor.id, imported_at=at,
        )  # fmt: skip
        taken = {
            request
            for (request,) in rows(db.ServiceEvent.select(db.ServiceEvent.service.concat("\t").concat(db.ServiceEvent.request)))
        }
        clash = next((event for event in log.events if f"{event.service}\t{event.request}" in taken), None)
        if clash is not None:
            raise ConflictError(
                "permohonan_sudah_ada",
                f"permohonan {clash.request} ({clash.service}) sudah ada dari berkas lain; baris {clash.line}",
                f"request {clash.request} ({clash.service}) is known from another file; line {clash.line}",
                remedy_id="periksa apakah berkas yang sama diubah lalu diimpor lagi",
                remedy_en="check whether the same file was changed and imported again",
            )
        entries = [
            {
                "service": event.service, "request": event.request, "officer": event.officer, "person": person[event.officer],
                "started": event.started, "finished": event.finished, "due": event.due, "source": source.id,
            }
            for event in log.events
        ]  # fmt: skip
        for start in range(0, len(entries), CHUNK):
            db.ServiceEvent.insert_many(entries[start : start + CHUNK]).execute()
        payload = {"file": file, "sha256": log.sha256, "map": map_sha256, "accepted": len(entries), "rejected": len(log.rejected)}
        return Done(
            f"import:{source.id}",
            f"{len(entries)} permohonan diterima dari {file}, {len(log.rejected)} baris ditolak",
            f"{len(entries)} requests taken in from {file}, {len(log.rejected)} rows rejected",
            payload=payload,
            values={"import": source.id},
        )

    receipt = perform(context, "measure.import", work, key)
    return _report(db.Import.get_by_id(int(receipt.values["import"])), unchanged=False)


def officers_in(log: EventLog) -> tuple[int, ...]:
    """Ids of the people whom a log names by NIP."""
    named = {event.officer for event in log.events}
    return tuple(id for id, nip in rows(db.Person.select(db.Person.id, db.Person.nip)) if nip in named)


def import_attendance(context: Context, entries: Iterable[AttendanceEntry], source: str, key: str | None = None) -> Receipt:
    """Take attendance days in; a day already known is replaced and its row's version goes up."""
    require(context, "measure.import", unit=WHOLE_CITY)
    given = list(entries)

    def work() -> Done:
        known = dict(rows(db.Person.select(db.Person.nip, db.Person.id)))
        unknown = sorted({entry.nip for entry in given} - set(known))
        if unknown:
            raise NotFoundError("pegawai_tidak_ada", f"NIP tidak dikenal: {unknown[0]}", f"unknown NIP: {unknown[0]}", nips=unknown)
        values = [
            {
                "person": known[entry.nip], "day": entry.day, "minutes_late": entry.minutes_late, "absent": entry.absent,
                "excused": entry.excused,
            }
            for entry in given
        ]  # fmt: skip
        table = db.Attendance
        for start in range(0, len(values), CHUNK):
            table.insert_many(values[start : start + CHUNK]).on_conflict(
                conflict_target=[table.person, table.day],
                preserve=[table.minutes_late, table.absent, table.excused],
                update={table.version: table.version + 1},
            ).execute()
        return Done(
            "attendance",
            f"{len(values)} hari presensi diterima dari {source}",
            f"{len(values)} attendance days taken in from {source}",
            payload={"source": source, "days": len(values)},
            values={"days": len(values)},
        )

    return perform(context, "attendance.import", work, key)


def measure_cycle(context: Context, code: str, key: str | None = None) -> Receipt:
    """Measure every open case's indicators that come from service events; values: {measured, unrated}."""
    require(context, "measure.import", unit=WHOLE_CITY)

    def work() -> Done:
        at = context.city.clock.now()
        items = (
            db.PlanItem.select(db.PlanItem, db.Case)
            .join(db.Case)
            .join(db.Cycle)
            .where(db.Cycle.code == code, db.Case.state == "open", db.PlanItem.source == EVENTS, db.IN_FORCE)
        )
        events: dict[int, list[Any]] = {}
        people = db.Case.select(db.Case.person).join(db.Cycle).where(db.Cycle.code == code)
        known = db.ServiceEvent.select(db.ServiceEvent, db.Import).join(db.Import).where(db.ServiceEvent.person << people)
        for event in objects(known):
            events.setdefault(event.person_id, []).append(event)
        measured, unrated = [], 0
        for item in objects(items):
            value, evidence = _statistic(item, events.get(item.case.person_id, []), Period(item.case.first, item.case.last))
            if value is None:
                unrated += 1
            else:
                measured.append(_measurement(item.id, value, evidence, context.actor.id, at))
        for start in range(0, len(measured), CHUNK):
            db.Measurement.insert_many(measured[start : start + CHUNK]).execute()
        values = {"measured": len(measured), "unrated": unrated}
        return Done(
            f"cycle:{code}",
            f"{len(measured)} indikator diukur dari kejadian layanan, {unrated} belum dinilai",
            f"{len(measured)} indicators measured from service events, {unrated} unrated",
            payload=values,
            values=values,
        )

    return perform(context, "measure.cycle", work, key)


def record(
    context: Context,
    case_id: int,
    code: str,
    value: Fraction,
    source: str,
    note: str = "",
    sha256: str = "",
    key: str | None = None,
) -> Receipt:
    """Record the actual of an indicator whose source is a report (`laporan`), with its evidence; by HR or the employee.

    source: what proves it (a document, a log). Raises what `report` raises.
    """

    def work() -> Done:
        case = load_case(case_id)
        payload = report(context, case, code, value, source, note, sha256)
        return Done(
            f"case:{case_id}",
            f"Realisasi {code} – {case.person.name} dicatat",
            f"Actual of {code} of {case.person.name} recorded",
            payload=payload,
        )

    return perform(context, "measure.record", work, key)


def report(
    context: Context, case: Any, code: str, value: Fraction, source: str, note: str = "", sha256: str = ""
) -> dict[str, Any]:
    """Record an actual inside an act; what the ledger is told: {indicator, value, evidence}.

    Raises InputError(`bukti_wajib`) without evidence; for all but HR, ConflictError(`bukan_laporan`) for what events or the team
    measure, (`laporan_sudah_dikirim`) once the report was sent, (`sedang_disanggah`) while the actual is disputed.
    """
    require(context, "measure.record", case)
    item = db.PlanItem.get_or_none(db.PlanItem.case == case.id, db.PlanItem.code == code, db.IN_FORCE)
    if item is None:
        raise NotFoundError("indikator_tidak_ada", f"indikator {code} tidak ada di kasus ini", f"no indicator {code} in this case")
    if "self" in relations(context.actor, case):
        _open_to_reports(case, item)
    else:
        require_untied(context, case)
    if not source.strip():
        raise InputError("bukti_wajib", "sebutkan bukti dukungnya", "name the evidence")
    if value < 0 or not terminates_within(value, 4):
        raise InputError(
            "realisasi_tidak_sah", "realisasi paling banyak empat desimal, tidak negatif", "at most 4 digits, not negative"
        )
    evidence = {"source": source, "sha256": sha256, "method": item.statistic or "laporan", "note": note, "period": _span(case)}
    db.Measurement.insert(_measurement(item.id, value, evidence, context.actor.id, context.city.clock.now())).execute()
    return {"indicator": code, "value": value, "evidence": evidence}


def _open_to_reports(case: Any, item: Any) -> None:
    if item.source in (EVENTS, TEAM):
        raise ConflictError(
            "bukan_laporan",
            f"indikator {item.code} diukur dari {item.source}, bukan dilaporkan",
            f"indicator {item.code} is measured from {item.source}, not reported",
            remedy_id="bila angkanya keliru, sanggahlah",
            remedy_en="dispute it if the number is wrong",
        )
    if case.state != "open" or case.stage not in REPORTING:
        raise ConflictError(
            "laporan_sudah_dikirim",
            "laporan realisasi sudah dikirim, angkanya tidak berubah lagi",
            "the report has been sent, its numbers change no more",
            remedy_id="sanggah realisasinya, atau minta BKPSDM mencatatnya",
            remedy_en="dispute the actual, or ask HR to record it",
        )
    if open_disputes([case.id]) & {item.id}:
        raise ConflictError(
            "sedang_disanggah",
            f"realisasi {item.code} sedang disanggah dan ditahan",
            f"the actual of {item.code} is disputed and held",
            remedy_id="tunggu putusannya",
            remedy_en="wait for the decision",
        )


def record_team_score(context: Context, case: Any, judgement: Any, at: datetime) -> None:
    """A score of the evaluation team is the actual of what it assesses: the indicator named by the aspect, or all for `mutu`."""
    if not isinstance(judgement.value, Fraction):
        return
    items = list(db.PlanItem.select().where(db.PlanItem.case == case.id, db.PlanItem.source == TEAM, db.IN_FORCE))
    named = [item for item in items if item.code == judgement.aspect]
    for item in named or (items if judgement.aspect == "mutu" else []):
        evidence = {
            "source": "penilaian tim evaluasi", "method": item.statistic or "nilai", "note": judgement.reason,
            "period": _span(case), "judgement": judgement.id,
        }  # fmt: skip
        db.Measurement.insert(_measurement(item.id, judgement.value, evidence, context.actor.id, at)).execute()


def correct(context: Context, case: Any, item: int, value: Fraction, reason: str, at: datetime) -> None:
    """Record the actual that a decision on an objection found right; the figure before it stays on record."""
    evidence = {"source": CORRECTED, "method": CORRECTED, "note": reason, "period": _span(case)}
    db.Measurement.insert(_measurement(item, value, evidence, context.actor.id, at)).execute()


# ── statistics ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _statistic(item: Any, events: Iterable[Any], period: Period) -> tuple[Fraction | None, dict[str, Any]]:
    statistic = STATISTICS.get(item.statistic)
    if statistic is None:
        known = ", ".join(sorted(STATISTICS))
        raise InputError(
            "statistik_tidak_dikenal",
            f"{item.place}: statistik “{item.statistic}” tidak dikenal; ada: {known}",
            f'{item.place}: unknown statistic "{item.statistic}"; there is: {known}',
        )
    chosen = [event for event in events if item.service in ("", event.service) and _belongs(event, period)]
    files: dict[int, Any] = {event.source_id: event.source for event in chosen}
    finished = sum(event.finished is not None for event in chosen)
    evidence = {
        "source": ", ".join(source.file for _, source in sorted(files.items())),
        "sha256": ", ".join(source.sha256 for _, source in sorted(files.items())),
        "count": finished, "open": len(chosen) - finished, "period": f"{period.first}..{period.last}", "method": item.statistic,
        "service": item.service,
    }  # fmt: skip
    return statistic(chosen), evidence


def _belongs(event: Any, period: Period) -> bool:
    """By the file's declared period where that lies within the case's; else by the day it finished (open: started)."""
    source = event.source
    if source.first is not None and period.first <= source.first and source.last <= period.last:
        return True
    return period.contains((event.finished or event.started).astimezone(JAKARTA).date())


def _measurement(item: int, value: Fraction, evidence: Mapping[str, Any], by: str, at: datetime) -> dict[str, Any]:
    return {"plan_item": item, "value": value, "evidence": dict(evidence), "recorded_by": by, "recorded_at": at, "held": False}


def _span(case: Any) -> str:
    return f"{case.first}..{case.last}"


def _remark(remark: Any) -> dict[str, Any]:
    return {"line": remark.line, "code": remark.code, "text": {"id": remark.text_id, "en": remark.text_en}}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _report(row: Any, unchanged: bool) -> ImportReport:
    return ImportReport(
        row.id,
        row.file,
        row.sha256,
        row.accepted,
        tuple(row.rejected),
        tuple(str(w["text"]["id"]) for w in row.warnings),
        unchanged,
    )
