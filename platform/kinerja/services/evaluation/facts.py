"""The facts of a case, collected for the rules: each fact from its record, with where it came from.

What no record gives is left out, so that the engines raise a named error; an assumption of an import stands in only where declared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.numbers import display_text
from ...core.periods import Period
from ...policy.model import Policy
from ...store import models as db
from ..reading import latest_measurements
from ..staff.dated import held_on
from ..staff.splitting import months_credited
from .judge import current_judgements

BEHAVIOUR = "perilaku_kerja"


@dataclass(frozen=True, slots=True)
class Collected:
    """document: what the engines are given. evidence: "kasus.hari_absen", "indikator.ADM-1.realisasi" → {source, …}."""

    document: dict[str, Any]
    evidence: dict[str, Any]


def collect(case: Any, policy: Policy) -> Collected:
    """Facts document and evidence of a case (joined with person and post), limited to what the vocabulary knows."""
    vocabulary = policy.vocabulary.entities
    judgements = current_judgements(case.id)
    kasus: dict[str, Any] = {}
    evidence: dict[str, Any] = {}
    for name in vocabulary["kasus"].facts:
        collector = COLLECTORS.get(name)
        found = collector(case, judgements) if collector else None
        if found is not None:
            kasus[name], evidence[f"kasus.{name}"] = found
    for assumption in case.assumptions:
        name = assumption["fact"]
        if name in vocabulary["kasus"].facts and evidence.get(f"kasus.{name}", {}).get("records", 0) == 0:
            kasus[name] = assumption["value"]
            evidence[f"kasus.{name}"] = {"source": "ASUMSI", "note": assumption["reason"]}
    document: dict[str, Any] = {"kasus": kasus, "indikator": _indicators(case, evidence)}
    evidence["penilaian"] = {"source": "alur_kerja", "last": max((row.id for row in judgements), default=0)}
    if "penilaian" in vocabulary:
        document["penilaian"] = _judgements(judgements, vocabulary["penilaian"].facts)
    return Collected(document, evidence)


def _indicators(case: Any, evidence: dict[str, Any]) -> list[dict[str, Any]]:
    measured = latest_measurements([case.id])
    found = []
    for item in db.PlanItem.select().where(db.PlanItem.case == case.id, db.IN_FORCE).order_by(db.PlanItem.ordinal):
        measurement = measured.get(item.id)
        found.append(
            {
                "kode": item.code, "polaritas": item.polarity, "target": item.target, "target_atas": item.target_high,
                "realisasi": measurement.value if measurement else None, "bobot": item.weight,
            }
        )  # fmt: skip
        evidence[f"indikator.{item.code}.target"] = {"source": item.place}
        if measurement:
            evidence[f"indikator.{item.code}.realisasi"] = measurement.evidence
    return found


def _judgements(judgements: list[Any], facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Those judgements that the vocabulary has words for; the others stay on record but are no facts of the rules."""
    roles, aspects = facts["peran"].type.values, facts["aspek"].type.values
    return [
        {
            "peran": row.role, "aspek": row.aspect, "nilai": _text(row.value), "alasan": row.reason or None,
            "bukti": row.evidence or None,
        }
        for row in judgements
        if (not roles or row.role in roles) and (not aspects or row.aspect in aspects)
    ]  # fmt: skip


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return value if isinstance(value, str) else display_text(value)


# ── one collector a fact ──────────────────────────────────────────────────────────────────────────────────────────────
def _class(case: Any, _: Any) -> tuple[Any, dict[str, Any]]:
    job_class = int(held_on("position", case.position_id, case.last))
    return job_class, {"source": "peta_jabatan", "records": 1, "note": case.position.title}


def _level(case: Any, _: Any) -> tuple[Any, dict[str, Any]]:
    return case.position.level, {"source": "peta_jabatan", "records": 1, "note": case.position.title}


def _months(case: Any, _: Any) -> tuple[Any, dict[str, Any]]:
    whole = Period(case.cycle.first, case.cycle.last)
    months = months_credited(Period(case.first, case.last), whole)
    return months, {"source": "siklus", "records": 1, "note": f"{months} dari {whole.months} bulan ({case.first}..{case.last})"}


def _status(case: Any, _: Any) -> tuple[Any, dict[str, Any]]:
    return held_on("person", case.person_id, case.last), {"source": "data_pegawai", "records": 1}


def _behaviour(case: Any, judgements: list[Any]) -> tuple[Any, dict[str, Any]] | None:
    for row in reversed(judgements):
        if row.aspect == BEHAVIOUR and row.role == "pejabat_penilai":
            return row.value, {"source": "pejabat_penilai", "records": 1, "note": row.reason, "author": row.author_name}
    return None


def allowance_month(case: Any) -> Period:
    """The month whose attendance the monthly allowance of the evaluation uses: the last of the case's period."""
    return Period(date(case.last.year, case.last.month, 1), case.last)


def _attendance(case: Any) -> list[Any]:
    month = allowance_month(case)
    table = db.Attendance
    return list(
        table.select().where(table.person == case.person_id, table.day.between(month.first, month.last)).order_by(table.day)
    )


def _minutes_late(case: Any, _: Any) -> tuple[Any, dict[str, Any]]:
    """Days late or without check-in; days on time are no fact of lateness. None stands for "no check-in"."""
    days = _attendance(case)
    return late_minutes(days), _attendance_evidence(case, days)


def _days_absent(case: Any, _: Any) -> tuple[Any, dict[str, Any]]:
    days = _attendance(case)
    return absent_days(days), _attendance_evidence(case, days)


def late_minutes(days: Iterable[Any]) -> list[int | None]:
    return [row.minutes_late for row in days if not row.absent and not row.excused and row.minutes_late != 0]


def absent_days(days: Iterable[Any]) -> int:
    return sum(row.absent and not row.excused for row in days)


OF_A_MONTH: Mapping[str, Callable[[Iterable[Any]], Any]] = {"menit_terlambat": late_minutes, "hari_absen": absent_days}
"""Facts that each month's attendance gives anew, from its days in order."""


def _attendance_evidence(case: Any, days: list[Any]) -> dict[str, Any]:
    month = allowance_month(case)
    return {"source": "presensi", "records": len(days), "period": f"{month.first}..{month.last}"}


Collector = Callable[[Any, list[Any]], tuple[Any, dict[str, Any]] | None]

COLLECTORS: Mapping[str, Collector] = {
    "kelas_jabatan": _class,
    "jenjang": _level,
    "bulan": _months,
    "status_pegawai": _status,
    "perilaku_kerja": _behaviour,
    "menit_terlambat": _minutes_late,
    "hari_absen": _days_absent,
}
