"""A chain over columns: facts of some thousand cases and their items in, the answers of all decisions out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import duckdb

from ...engine.agenda import CASE
from ...engine.integer.plan import input_type
from ...engine.integer.types import ListOf, Num
from ...feel import names_used
from ...policy.facts import needed_facts
from ...policy.model import BindingKind, Decision, Entity, Input
from ..chain import Chain, Link
from ..program import decision_functions
from ..sql.query import KEY, Table
from ..sql.values import name
from . import numbers as n
from .arrow import Batch
from .decide import Decided, decide
from .evaluate import Evaluator, World
from .facts import FEW, Fact, code_of, constraints, fact, words_of
from .reuse import Reuse
from .stream import HASH
from .untyped import Array, np
from .values import Faults, Fields, Fixed, Nested, Scalar, Space, Value, mapped, refused, scalar

MOST_ITEMS = 10_000
COUNTED = "dihitung"
UNMATCHED = "0::UTINYINT"


@dataclass(slots=True)
class Answers:
    """bad: cases to be computed one by one. decided: by decision, over cases or over items; spaces: the items of each kind."""

    bad: Array
    decided: dict[str, Decided]
    spaces: dict[str, Space]
    codes: dict[str, Scalar] = field(default_factory=dict)


class ColumnChain:
    """How a chain reads these tables. Raises InputError for columns that do not fit, NotPortable for facts without column form."""

    def __init__(
        self,
        db: duckdb.DuckDBPyConnection,
        chain: Chain,
        tables: Mapping[str, Table],
        reuse: Reuse | None = None,
        kept: Table | None = None,
    ) -> None:
        """reuse, kept: decisions that are computed, and the answers of the others, as a run before left them."""
        self._db, self._chain, self._tables = db, chain, tables
        self._counted = ""
        needed = needed_facts(chain.policy)
        self._links = chosen = chain.links if reuse is None else reuse.links
        self._world = World(chain.asked, chain.parameters, partial(decision_functions, replace(chain, links=chosen)))
        read = _read_facts(chain, chosen, constraints=reuse is None)
        self._outputs: dict[str, dict[str, Fact]] = {}
        if reuse is not None and kept is not None:
            self._outputs = _known_outputs(db, chain, reuse, kept)
        self._facts: dict[str, dict[str, Fact]] = {}
        self.entities = _entities_read(chain, chosen) if reuse is not None else set(tables)
        read |= {(one.name, one.key) for one in self._entities() if one.key and one.name in self.entities}
        for entity in self._entities():
            self._facts[entity.name] = {
                one.name: fact(
                    db, tables[entity.name], one.name, one.type, f"{entity.name}_{number}",
                    required=(entity.name, one.name) in needed or one.name == entity.key,
                    used=(entity.name, one.name) in read or one.name == entity.key,
                )
                for number, one in enumerate(entity.facts.values())
                if reuse is None or (entity.name, one.name) in read
            }  # fmt: skip

    def _entities(self) -> list[Entity]:
        return [entity for entity in self._chain.policy.vocabulary.entities.values() if entity.name in self._tables]

    def select(self, entity: str, source: str, *, keys: bool = True) -> str:
        """The query of an entity's rows; source: SQL of the relation. keys: with the keys of cases, and a hash to match them by."""
        matched = keys or len(self.entities) > 1
        columns = {HASH: f"hash({name(KEY)})" if matched else UNMATCHED}
        if entity == CASE and keys:
            columns[KEY] = name(KEY)
        for one in self._facts[entity].values():
            columns |= one.selects
        if entity == CASE and self._counted:
            columns[COUNTED] = self._counted
        return "SELECT " + ", ".join(f"{sql} AS {alias}" for alias, sql in columns.items()) + f" FROM ({source})"

    def select_known(self, kept: Table, *, matched: bool) -> str:
        """The query of the answers that are not computed again."""
        columns = {HASH: f"hash({name(KEY)})" if matched else UNMATCHED}
        for facts in self._outputs.values():
            for one in facts.values():
                columns |= one.selects
        return "SELECT " + ", ".join(f"{sql} AS {alias}" for alias, sql in columns.items()) + f" FROM ({kept.sql})"

    def count_by(self, column: str) -> tuple[str, ...] | None:
        """Have the values of a column of cases read too, as codes (`COUNTED`); None where they are many."""
        self._counted = ""
        raw = f"{name(column)}::VARCHAR"
        words = words_of(self._db, self._tables[CASE], raw)
        if len(words) > FEW:
            return None
        self._counted = code_of(self._db, words, raw, COUNTED)
        return words

    def answer(self, cases: Batch, items: Mapping[str, tuple[Array, Batch]], known: Batch | None = None) -> Answers:
        """known: answers of the same cases by a run before."""
        with np.errstate(all="ignore"):  # rows that failed compute nonsense, which is never looked at
            chunk = _Chunk(self._chain, self._world, self._facts, cases, items)
            if known is not None:
                chunk.know(self._outputs, known)
            return chunk.run([one for one in self._entities() if one.name == CASE or one.name in items], self._links, known is None)


