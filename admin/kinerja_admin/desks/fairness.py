"""“Kalibrasi dan keadilan”: ratings of each unit beside the pattern, leniency of appraisers, and what calibration changed.

The charts are drawn here as numbers of a coordinate system, the templates only write them down.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import flash, redirect, request, url_for

from kinerja.core.errors import InputError, KinerjaError
from kinerja.core.numbers import round_half_up
from kinerja.services.context import allowed
from kinerja.services.cycles import cycle
from kinerja.services.evaluation import calibration
from kinerja.services.evaluation.calibration import PatternCheck
from kinerja.services.openness import fairness
from kinerja.services.views import Receipt
from kinerja.store.models import Unit

from ..base import Desk, expose, not_found
from ..keys import form_key
from ..session import city, context, signed_in
from ..texts import pick, sentence
from .cycle import TONES, newest

HEIGHT, FLOOR, PITCH, BREADTH = 200, 226, 108, 64
AXIS = 300
TONE = {
    "sesuai": "good",
    "tidak_sesuai": "bad",
    "dikesampingkan": "warn",
    "tidak_mengikat": "plain",
    "tanpa_capaian": "plain",
    "longgar": "warn",
    "ketat": "warn",
    "biasa": "plain",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One rating. x, top, height: of the bar; low, high: heights of the pattern's limits, None where it sets none."""

    rating: str
    tone: str
    people: int
    percent: Fraction
    x: int
    top: int
    height: int
    band_top: int | None
    band_height: int | None


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a stacked bar, in people."""

    rating: str
    tone: str
    start: int
    people: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A group on the axis of gaps: raw and drawn, in the chart's units (middle = no gap)."""

    line: fairness.Leniency
    raw: int
    drawn: int


def bars(check: PatternCheck) -> tuple[Bar, ...]:
    found = []
    for place, (rating, people) in enumerate(check.counts.items()):
        percent = Fraction(100 * people, check.people) if check.people else Fraction(0)
        height = _pixels(percent)
        least, most = (check.reference or {}).get(rating, (Fraction(0), Fraction(100)))
        bound = least > 0 or most < 100
        found.append(
            Bar(
                rating, TONES.get(rating, "none"), people, percent, 20 + place * PITCH, FLOOR - height, height,
                FLOOR - _pixels(most) if bound else None, max(2, _pixels(most) - _pixels(least)) if bound else None,
            )
        )  # fmt: skip
    return tuple(found)


def pieces(counts: Mapping[str, int]) -> tuple[Piece, ...]:
    found, start = [], 0
    for rating, people in counts.items():
        if people:
            found.append(Piece(rating, TONES.get(rating, "none"), start, people))
        start += people
    return tuple(found)


def dots(lines: Iterable[fairness.Leniency]) -> tuple[Dot, ...]:
    """The axis reaches from one level below the city's mean to one above it."""
    return tuple(Dot(line, _place(line.gap), _place(line.drawn)) for line in lines)


def _pixels(percent: Fraction) -> int:
    return int(round_half_up(percent * HEIGHT / 100, 0))


def _place(gap: Fraction) -> int:
    inside = max(Fraction(-1), min(Fraction(1), gap))
    return int(round_half_up((inside + 1) * AXIS / 2, 0))


class FairnessDesk(Desk):
    def is_accessible(self) -> bool:
        return signed_in() and allowed(context(), "fairness.read")

    @expose("/")
    def index(self) -> Any:
        known = cycle.list_cycles(context())
        wanted = request.args.get("siklus", "")[:40]
        status = next((one for one in known if one.code == wanted), None) or newest(known)
        if status is None:
            return self.render("kinerja/fairness.html", report=None, cycles=())
        report = fairness.report(context(), status.code)
        return self.render(
            "kinerja/fairness.html",
            report=report,
            cycles=known,
            pieces=pieces,
            tone=TONE,
            appraisers=dots(report.appraisers.shown),
            units=dots(report.units.shown),
            whole=report.calibration[-1],
            moves=[move for move in report.calibration[:-1] if move.up or move.down],
            unrecorded=sum(check.state == "tanpa_capaian" for check in report.patterns),
            axis=AXIS,
        )

    @expose("/<code>/<unit>")
    def unit(self, code: str, unit: str) -> Any:
        return self._unit(code, unit)

    @expose("/<code>/<unit>/capaian", methods=("POST",))
    def achievement(self, code: str, unit: str) -> Any:
        """Record what the unit achieved."""
        given = {name: request.form.get(name, "")[:2000] for name in ("capaian", "bukti")}
        try:
            receipt = calibration.record_achievement(context(), code, unit, given["capaian"], given["bukti"], form_key("capaian"))
        except InputError as error:
            return self._unit(code, unit, given, error)
        return self._done(receipt, code, unit)

    @expose("/<code>/<unit>/kesampingkan", methods=("POST",))
    def set_aside(self, code: str, unit: str) -> Any:
        """Let the ratings stand against the pattern, with the reason."""
        given = {name: request.form.get(name, "")[:2000] for name in ("alasan", "bukti_alasan")}
        try:
            receipt = calibration.set_aside(context(), code, unit, given["alasan"], given["bukti_alasan"], form_key("kesampingkan"))
        except InputError as error:
            return self._unit(code, unit, given, error)
        return self._done(receipt, code, unit)

    def _done(self, receipt: Receipt, code: str, unit: str) -> Any:
        flash(pick({"id": receipt.text_id, "en": receipt.text_en}), "success")
        return redirect(url_for("fairness.unit", code=code, unit=unit))

    def _unit(self, code: str, unit: str, given: Mapping[str, str] | None = None, error: KinerjaError | None = None) -> Any:
        report = fairness.report(context(), code)
        check = next((check for check in report.patterns if check.unit == unit), None)
        if check is None:
            raise not_found()
        place = Unit.get(Unit.code == unit)
        page = self.render(
            "kinerja/fairness_unit.html",
            report=report,
            check=check,
            place=place,
            bars=bars(check),
            move=next(move for move in report.calibration if move.unit == unit),
            pieces=pieces,
            tone=TONE,
            floor=FLOOR,
            pitch=PITCH,
            breadth=BREADTH,
            may_record=allowed(context(), "achievement.record", unit=place),
            may_set_aside=allowed(context(), "calibration.override", unit=place) and check.follows is False,
            achievements=city().fact_values("unit.capaian_organisasi"),
            given=given or {},
            problem=sentence(error) if error else None,
            key=uuid.uuid4().hex,
        )
        return page if error is None else (page, error.http_status)
