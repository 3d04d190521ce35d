"""A simulation as its readers get it: what was compared, in sentences and as the document that `kinerja simulate --json` prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .model import SMALLEST, Compared, Move
from .words import sentences


@dataclass(frozen=True, slots=True)
class Simulation(Compared):
    """A comparison that says what it found."""

    def sentences(self, language: str = "id") -> list[str]:
        return sentences(self, language)

    def as_json(self) -> dict[str, Any]:
        total = self.total(self.main_money)
        return {
            "release": self.before.release,
            "draft": self.after.release,
            "on": self.after.on,
            "cases": self.cases,
            "employees": self.employees,
            "months": self.months,
            "answered": {"before": self.before.answered, "after": self.after.answered, "both": self.both},
            "main": {"band": self.main_band, "money": self.main_money},
            "rules": [change.as_json() for change in self.changes],
            "movers": {
                "cases": self.moved,
                "up": sum(m.cases for m in self.moves if m.output == self.main_band and not m.group and m.up),
                "down": sum(m.cases for m in self.moves if m.output == self.main_band and not m.group and not m.up),
                "moves": [_move(m) for m in self.moves if not m.group],
                "by_group": [{"group": m.group, "value": m.value, **_move(m)} for m in self.moves if m.group],
            },
            "money": [
                {
                    "output": m.output, "group": m.group, "value": m.value, "cases": m.cases,
                    "before": m.before, "after": m.after, "change": m.change,
                    "monthly": _three(m.monthly(m.before), m.monthly(m.after)),
                    "yearly": _three(m.yearly(m.before), m.yearly(m.after)),
                }
                for m in self.money
            ],
            "by_month": [{"output": m.output, "month": m.month, "before": m.before, "after": m.after} for m in self.by_month],
            "ceiling": None if self.ceiling is None or total is None else {
                "rupiah": self.ceiling, "after": total.monthly(total.after), "exceeded": total.monthly(total.after) > self.ceiling,
            },
            "budget": {
                "basis": self.basis,
                "ceilings": [
                    {
                        "unit": c.value, "rupiah": c.rupiah, "before": c.before, "after": c.after,
                        "exceeded": c.exceeded, "used_percent": c.used,
                    }
                    for c in self.ceilings
                ],
            },
            "distribution": [
                {"output": s.output, "group": s.group, "value": s.value, "band": s.band, "before": s.before, "after": s.after}
                for s in self.spreads
            ],
            "fairness": [
                {
                    "output": f.output, "group": f.group, "value": f.value, "cases": f.cases,
                    "top_percent": {"before": f.before, "after": f.after},
                    "apart": {"before": f.apart_before, "after": f.apart_after},
                }
                for f in self.fairness
            ],
            "hidden": {"smallest": SMALLEST, "groups": dict(self.hidden)},
            "errors": {
                "before": dict(self.before.errors), "after": dict(self.after.errors),
                "newly_failed": dict(self.newly_failed), "newly_answered": self.newly_answered,
            },
            "sentences": {"id": self.sentences("id"), "en": self.sentences("en")},
        }  # fmt: skip


def _three(before: int, after: int) -> dict[str, int]:
    return {"before": before, "after": after, "change": after - before}


def _move(one: Move) -> dict[str, Any]:
    return {"output": one.output, "from": one.before, "to": one.after, "cases": one.cases, "up": one.up}
