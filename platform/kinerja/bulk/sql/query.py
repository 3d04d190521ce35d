"""The whole chain as SQL: item relations, their aggregates, the cases; and the natural columns that come out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ...core.errors import InputError
from ...engine.agenda import CASE
from ...engine.integer.errors import NotPortable
from ...engine.integer.ir import Each, Lit, Op, Var
from ...engine.integer.lower import Lowering, Scope
from ...engine.integer.numeric import truth
from ...engine.integer.plan import input_type, value_type
from ...engine.integer.types import INTEGER, Day, ListOf, Num, Type
from ...feel import names_used
from ...policy.facts import needed_facts
from ...policy.model import Binding, BindingKind, Decision, Entity, Input, ValueType
from ..chain import Chain, Link, not_portable
from .admission import absent, admitted
from .decisions import Decided, decide
from .expressions import Emitter, World
from .lists import MOST_ITEMS
from .relation import Relation
from .values import Column, Fields, Fixed, Flag, Rows, Scalar, Value, clear, name, refused, span

KEY = "kasus"


@dataclass(frozen=True, slots=True)
class Table:
    """A stored relation: SQL that selects it, its columns with their stored types, and the Parquet file that it is, if any."""

    sql: str
    columns: Mapping[str, str]
    file: Path | None = None

    @property
    def numbered(self) -> str:
        """With the column file_row_number, for a relation that is a Parquet file."""
        return self.sql[:-1] + ", file_row_number=true)"

    def only(self, facts: Collection[str]) -> str:
        """SELECT of the key and these facts: other columns must not be mistaken for computed ones."""
        chosen = [KEY, *(column for column in self.columns if column in facts and column != KEY)]
        return f"SELECT {', '.join(map(name, chosen))} FROM ({self.sql})"


@dataclass(frozen=True, slots=True)
class Query:
    """cases: SELECT of kasus, one column an output, baris_<decision> (row numbers), bad, ganda. items: entity → SELECT alike.

    rows: baris_ column → row ids. Rows with bad (or ganda, on a second look) are to be computed one by one.
    """

    cases: str
    columns: tuple[str, ...]
    items: Mapping[str, str]
    item_columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, tuple[str, ...]]


class QueryBuilder:
    def __init__(self, chain: Chain, tables: Mapping[str, Table]) -> None:
        self._chain, self._tables = chain, tables
        self._world = World(chain.asked, chain.parameters)
        self._needed = needed_facts(chain.policy)
        self._facts: dict[str, dict[str, Value]] = {}
        self._emitters: dict[str, Emitter] = {}
        self._decided: dict[str, Decided] = {}
        self._rows: dict[str, tuple[str, ...]] = {}
        self._lent: dict[str, dict[str, Value]] = {}

    def build(self) -> Query:
        """Raises RuleError `tidak_portabel` for decisions that SQL cannot do, InputError for columns that do not fit."""
        links = self._chain.links
        entities = [entity for entity in self._chain.policy.vocabulary.entities.values() if entity.of == CASE]
        for entity in entities:
            if self._chain.single:
                self._single_items(entity)
            elif entity.name in self._tables:
                self._items(entity)
        cases = Emitter(Relation("", "c_"), self._world, dict(self._emitters))
        self._emitters[CASE] = cases
        self._admit(self._chain.policy.vocabulary.entities[CASE], cases) if not self._chain.single else self._inputs(cases)
        reasons: dict[str, tuple[str, str]] = {}
        for link in links:
            try:
                self._decide(link)
            except NotPortable as error:
                reasons[link.decision.name] = (error.reason_id, error.reason_en)
                break  # those after it rest on it
        if reasons:
            raise not_portable(reasons, engine="python")
        return self._query()

    # ── facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _items(self, entity: Entity) -> None:
        emitter = Emitter(Relation(self._tables[entity.name].only(entity.facts), f"b{len(self._emitters)}_"), self._world)
        self._emitters[entity.name] = emitter
        self._admit(entity, emitter)

    def _admit(self, entity: Entity, emitter: Emitter) -> None:
        table = self._tables[entity.name]
        facts: dict[str, Value] = {}
        for fact in entity.facts.values():
            required = (entity.name, fact.name) in self._needed or fact.name == entity.key
            facts[fact.name] = self._column(emitter, table, fact.name, fact.type, required=required)
        self._facts[entity.name] = facts
        self._constraints(entity, emitter, facts)

    def _column(self, emitter: Emitter, table: Table, fact: str, kind: ValueType, *, required: bool) -> Value:
        scalar = value_type(replace(kind, is_list=False))
        stored = table.columns.get(fact)
        if stored is None:
            if required and not kind.nullable:
                raise InputError(
                    "kolom_tidak_ada",
                    f"kolom {fact} tidak ada",
                    f"there is no column {fact}",
                    remedy_id=f"tambahkan kolom {fact}",
                    remedy_en=f"add the column {fact}",
                    fact=fact,
                )
            return absent(kind, scalar)
        found = admitted(fact, stored, kind, scalar, required=required)
        value = emitter.keep(found.value)
        assert isinstance(value, Scalar | Column)
        missing = f"{value.sql} IS NULL" + (f" AND NOT ({found.unless})" if found.unless else "")
        if isinstance(value, Column):  # a column of its own, so that only the answer is carried on, not the list
            emitter.relation.note(Flag(*emitter.relation.column(f"({missing})", value.depth)))
        elif value.sql != name(fact) or not found.unless:  # else: null where the column is null
            emitter.relation.note(Flag(f"({missing})", value.depth))
        if found.bad:
            emitter.relation.note(Flag(f"coalesce({found.bad}, FALSE)"))
        return value

    def _constraints(self, entity: Entity, emitter: Emitter, facts: Mapping[str, Value]) -> None:
        """A constraint over facts that are all there must hold."""
        for constraint in entity.constraints:
            used = [one for one in names_used(constraint.that) if one in entity.facts]
            scope = Scope({one: Var(one, value_type(entity.facts[one].type)) for one in used})
            try:
                test = emitter.scalar(truth(Lowering().lower(constraint.that, scope)), {one: facts[one] for one in used})
            except NotPortable as error:
                raise not_portable({f"{entity.name}: {constraint.text}": (error.reason_id, error.reason_en)}, "python") from error
            depth = max([test.depth, *(value.depth for one in used if isinstance(value := facts[one], Scalar))])
            emitter.relation.note(Flag(f"coalesce(NOT {test.sql}, FALSE)", depth))

    # ── a single decision, fed by its own inputs ──────────────────────────────────────────────────────────────────────
    def _single_items(self, entity: Entity) -> None:
        decision = self._chain.links[0].decision
        for given in decision.inputs:
            if given.binding.kind is BindingKind.ITEMS and given.binding.target == entity.name:
                table = self._tables[given.name]
                emitter = Emitter(Relation(table.sql, f"b{len(self._emitters)}_"), self._world)
                self._emitters[entity.name] = emitter
                self._facts[entity.name] = {
                    member.name: self._column(emitter, table, member.name, member.type, required=True) for member in given.members
                }

    def _inputs(self, cases: Emitter) -> None:
        decision = self._chain.links[0].decision
        table = self._tables[CASE]
        self._facts[CASE] = {
            given.name: self._column(cases, table, given.name, given.type, required=True)
            for given in decision.inputs
            if given.type is not None
        }

    # ── decisions ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _decide(self, link: Link) -> None:
        decision = link.decision
        entity = CASE if decision.for_each is None or self._chain.single else decision.for_each
        emitter = self._emitters.get(entity)
        if emitter is None:  # no table of such items: every case has none
            self._decided[decision.name] = Decided({}, None, None)
            return
        given = {
            argument.variable.name: self._given(decision, one, entity)
            for argument, one in zip(link.plan.arguments, decision.inputs, strict=True)
        }
        found = decide(emitter, link.plan, given)
        emitter.relation.note(found.flag)
        outputs = {output: clear(emitter.keep(value)) for output, value in found.outputs.items()}
        self._decided[decision.name] = Decided(outputs, found.row, None)
        if found.row is not None:
            self._rows[f"baris_{decision.name}"] = tuple(row.id for row in link.plan.rows)

    def _given(self, decision: Decision, given: Input, entity: str) -> Value:
        binding = given.binding
        if self._chain.single:
            return self._all_items(given, binding) if binding.kind is BindingKind.ITEMS else self._facts[CASE][given.name]
        match binding.kind:
            case BindingKind.FACT:
                if binding.target != entity:
                    return self._lend(given, entity)
                kind = self._chain.policy.vocabulary.entities[binding.target].facts[binding.member].type
                return self._as(self._facts[binding.target][binding.member], value_type(kind), given, entity)
            case BindingKind.OUTPUT:
                other = self._chain.policy.decision(binding.target, self._chain.day)[0]
                if (other.for_each or CASE) != entity:
                    raise refused(f"masukan {given.name} dari {binding.target}")
                return self._as(self._decided[binding.target].outputs[binding.member], None, given, entity)
            case BindingKind.COLLECTED:
                other = self._chain.policy.decision(binding.target, self._chain.day)[0]
                outputs = self._decided[binding.target].outputs
                if not outputs:
                    return self._none(given)
                return self._as(Rows(other.for_each or "", outputs[binding.member]), None, given, entity)
            case BindingKind.ITEMS:
                return self._all_items(given, binding)
        raise refused(f"masukan {given.name}")

    def _lend(self, given: Input, entity: str) -> Value:
        """A fact of the case, read on its items."""
        binding = given.binding
        fact = self._chain.policy.vocabulary.entities[binding.target].facts[binding.member]
        if binding.target != CASE or fact.name in self._facts[entity]:
            raise refused(f"masukan {given.name} dari {binding.target}")
        lent = self._lent.setdefault(entity, {})
        if fact.name not in lent:
            lent[fact.name] = self._column(self._emitters[entity], self._tables[CASE], fact.name, fact.type, required=True)
        return self._as(lent[fact.name], value_type(fact.type), given, entity)

    def _all_items(self, given: Input, binding: Binding) -> Value:
        if binding.target not in self._emitters:
            return self._none(given)
        facts = self._facts[binding.target]
        fields: dict[str, Value] = {}
        for member in given.members:
            if member.decision is None or self._chain.single:
                fields[member.name] = facts[member.name]
            else:
                fields[member.name] = self._decided[member.decision].outputs[member.name]
        return Rows(binding.target, Fields(fields))

    @staticmethod
    def _none(given: Input) -> Value:
        return Fixed(())

    def _as(self, value: Value, kind: Type | None, given: Input, entity: str) -> Value:
        """The value under the scale that the input wants."""
        wanted = input_type(given)[0]
        target = wanted.element if isinstance(wanted, ListOf) else wanted
        held: Value = value
        if isinstance(value, Rows | Column):
            held = value.element
        if not isinstance(held, Scalar) or held.type == target or not isinstance(held.type, Num) or not isinstance(target, Num):
            return value
        if not held.type.den or not target.den or target.den % held.type.den:
            raise refused(f"masukan {given.name} dengan skala lain")
        factor = target.den // held.type.den
        inner = Op("scale", (Var("x_", held.type, held.null), Lit(factor, INTEGER)), target, held.null)
        if isinstance(value, Scalar):
            return self._emitters[entity].emit(inner, {"x_": value})
        kind = ListOf(held.type, held.null)
        body = Each("x_", Var("l_", kind), inner, ListOf(target, held.null))
        return self._emitters[entity].emit(body, {"l_": value})

    # ── the query ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _query(self) -> Query:
        items: dict[str, str] = {}
        item_columns: dict[str, tuple[str, ...]] = {}
        joins: list[str] = []
        joined: set[str] = set()
        cases = self._emitters[CASE].relation
        doubled = "FALSE"
        for entity, emitter in self._emitters.items():
            if entity == CASE:
                continue
            relation = emitter.relation
            if lent := self._lent.get(entity):
                kept = ", ".join(f"k.{name(fact)}" for fact in lent if fact in self._tables[CASE].columns)
                joined_cases = f"LEFT JOIN ({self._tables[CASE].only(lent)}) AS k ON k.{name(KEY)} = i.{name(KEY)}"
                relation.source = f"SELECT i.*, {kept} FROM ({relation.source}) AS i {joined_cases}" if kept else relation.source
            bad = relation.flag_column()
            key = self._chain.policy.vocabulary.entities[entity].key
            chosen = {KEY: name(KEY)} | ({key: name(key)} if key else {})
            chosen |= self._natural(entity)
            items[entity] = relation.render(chosen)
            item_columns[entity] = tuple(chosen)
            grouped = {f"{relation.prefix}n": "count(*)", f"{relation.prefix}bad": f"bool_or({bad})"}
            if key and not self._chain.single:
                code = f"enum_code(CAST({name(key)} AS kode_{entity}))"
                grouped[f"{relation.prefix}kode"] = f"bit_count(bit_or(1::UBIGINT << ({code} % 64)::UBIGINT))"
                doubled += f" OR coalesce({relation.prefix}kode < {relation.prefix}n, FALSE)"
            grouped |= relation.aggregates
            joins.append(self._grouped(relation, grouped))
            joined |= grouped.keys()
            cases.note(Flag(f"coalesce({relation.prefix}bad OR {relation.prefix}n > {MOST_ITEMS}, FALSE)"))
        bad = cases.flag_column()
        cases.source = self._tables[CASE].only(self._facts[CASE])
        source = f"SELECT * FROM ({cases.below(joined).inner()}) AS k"
        for index, join in enumerate(joins):
            source += f' LEFT JOIN ({join}) AS i{index} ON k.{name(KEY)} = i{index}."_kasus"'
        cases.source = source
        counts = [f"coalesce({emitter.relation.prefix}n, 0)" for entity, emitter in self._emitters.items() if entity != CASE]
        chosen = {KEY: name(KEY), "bad": bad, "ganda": doubled, "butir": " + ".join(counts) or "0", **self._natural(CASE)}
        return Query(
            cases.render(chosen), tuple(c for c in chosen if c not in ("bad", "ganda", "butir")), items, item_columns, self._rows
        )

    def _grouped(self, relation: Relation, grouped: Mapping[str, str]) -> str:
        chosen = ", ".join(f"{sql} AS {column}" for column, sql in grouped.items())
        return f'SELECT {name(KEY)} AS "_kasus", {chosen} FROM ({relation.inner()}) GROUP BY {name(KEY)}'

    def _natural(self, entity: str) -> dict[str, str]:
        """Output and row columns of an entity's decisions, in the order of the chain."""
        outputs: dict[str, str] = {}
        rows: dict[str, str] = {}
        for link in self._chain.links:
            decision = link.decision
            own = CASE if decision.for_each is None or self._chain.single else decision.for_each
            found = self._decided[decision.name]
            if own != entity or not found.outputs:
                continue
            for output in decision.outputs:
                outputs[output.name] = natural(found.outputs[output.name], output.type)
            if found.row is not None:
                rows[f"baris_{decision.name}"] = f"{found.row.sql}::USMALLINT"
        return outputs | rows


def natural(value: Value, kind: ValueType) -> str:
    """A value as it is stored: DECIMAL(18, scale), BIGINT at scale 0, DATE, VARCHAR, BOOLEAN."""
    if not isinstance(value, Scalar):
        raise refused("keluaran berupa daftar")
    if isinstance(value.type, Day):
        return f"(DATE '0001-01-01' + ({value.sql} - 1)::INTEGER)"
    if not isinstance(value.type, Num) or not kind.scale:
        return value.sql
    digits = len(str(span(value).magnitude))
    room = max(1, min(18, digits))
    factor = f"0.{'0' * (kind.scale - 1)}1::DECIMAL({kind.scale},{kind.scale})"
    return f"({value.sql}::DECIMAL({room},0) * {factor})::DECIMAL(18,{kind.scale})"


__all__ = ["KEY", "Query", "QueryBuilder", "Table", "natural"]
