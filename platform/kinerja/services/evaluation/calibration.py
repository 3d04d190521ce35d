"""Ratings of a unit against the distribution pattern of its achievement: a reported check, set aside only with a reason on record.

The pattern, its limits and the smallest unit it binds stand in the rules (`distribusi_predikat`, `pola_distribusi`). Nothing here
changes a rating or stops a decision.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from ...core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from ...store import models as db
from ...store.queries import objects, rows
from ..acts import Done, perform
from ..context import Context, require
from ..reading import load_cycle
from ..reasons import written
from ..staff.duties import Ties
from ..views import Receipt
from .decide import RATING, decide_with

PATTERN, REFERENCE = "distribusi_predikat", "pola_distribusi"
LEAST_LETTERS = 15


@dataclass(frozen=True, slots=True)
class Override:
    """holds: False when the ratings have changed since."""

    reason: str
    evidence: str
    author: str
    at: datetime
    holds: bool


@dataclass(frozen=True, slots=True)
class PatternCheck:
    """One unit's ratings. counts: rating → people. achievement "" = not recorded; follows, binding: None then.

    reference: rating → (least, most) per cent that the pattern draws. state: sesuai, tidak_sesuai, dikesampingkan,
    tidak_mengikat, tanpa_capaian.
    """

    unit: str
    name: str
    counts: Mapping[str, int]
    achievement: str = ""
    evidence: str = ""
    follows: bool | None = None
    binding: bool | None = None
    reference: Mapping[str, tuple[Fraction, Fraction]] | None = None
    override: Override | None = None

    @property
    def people(self) -> int:
        return sum(self.counts.values())

    @property
    def state(self) -> str:
        if self.follows is None:
            return "tanpa_capaian"
        if self.follows:
            return "sesuai"
        if self.override is not None and self.override.holds:
            return "dikesampingkan"
        return "tidak_sesuai" if self.binding else "tidak_mengikat"


def ratings(context: Context) -> tuple[str, ...]:
    """The ratings of the rules in force, best first."""
    policy = context.city.policy(context.city.release().fingerprint)
    versions = policy.decisions["predikat_kinerja"]
    return next(tuple(output.type.values) for output in versions[-1].outputs if output.name == RATING)


def record_achievement(context: Context, cycle: str, unit: str, achievement: str, evidence: str, key: str | None = None) -> Receipt:
    """Record what a unit achieved in a cycle, with the document that says so; InputError for an unknown word or no evidence."""
    known = context.city.fact_values("unit.capaian_organisasi")

    def work() -> Done:
        place = _unit(unit)
        require(context, "achievement.record", unit=place)
        if achievement not in known:
            words = ", ".join(known)
            raise InputError(
                "capaian_tidak_dikenal",
                f"capaian “{achievement}” tidak dikenal; ada: {words}",
                f"unknown achievement; there is: {words}",
            )
        if not evidence.strip():
            raise InputError("bukti_wajib", "sebutkan dokumen yang menyatakan capaian ini", "name the document that says so")
        row = load_cycle(cycle)
        at = context.city.clock.now()
        db.UnitAchievement.create(
            cycle=row, unit=place, achievement=achievement, evidence=evidence.strip(), recorded_by=context.actor.id, recorded_at=at
        )
        return Done(
            f"cycle:{cycle}",
            f"Capaian organisasi {place.name}: {achievement}",
            f"Achievement of {place.name}: {achievement}",
            payload={"unit": unit, "achievement": achievement, "evidence": evidence.strip()},
        )

    return perform(context, "achievement.record", work, key)


def set_aside(context: Context, cycle: str, unit: str, reason: str, evidence: str = "", key: str | None = None) -> Receipt:
    """Let a unit's ratings stand although they do not follow the pattern, with the reason.

    Raises ConflictError(`pola_sesuai`, `tanpa_capaian`) when there is nothing to set aside, ForbiddenError(`seunit`) for a member
    of the team who serves in the unit, InputError(`alasan_terlalu_pendek`).
    """

    def work() -> Done:
        place = _unit(unit)
        require(context, "calibration.override", unit=place)
        row = load_cycle(cycle)
        _not_in_own_unit(context, place, row.first, max(row.last, context.city.today()))
        why = written(reason, LEAST_LETTERS)
        check = check_unit(context, row, place)
        if check.follows is None:
            raise ConflictError(
                "tanpa_capaian", "capaian organisasi unit ini belum dicatat", "the unit's achievement is not recorded"
            )
        if check.follows:
            raise ConflictError("pola_sesuai", "sebaran unit ini sudah sesuai pola", "this unit's ratings follow the pattern")
        at = context.city.clock.now()
        db.PatternOverride.create(
            cycle=row, unit=place, achievement=check.achievement, counts=dict(check.counts), reason=why,
            evidence=evidence.strip(), author=context.actor.id, author_name=context.actor.name, decided_at=at,
        )  # fmt: skip
        return Done(
            f"cycle:{cycle}",
            f"Pola distribusi {place.name} dikesampingkan dengan alasan",
            f"Distribution pattern of {place.name} set aside with a reason",
            payload={"unit": unit, "counts": dict(check.counts), "achievement": check.achievement, "reason": why},
        )

    return perform(context, "calibration.override", work, key)


def check_unit(context: Context, cycle: Any, unit: Any) -> PatternCheck:
    """The check of one agency's ratings as they stand now."""
    found = rows(
        db.Case.select(db.Case.rating).where(db.Case.cycle == cycle.id, db.Case.agency == unit.id, db.Case.rating.is_null(False))
    )
    counts = Counter(rating for (rating,) in found)
    return checked(context, cycle, unit.id, unit.code, unit.short_name or unit.name, counts)


