"""Reactions of a case: rete and the naive matcher must find the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ...core.errors import IncidentError, InputError, RuleError
from ...core.findings import Citation
from ...policy.model import Base, ValueType
from ..wording import value_en, value_id
from .model import Happening, Match, Reacted, Reaction
from .naive import Naive
from .rules import react

if TYPE_CHECKING:
    from ..engine import Engine


class Reactor:
    """The reactions of a release, over one engine's worker."""

    def __init__(self, engine: Engine, reactions: Sequence[Reaction]) -> None:
        self._engine = engine
        self._reactions = tuple(reactions)
        self._kinds: dict[str, dict[str, ValueType]] = {}
        for reaction in self._reactions:
            for kind, fields in reaction.events.items():
                self._kinds.setdefault(kind, {}).update(fields)

    def react(self, happenings: Iterable[Happening], day: date) -> tuple[Reacted, ...]:
        """What fires on a day, by key. Raises InputError, RuleError (both matchers agreeing) or IncidentError.

        The keys are idempotent: asking again, with the same or more happenings, gives the same keys for what fired before.
        """
        listed = tuple(sorted(happenings, key=lambda one: one.id))
        self._admit(listed)
        active = tuple(reaction for reaction in self._reactions if reaction.effective.holds(day))
        pending = self._engine.ask(react, active, listed, day)
        naive: tuple[Match, ...] | str
        try:
            naive = Naive(active).match(listed, day)
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
        return tuple(_reacted(match, by_name[match.reaction], [by_id[name] for name in match.facts]) for match in naive)

    def _admit(self, happenings: Sequence[Happening]) -> None:
        seen: set[str] = set()
        for one in happenings:
            if one.id in seen:
                raise _refused("kode_ganda", one.id, "dipakai dua kali", "is used twice")
            seen.add(one.id)
            fields = self._kinds.get(one.kind)
            if fields is None:
                continue  # no reaction looks at this kind
            for name, kind in fields.items():
                _check(one, name, kind, one.values.get(name))


def _check(one: Happening, name: str, kind: ValueType, value: Any) -> None:
    where = f"{one.id}.{name}"
    if value is None:
        if kind.nullable:
            return
        raise _refused("fakta_hilang", where, "belum diisi", "is missing")
    wanted = {Base.NUMBER: Fraction, Base.TEXT: str, Base.BOOLEAN: bool, Base.DATE: date}[kind.base]
    if not isinstance(value, wanted):
        raise _refused("tipe_salah", where, f"bukan {kind.base}", f"is no {kind.base}")
    if isinstance(value, Fraction):
        if (value * 10**kind.scale).denominator != 1:
            raise _refused("terlalu_banyak_desimal", where, "terlalu banyak desimal", "has too many decimals")
        if (kind.low is not None and value < kind.low) or (kind.high is not None and value > kind.high):
            raise _refused("di_luar_rentang", where, "di luar rentang", "is out of range")
    elif kind.values and value not in kind.values:
        raise _refused("nilai_tidak_dikenal", where, f"bukan salah satu dari {', '.join(kind.values)}", "is no known value")


def _refused(code: str, fact: str, text_id: str, text_en: str) -> InputError:
    return InputError(
        code, f"{fact} {text_id}", f"{fact} {text_en}", fact=fact, remedy_id=f"perbaiki {fact}", remedy_en=f"mend {fact}"
    )


def _code(found: Any) -> Any:
    return {"nilai_null": "tipe_salah"}.get(found, found) if isinstance(found, str) else tuple(found)


def _plain(found: Any) -> Any:
    return found if isinstance(found, str) else [{"key": match.key, "facts": list(match.facts)} for match in found]


def _reacted(match: Match, reaction: Reaction, happenings: Sequence[Happening]) -> Reacted:
    ordered = tuple(sorted(happenings, key=lambda one: (one.on, one.id)))
    facts_id = "; ".join(f"{one.kind.replace('_', ' ')} {value_id(one.on)} ({_values(one.values, value_id)})" for one in ordered)
    facts_en = "; ".join(f"{one.kind.replace('_', ' ')} {value_en(one.on)} ({_values(one.values, value_en)})" for one in ordered)
    basis = "; ".join(str(citation) for citation in _cited(reaction))
    return Reacted(
        match,
        reaction,
        ordered,
        f"{reaction.then.text.id} Sebabnya: {facts_id} ({reaction.place}; {basis}).",
        f"{reaction.then.text.en} Because of: {facts_en} ({reaction.place}; {basis}).",
    )


def _values(values: Mapping[str, Any], write: Any) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {write(value)}" for name, value in values.items())


def _cited(reaction: Reaction) -> tuple[Citation, ...]:
    return reaction.authority