def _entities_read(chain: Chain, links: Sequence[Link]) -> set[str]:
    """Cases, and the kinds of items that these decisions go over."""
    found = {CASE}
    for link in links:
        if link.decision.for_each:
            found.add(link.decision.for_each)
        for given in link.decision.inputs:
            if given.binding.kind is BindingKind.ITEMS:
                found.add(given.binding.target)
            elif given.binding.kind is BindingKind.COLLECTED:
                found.add(chain.policy.decision(given.binding.target, chain.day)[0].for_each or CASE)
    return found


def _known_outputs(db: duckdb.DuckDBPyConnection, chain: Chain, reuse: Reuse, kept: Table) -> dict[str, dict[str, Fact]]:
    found: dict[str, dict[str, Fact]] = {}
    for link in chain.links:
        for output in link.decision.outputs:
            if output.name in reuse.read.get(link.decision.name, ()):
                alias = f"o{len(found)}_{output.name}"
                one = fact(db, kept, output.name, output.type, alias, required=not output.type.nullable, used=True)
                found.setdefault(link.decision.name, {})[output.name] = one
    return found


def _read_facts(chain: Chain, links: Sequence[Link], *, constraints: bool) -> set[tuple[str, str]]:
    """(entity, fact) that these decisions or some constraint read."""
    found: set[tuple[str, str]] = set()
    for link in links:
        for given in link.decision.inputs:
            if given.binding.kind is BindingKind.FACT:
                found.add((given.binding.target, given.binding.member))
            found |= {(given.binding.target, member.name) for member in given.members if member.decision is None}
    for entity in chain.policy.vocabulary.entities.values() if constraints else ():
        for constraint in entity.constraints:
            found |= {(entity.name, one) for one in names_used(constraint.that)}
    return found


