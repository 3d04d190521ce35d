"""Targets for a part of a period: quantities are divided by the days a post was held, as the rules say; shares are not.

Which indicator divides, and by which days, stands in the standard (`prorate:`); how, and where it is rounded, in the decision
`target_bagian`. Both figures and the days are kept with the indicator, so that the arithmetic can be shown for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ...core.errors import InputError
from ...core.indonesian import number
from ...core.numbers import display_text
from ...core.periods import Period
from ...policy.model import Policy

if TYPE_CHECKING:
    from ..city import City

DECISION = "target_bagian"
WORKING = "hari_kerja"
WORDS = {"hari_kalender": ("hari kalender", "calendar days"), WORKING: ("hari kerja", "working days")}
SHOWN_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Divided:
    """Targets as they hold. share: None where they hold whole; else {per, days, whole, target, target_high}, the last two whole."""

    target: Fraction
    target_high: Fraction | None
    share: dict[str, Any] | None = None


@dataclass(slots=True)
class Shares:
    """Divides by the rules of one release; what was asked once is not asked of the engines again."""

    city: City
    fingerprint: str
    _known: dict[tuple[Fraction, int, int], Fraction] = field(default_factory=dict)

    def of(self, prorate: str, target: Fraction, high: Fraction | None, part: Period, whole: Period) -> Divided:
        """prorate: by which days, "" = never. Raises what the decision raises (`target_bagian_nol`), and errors of the calendar."""
        if not prorate or part == whole:
            return Divided(target, high)
        days, all_days = self._days(prorate, part), self._days(prorate, whole)
        share = {"per": prorate, "days": days, "whole": all_days, "target": target, "target_high": high}
        upper = None if high is None else self._divide(high, days, all_days, part)
        return Divided(self._divide(target, days, all_days, part), upper, share)

    def _divide(self, target: Fraction, days: int, whole: int, part: Period) -> Fraction:
        key = (target, days, whole)
        if key not in self._known:
            given = {"target_penuh": target, "hari_bagian": Fraction(days), "hari_periode": Fraction(whole)}
            found = self.city.decide(self.fingerprint, DECISION, given, part.last)
            self._known[key] = Fraction(found.outcome.outputs[DECISION])
        return self._known[key]

    def _days(self, prorate: str, period: Period) -> int:
        if prorate != WORKING:
            return period.days
        calendar = self.city.calendar
        if calendar is None:
            raise InputError(
                "kalender_tidak_ada",
                "kota ini belum punya kalender hari kerja",
                "this city has no calendar of working days",
                remedy_id="isi config/calendars/",
                remedy_en="fill config/calendars/",
            )
        return sum(calendar.is_working(period.first + timedelta(days=number)) for number in range(period.days))


def prorate_of(policy: Policy, standard: str, code: str) -> str:
    """By which days an indicator of a standard divides; "" where it does not, or where the rules know it no more."""
    found = (one for each in policy.standards if each.name == standard for one in each.indicators)
    return next((one.prorate for one in found if one.code == code), "")


def arithmetic(share: Mapping[str, Any] | None, target: Fraction, target_high: Fraction | None) -> tuple[str, str]:
    """("120 × 90/365 hari kalender = 29,5890…, dibulatkan 29,59", the same in English); ("", "") where the target is whole."""
    if share is None:
        return "", ""
    days, whole = int(share["days"]), int(share["whole"])
    words_id, words_en = WORDS.get(share["per"], (share["per"], share["per"]))
    told: list[tuple[str, str]] = []
    for full, part in ((share["target"], target), (share["target_high"], target_high)):
        if full is None or part is None:
            continue
        exact = Fraction(full) * days / whole
        rounded = exact != part
        shown_id = f"{_cut(exact)}, dibulatkan {number(part)}" if rounded else number(part)
        shown_en = f"{_cut(exact).replace(',', '.')}, rounded to {display_text(part)}" if rounded else display_text(part)
        told.append(
            (
                f"{number(Fraction(full))} × {days}/{whole} {words_id} = {shown_id}",
                f"{display_text(Fraction(full))} × {days}/{whole} {words_en} = {shown_en}",
            )
        )
    return "; ".join(one for one, _ in told), "; ".join(one for _, one in told)


def _cut(value: Fraction) -> str:
    """The first digits of a number, with … where more follow."""
    scaled = value * 10**SHOWN_DIGITS
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    text = number(Fraction(whole, 10**SHOWN_DIGITS))
    if not rest:
        return text
    head, comma, tail = text.partition(",")
    return f"{head},{tail.ljust(SHOWN_DIGITS, '0')}…" if comma or tail == "" else text


def whole_targets(item: Any) -> tuple[Fraction, Fraction | None]:
    """Target and upper target of the whole period: those of an indicator (a row or its view), before they were divided."""
    if item.share is None:
        return item.target, item.target_high
    high = item.share["target_high"]
    return Fraction(item.share["target"]), None if high is None else Fraction(high)