def checked(context: Context, cycle: Any, unit_id: int, code: str, name: str, counts: Mapping[str, int]) -> PatternCheck:
    """The check of counted ratings against what is on record for the unit and cycle."""
    full = {rating: counts.get(rating, 0) for rating in ratings(context)}
    known = _latest(db.UnitAchievement, cycle.id, unit_id)
    if known is None or not sum(full.values()):
        return PatternCheck(code, name, full)
    given = {"capaian_organisasi": known.achievement, **{_fact(rating): Fraction(number) for rating, number in full.items()}}
    answer = decide_with(context, PATTERN, given, cycle.last)
    override = _latest(db.PatternOverride, cycle.id, unit_id)
    return PatternCheck(
        code, name, full, known.achievement, known.evidence, bool(answer["sesuai"]), bool(answer["mengikat"]),
        reference(context, known.achievement, cycle.last), None if override is None else _override(override, known, full),
    )  # fmt: skip


def reference(context: Context, achievement: str, on: date) -> dict[str, tuple[Fraction, Fraction]]:
    """The share of people (least, most per cent) that the pattern gives each rating."""
    found = {}
    for rating in ratings(context):
        answer = decide_with(context, REFERENCE, {"capaian_organisasi": achievement, "predikat": rating}, on)
        found[rating] = (Fraction(answer["paling_sedikit"]), Fraction(answer["paling_banyak"]))
    return found


def notes_for_decree(context: Context, cycle: Any, agencies: Iterable[Any]) -> tuple[str, ...]:
    """What a decree says of the pattern (Memperhatikan): for each agency whose pattern was set aside, that and why."""
    policy = context.city.policy(context.city.release().fingerprint)
    instrument = policy.decisions[PATTERN][-1].authority[0].instrument
    notes = []
    for agency in {agency.id: agency for agency in agencies}.values():
        override = _latest(db.PatternOverride, cycle.id, agency.id)
        if override is None:
            continue
        check = check_unit(context, cycle, agency)
        if check.state == "dikesampingkan":
            notes.append(
                f"sebaran predikat {agency.name} tidak mengikuti pola {instrument} untuk capaian organisasi "
                f"“{check.achievement}”; pola itu dikesampingkan oleh tim evaluasi dengan alasan: {override.reason.rstrip('.')}"
            )
    return tuple(notes)


def _override(row: Any, known: Any, counts: Mapping[str, int]) -> Override:
    same = row.achievement == known.achievement and {name: int(number) for name, number in row.counts.items()} == dict(counts)
    return Override(row.reason, row.evidence, row.author_name or row.author, row.decided_at, same)


def _latest(model: Any, cycle: int, unit: int) -> Any:
    return objects(model.select().where(model.cycle == cycle, model.unit == unit).order_by(model.id.desc())).first()


def _fact(rating: str) -> str:
    """The fact of the vocabulary that counts a rating: "Sangat Baik" → sangat_baik."""
    return rating.lower().replace(" ", "_")


def _unit(code: str) -> Any:
    unit = db.Unit.get_or_none(db.Unit.code == code)
    if unit is None:
        raise NotFoundError("unit_tidak_ada", f"unit {code} tidak ada", f"no unit {code}")
    return unit


def _not_in_own_unit(context: Context, unit: Any, first: date, last: date) -> None:
    ties = Ties.of(context)
    if any(ties.serves_in(below, first, last) for below in context.city.units.below([unit.code])):
        raise ForbiddenError(
            "seunit",
            f"{context.actor.name} bertugas di perangkat daerah ini",
            f"{context.actor.name} serves in this agency",
            remedy_id="yang boleh: anggota tim evaluasi dari perangkat daerah lain",
            remedy_en="who may: a member of the evaluation team from another agency",
        )
