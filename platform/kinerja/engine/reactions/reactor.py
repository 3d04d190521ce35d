"""Reactions of a case: rete and the naive matcher must find the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ...core.errors import IncidentError, InputError, RuleError
from ...core.numbers import decimal_text
from ...policy.bands import resolve
from ...policy.model import ValueType, shown
from ...policy.values import admit
from ..wording import name_en, name_id, value_en, value_id, where
from .model import Happening, InARow, Match, Reacted, Reaction, Total
from .naive import Naive
from .rules import find

if TYPE_CHECKING:
    from ..engine import Engine

KEPT_DAYS = 64


class Reactor:
    """The reactions of an engine's policy, over that engine's worker."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reactions = engine.policy.reactions
        self._kinds: dict[str, dict[str, ValueType]] = {}
        for reaction in self._reactions:
            for kind, fields in reaction.events.items():
                self._kinds.setdefault(kind, {}).update(fields)
        self._days: dict[date, tuple[tuple[Reaction, ...], Naive]] = {}

    def react(self, happenings: Iterable[Happening], day: date, known: Collection[str] = ()) -> tuple[Reacted, ...]:
        """What fires on a day and is not `known`, by key. Raises InputError, RuleError (both matchers agreeing) or IncidentError.

        The keys are idempotent: asking again, with the same or more happenings, gives the same keys for what fired before.
        """
        listed = tuple(self._admitted(sorted(happenings, key=lambda one: one.id)))
        active, matcher = self._on(day)
        pending = self._engine.ask(find, active, listed, day)
        naive: tuple[Match, ...] | str
        try:
            naive = matcher.match(listed, day)
        except RuleError as error:
            naive, failure = error.code, error
        found: Any = pending.result()
        if _code(found) != _code(naive):
            raise IncidentError(
                "mesin_berbeda",
                "dua pencocok reaksi menemukan hal yang berbeda",
                "the two matchers of reactions disagree",
                rete=_plain(found),
                naive=_plain(naive),
                facts=[{"id": one.id, "kind": one.kind, "on": one.on, "values": dict(one.values)} for one in listed],
            )
        if isinstance(naive, str):
            raise failure
        by_id = {one.id: one for one in listed}
        by_name = {reaction.name: reaction for reaction in active}
        return tuple(
            _reacted(match, by_name[match.reaction], [by_id[name] for name in match.facts])
            for match in naive
            if match.key not in known
        )

    def _on(self, day: date) -> tuple[tuple[Reaction, ...], Naive]:
        """The reactions in force on a day, with the thresholds that decisions state on it."""
        if day not in self._days:
            if len(self._days) >= KEPT_DAYS:
                self._days.clear()
            policy = self._engine.policy
            active = tuple(resolve(policy, one, day) for one in self._reactions if one.effective.holds(day))
            self._days[day] = (active, Naive(active))
        return self._days[day]

    def _admitted(self, happenings: Iterable[Happening]) -> Iterator[Happening]:
        """Happenings of kinds that a reaction looks at, their values typed."""
        seen: set[str] = set()
        for one in happenings:
            if one.id in seen:
                raise InputError(
                    "kode_ganda", f"kejadian {one.id} ditulis dua kali", f"happening {one.id} is given twice",
                    fact=one.id, remedy_id="beri tiap kejadian id sendiri", remedy_en="give each happening an id of its own",
                )  # fmt: skip
            seen.add(one.id)
            fields = self._kinds.get(one.kind)
            if fields is not None:
                values = {name: admit(one.values.get(name), kind, f"{one.id}.{name}") for name, kind in fields.items()}
                yield replace(one, values=values)


def react(engine: Engine, happenings: Iterable[Happening], on: date, known: Collection[str] = ()) -> tuple[Reacted, ...]:
    """What the reactions of the engine's policy find on a day among the happenings of one case, without the `known` keys.

    For many cases keep one `Reactor`. Raises as `Reactor.react` does.
    """
    return Reactor(engine).react(happenings, on, known)


def _code(found: Any) -> Any:
    return {"nilai_null": "tipe_salah"}.get(found, found) if isinstance(found, str) else tuple(found)


def _plain(found: Any) -> Any:
    return found if isinstance(found, str) else [{"key": match.key, "facts": list(match.facts)} for match in found]


def _reacted(match: Match, reaction: Reaction, happenings: Sequence[Happening]) -> Reacted:
    ordered = tuple(sorted(happenings, key=lambda one: (one.on, one.id)))
    basis = where(shown(reaction.place), reaction.authority)
    level = _level(reaction, match)
    level_id, level_en = (f" Tingkat: {value_id(level)}.", f" Level: {value_en(level)}.") if level else ("", "")
    facts_id = "; ".join(_sentence(reaction, one, "id") for one in ordered)
    facts_en = "; ".join(_sentence(reaction, one, "en") for one in ordered)
    return Reacted(
        match,
        reaction,
        ordered,
        f"{reaction.then.text.id}{level_id} Sebabnya: {facts_id} ({basis}).",
        f"{reaction.then.text.en}{level_en} Because of: {facts_en} ({basis}).",
        level,
    )


def _level(reaction: Reaction, match: Match) -> str:
    form = reaction.form
    if isinstance(form, Total) and form.levels:
        shown_at = [decimal_text(threshold) for threshold in form.at_least]
        return form.levels[shown_at.index(match.key.rpartition(":")[2])]
    return form.level if isinstance(form, InARow) else ""


def _sentence(reaction: Reaction, one: Happening, language: Literal["id", "en"]) -> str:
    """Hasil bulanan 31 Maret 2026 (nilai 79,99)"""
    write, name = (value_id, name_id) if language == "id" else (value_en, name_en)
    fields = reaction.events[one.kind]
    values = ", ".join(
        f"{name(reaction.labels[f'{one.kind}.{field}'])} {write(value, fields[field].unit)}"
        for field, value in one.values.items()
        if field in fields
    )
    return f"{name(reaction.labels[one.kind])} {write(one.on)}" + (f" ({values})" if values else "")
