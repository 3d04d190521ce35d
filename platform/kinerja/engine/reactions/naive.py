"""The naive matcher: goes through everything in plain Python and FEEL. Slow and obvious, to check rete against."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from ...core.errors import RuleError
from ...core.numbers import decimal_text
from ...feel import STRICT, compile_expression
from .keys import missing_key, together_key
from .model import Clause, Happening, InARow, Match, Missing, Reaction, Together, Total, period_name, period_of

Test = Callable[[Mapping[str, Any]], Any]


class Naive:
    """Closures are compiled once."""

    def __init__(self, reactions: Sequence[Reaction]) -> None:
        self._reactions = reactions
        self._tests: dict[tuple[str, str], Test] = {
            (reaction.name, clause.name): compile_expression(clause.where, STRICT)
            for reaction in reactions
            for clause in reaction.clauses
            if clause.where is not None
        }

    def match(self, happenings: Sequence[Happening], day: date) -> tuple[Match, ...]:
        """All matches, sorted. Raises RuleError where a condition cannot be told."""
        found: set[Match] = set()
        for reaction in self._reactions:
            first = reaction.window.first(day)
            near = [one for one in happenings if first <= one.on <= day and one.kind in reaction.events]
            match reaction.form:
                case InARow(once=True):
                    past = [one for one in happenings if one.on <= day]
                    found.update(self._runs(reaction, reaction.form, past, first))
                case InARow():
                    found.update(self._in_a_row(reaction, reaction.form, near))
                case Total():
                    found.update(self._total(reaction, reaction.form, near))
                case Together():
                    found.update(self._together(reaction, reaction.form, near))
                case Missing():
                    found.update(self._missing(reaction, reaction.form, happenings, day))
        return tuple(sorted(found))

    def _holds(self, reaction: Reaction, clause: Clause, one: Happening) -> bool:
        if one.kind != clause.kind:
            return False
        test = self._tests.get((reaction.name, clause.name))
        if test is None:
            return True
        verdict = test(one.values)
        if not isinstance(verdict, bool):
            raise RuleError(
                "tipe_salah", f"{reaction.name}: syarat bukan benar/salah", f"{reaction.name}: a condition is no boolean"
            )
        return verdict

    def _runs(self, reaction: Reaction, form: InARow, past: Sequence[Happening], first: date) -> Iterable[Match]:
        """Unbroken runs with `times` periods in the window. The whole of a run is looked at, also what lies before the window:
        its first period names it for ever."""
        seen = [one for one in past if one.kind == form.clause.kind]
        runs: list[dict[int, list[Happening]]] = [{}]
        for period in sorted({period_of(one.on, form.every) for one in seen}):
            of_it = [one for one in seen if period_of(one.on, form.every) == period]
            good = [one for one in of_it if self._holds(reaction, form.clause, one)]
            gap = form.gap == "break" and runs[-1] and period - max(runs[-1]) > 1
            if gap or not good:
                runs.append({})
            if good:
                runs[-1][period] = good
        for run in runs:
            within = [period for period, good in run.items() if any(one.on >= first for one in good)]
            if len(within) >= form.times:
                facts = sorted(one.id for good in run.values() for one in good)
                yield Match(reaction.name, f"{reaction.name}:{period_name(min(run), form.every)}", tuple(facts))

    def _in_a_row(self, reaction: Reaction, form: InARow, near: Sequence[Happening]) -> Iterable[Match]:
        periods: dict[int, list[Happening]] = {}
        for one in near:
            if one.kind == form.clause.kind:
                periods.setdefault(period_of(one.on, form.every), []).append(one)
        good = {p: [one for one in listed if self._holds(reaction, form.clause, one)] for p, listed in periods.items()}
        known = sorted(periods)

        def joined(row: Sequence[int]) -> bool:
            return (form.gap == "skip" or row[-1] - row[0] == len(row) - 1) and all(good[p] for p in row)

        for index in range(len(known) - form.times + 1):
            row = known[index : index + form.times]
            if joined(row):
                facts = sorted(one.id for p in row for one in good[p])
                yield Match(reaction.name, f"{reaction.name}:{period_name(row[-1], form.every)}", tuple(facts))

    def _total(self, reaction: Reaction, form: Total, near: Sequence[Happening]) -> Iterable[Match]:
        groups: dict[int, list[Happening]] = {}
        for one in sorted(near, key=lambda one: (one.on, one.id)):
            if self._holds(reaction, form.clause, one):
                groups.setdefault(period_of(one.on, form.per), []).append(one)
        for period, listed in groups.items():
            reached: dict[Fraction, list[Happening]] = {}
            for threshold in form.at_least:
                total = Fraction(0)
                for index, one in enumerate(listed):
                    total += one.values[form.field] if form.field else 1
                    if total >= threshold:
                        reached[threshold] = listed if form.highest else listed[: index + 1]
                        break
            for threshold in list(reached)[-1:] if form.highest else reached:
                key = f"{reaction.name}:{period_name(period, form.per)}:{decimal_text(threshold)}"
                yield Match(reaction.name, key, tuple(sorted(item.id for item in reached[threshold])))

    def _together(self, reaction: Reaction, form: Together, near: Sequence[Happening]) -> Iterable[Match]:
        choices = [[one for one in near if self._holds(reaction, clause, one)] for clause in form.clauses]
        first: dict[str, tuple[date, tuple[str, ...]]] = {}
        for chosen in product(*choices):
            facts = tuple(sorted({one.id for one in chosen}))
            days = [one.on for one in chosen]
            if len(facts) < len(chosen) or (form.within is not None and (max(days) - min(days)).days > form.within):
                continue
            key = f"{reaction.name}:{together_key(form, chosen)}"
            first[key] = min(first.get(key, (date.max, ())), (max(days), facts))
        return [Match(reaction.name, key, facts) for key, (_, facts) in first.items()]

    def _missing(self, reaction: Reaction, form: Missing, happenings: Sequence[Happening], day: date) -> Iterable[Match]:
        start = reaction.window.first(day)
        found: dict[str, list[str]] = {}  # the same may be due twice
        given = [one for one in happenings if start <= one.on <= day and self._holds(reaction, form.unless, one)]
        for due in happenings:
            left = (due.on - day).days
            near = [before for before in form.before if 0 <= left <= before]
            if not near or not self._holds(reaction, form.clause, due):
                continue
            if all(any(one.values[name] != due.values[name] for name in form.same) for one in given):
                found.setdefault(f"{reaction.name}:{missing_key(form, due)}:{min(near)}", []).append(due.id)
        return [Match(reaction.name, key, tuple(sorted(facts))) for key, facts in found.items()]