class _Chunk:
    def __init__(
        self,
        chain: Chain,
        world: World,
        facts: Mapping[str, Mapping[str, Fact]],
        cases: Batch,
        items: Mapping[str, tuple[Array, Batch]],
    ) -> None:
        self._chain, self._readers = chain, facts
        size = len(cases[HASH])
        self._spaces = {CASE: Space(size), **{entity: Space(int(counts.sum()), counts) for entity, (counts, _) in items.items()}}
        self._faults = {entity: Faults(space.size) for entity, space in self._spaces.items()}
        self._ev = {entity: Evaluator(world, space, self._faults[entity]) for entity, space in self._spaces.items()}
        self._batches: dict[str, Batch] = {CASE: cases, **{entity: batch for entity, (_, batch) in items.items()}}
        self._facts: dict[str, dict[str, Value]] = {}
        self._decided: dict[str, Decided] = {}

    def know(self, outputs: Mapping[str, Mapping[str, Fact]], known: Batch) -> None:
        for decision, facts in outputs.items():
            self._decided[decision] = Decided({output: one.read(known, self._ev[CASE]) for output, one in facts.items()})

    def run(self, entities: list[Entity], links: Sequence[Link], check: bool) -> Answers:
        """links: what is computed. check: whether facts are let in here for the first time."""
        for entity in entities:
            ev, batch = self._ev[entity.name], self._batches[entity.name]
            facts: dict[str, Value] = {}
            if ev.space.size or entity.name == CASE:
                facts = {one: reader.read(batch, ev) for one, reader in self._readers[entity.name].items()}
                if check:
                    constraints(entity, ev, facts)
            self._facts[entity.name] = facts
        for link in links:
            decision = link.decision
            place = decision.for_each or CASE
            if place in self._facts and (self._facts[place] or place == CASE):
                given = [self._given(decision, one, place) for one in decision.inputs]
                found, known = decide(self._ev[place], link.plan, given), self._decided.get(decision.name)
                self._decided[decision.name] = (
                    found if known is None else Decided({**known.outputs, **found.outputs}, found.matched)
                )
        bad = self._faults[CASE].mask
        bad = np.zeros(self._spaces[CASE].size, np.bool_) if bad is None else bad
        codes: dict[str, Scalar] = {}
        for entity in entities:
            space = self._spaces[entity.name]
            if entity.name == CASE or not space.size:
                continue
            failed = self._faults[entity.name].mask
            if failed is not None:
                bad = bad | space.fold(np.logical_or, failed, False)
            bad = bad | (space.counts > MOST_ITEMS)
            if entity.key and check:
                codes[entity.name] = scalar(self._facts[entity.name][entity.key])
                bad = bad | _unfit_codes(space, codes[entity.name])
        return Answers(bad, self._decided, self._spaces, codes)

    # ── inputs ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _given(self, decision: Decision, given: Input, entity: str) -> Value:
        binding = given.binding
        match binding.kind:
            case BindingKind.FACT:
                value = self._facts[binding.target][binding.member] if binding.target in (entity, CASE) else None
                if value is None:
                    raise refused(f"masukan {given.name} dari {binding.target}")
                return _as(value if binding.target == entity else mapped(value, self._spaces[entity].spread), given)
            case BindingKind.OUTPUT:
                other = self._chain.policy.decision(binding.target, self._chain.day)[0]
                value = self._decided[binding.target].outputs[binding.member]
                if (other.for_each or CASE) == entity:
                    return _as(value, given)
                if other.for_each:
                    raise refused(f"masukan {given.name} dari {binding.target}")
                return _as(mapped(value, self._spaces[entity].spread), given)
            case BindingKind.COLLECTED:
                if binding.target not in self._decided:
                    return Fixed(())
                other = self._chain.policy.decision(binding.target, self._chain.day)[0]
                output = self._decided[binding.target].outputs[binding.member]
                return _as(Nested(self._spaces[other.for_each or CASE], output), given)
            case BindingKind.ITEMS:
                if not self._facts.get(binding.target):
                    return Nested(Space(0, np.zeros(self._spaces[CASE].size, np.int64)), self._nobody(given))
                fields = {
                    member.name: self._facts[binding.target][member.name]
                    if member.decision is None
                    else self._decided[member.decision].outputs[member.name]
                    for member in given.members
                }
                return Nested(self._spaces[binding.target], Fields(fields))
        raise refused(f"masukan {given.name}")

    @staticmethod
    def _nobody(given: Input) -> Value:
        """The element of a list that has none."""
        from .values import nothing

        kind = input_type(given)[0]
        assert isinstance(kind, ListOf)
        return Fields({one.name: nothing(one.type) for one in getattr(kind.element, "fields", ())})


def _as(value: Value, given: Input) -> Value:
    """The value under the scale that the input wants."""
    wanted = input_type(given)[0]
    target = wanted.element if isinstance(wanted, ListOf) else wanted
    held = value.element if isinstance(value, Nested) else value
    if not isinstance(held, Scalar) or held.type == target or not isinstance(held.type, Num) or not isinstance(target, Num):
        return value
    if not held.type.den or not target.den or target.den % held.type.den:
        raise refused(f"masukan {given.name} dengan skala lain")
    scaled = n.scale(held, target.den // held.type.den, target)
    return replace(value, element=scaled) if isinstance(value, Nested) else scaled


def _unfit_codes(space: Space, codes: Scalar) -> Array:
    """Cases with a code twice, or a blank one. Codes that rise within a case are different; elsewhere a bit for each code raises

    suspicion, and the suspects are sorted.
    """
    blank = np.array([not word.strip() for word in codes.words or ()], np.bool_)
    bad = (
        space.fold(np.logical_or, blank.take(codes.data, mode="clip"), False)
        if blank.any()
        else np.zeros(len(space.starts), np.bool_)
    )
    if space.counts.min() > 0:
        rising = codes.data[1:] > codes.data[:-1]
        rising[space.starts[1:] - 1] = True
        if rising.all():
            return bad
    bits = np.left_shift(np.uint64(1), (codes.data & 63).astype(np.uint64))
    suspects = np.bitwise_count(space.fold(np.bitwise_or, bits, np.uint64(0))) < space.counts
    if not suspects.any():
        return bad
    owner = space.spread(np.arange(len(space.starts)))
    looked = np.flatnonzero(suspects[owner])
    order = looked[np.lexsort((codes.data[looked], owner[looked]))]
    twice = (owner[order][1:] == owner[order][:-1]) & (codes.data[order][1:] == codes.data[order][:-1])
    bad[owner[order][1:][twice]] = True
    return bad


__all__ = ["COUNTED", "Answers", "ColumnChain"]
