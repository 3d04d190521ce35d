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
from .model import Clause, Happening, InARow, Match, Reaction, Together, Total, period_name, period_of

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
                case InARow():
                    found.update(self._in_a_row(reaction, reaction.form, near))
                case Total():
                    found.update(self._total(reaction, reaction.form, near))
                case Together():
                    found.update(self._together(reaction, reaction.form, near))
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

    def _in_a_row(self, reaction: Reaction, form: InARow, near: Sequence[Happening]) -> Iterable[Match]:
        periods: dict[int, list[Happening]] = {}
        for one in near:
            if one.kind == form.clause.kind:
                periods.setdefault(period_of(one.on, form.every), []).append(one)
        good = {p: [one for one in listed if self._holds(reaction, form.clause, one)] for p, listed in periods.items()}
        known = sorted(periods)
        for index in range(len(known) - form.times + 1):
            row = known[index : index + form.times]
            unbroken = form.gap == "skip" or row[-1] - row[0] == form.times - 1
            if unbroken and all(good[p] for p in row):
                facts = sorted(one.id for p in row for one in good[p])
                yield Match(reaction.name, f"{reaction.name}:{period_name(row[-1], form.every)}", tuple(facts))

    def _total(self, reaction: Reaction, form: Total, near: Sequence[Happening]) -> Iterable[Match]:
        groups: dict[int, list[Happening]] = {}
        for one in sorted(near, key=lambda one: (one.on, one.id)):
            if self._holds(reaction, form.clause, one):
                groups.setdefault(period_of(one.on, form.per), []).append(one)
        for period, listed in groups.items():
            for threshold in form.at_least:
                total = Fraction(0)
                for index, one in enumerate(listed):
                    total += one.values[form.field]
                    if total >= threshold:
                        key = f"{reaction.name}:{period_name(period, form.per)}:{decimal_text(threshold)}"
                        yield Match(reaction.name, key, tuple(sorted(item.id for item in listed[: index + 1])))
                        break

    def _together(self, reaction: Reaction, form: Together, near: Sequence[Happening]) -> Iterable[Match]:
        choices = [[one for one in near if self._holds(reaction, clause, one)] for clause in form.clauses]
        for chosen in product(*choices):
            facts = sorted({one.id for one in chosen})
            days = [one.on.toordinal() for one in chosen]
            if len(facts) == len(chosen) and (form.within is None or max(days) - min(days) <= form.within):
                yield Match(reaction.name, f"{reaction.name}:{'+'.join(facts)}", tuple(facts))
