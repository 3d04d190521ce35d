"""A policy as rete rules: each table row a rule, each decision's outputs facts that chain into the next decision.

For every decision of the agenda there is
- `ready`: its inputs are all known (a join over the facts of the case, of the item, and outputs already derived). It computes
  what the rows test and asserts that as one fact; a formula computes its outputs at once;
- one rule a row and alternative, comparing that fact with constants;
- `resolve`, after all rows: applies the hit policy and asserts the outputs;
- `gather`, where it reads all items: counts them until the list is whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...policy.model import BindingKind, Decision, Policy, Table
from ..agenda import CASE, Agenda, bound
from ..answer import CASE_LEVEL, Answer, Failure, MatchedRows
from ..integer import CompiledDecision, Env, Fault, Program
from ..integer.codec import decode, encode
from ..integer.hits import resolve
from ..integer.lower import ParameterSignature
from ..integer.plan import output_field, parameter_signatures, value_type
from ..integer.types import Bool, Field, ListOf, Record, Type
from .cells import ColumnCode, encode_columns, encode_row
from .kernel import Kernel, KernelError
from .properties import LongTexts, from_property, parameter_property, read_parameter, to_property
from .ruleset import KIND, Condition, FactData, Pattern, Reference, Rule, Value

ROW, RESOLVE, GATHER, READY = 10, 20, 30, 40
CHUNK = 40  # rules on one kind of fact, so that neither siblings nor identical patterns pass what the engine bears
MAX_DAYS = 64
GIVEN, START = "given", "start"

Matched = Mapping[str, FactData]
Reader = Callable[["_Case", Matched], Any]
Key = tuple[int, int]


@dataclass(slots=True)
class _Case:
    """What one evaluation keeps beside the facts."""

    sizes: Mapping[str, int]
    store: LongTexts = field(default_factory=LongTexts)
    arguments: dict[Key, Sequence[Any]] = field(default_factory=dict)
    environments: dict[Key, Env] = field(default_factory=dict)
    hits: dict[Key, set[int]] = field(default_factory=dict)
    derived: dict[Key, tuple[Any, ...]] = field(default_factory=dict)
    gathered: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    failures: list[tuple[int, int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Stage:
    """A decision of the agenda, its place in the order, how its tested values are coded and its outputs travel."""

    index: int
    decision: Decision
    compiled: CompiledDecision
    fields: tuple[Field, ...]
    parameters: tuple[ParameterSignature, ...]
    columns: tuple[ColumnCode, ...]
    properties: tuple[tuple[str, Type], ...]

    @property
    def name(self) -> str:
        return self.decision.name

    @property
    def rows(self) -> int:
        return len(self.compiled.plan.rows)


class AgendaRules:
    """The ruleset of one agenda, with its kernel. Raises NotPortable or RulesetError when it cannot be built."""

    def __init__(self, policy: Policy, agenda: Agenda, program: Program) -> None:
        self._policy, self._agenda, self._program = policy, agenda, program
        self._case: _Case | None = None
        self._taps: Counter[str] = Counter()
        self._groups: dict[str, list[str]] = {}
        self._rules: list[Rule] = []
        self._dynamic: dict[str, dict[int, list[int]]] = {}
        self._entities = {
            name: [(f"f{index}", fact.name, value_type(fact.type)) for index, fact in enumerate(entity.facts.values())]
            for name, entity in policy.vocabulary.entities.items()
        }
        self._days: dict[int, tuple[Mapping[str, Any], dict[str, dict[str, Value]]]] = {}
        self._stages = [self._stage(index, decision) for index, decision in enumerate(agenda.decisions)]
        self._by_name = {stage.name: stage for stage in self._stages}
        for stage in self._stages:
            self._add(stage)
        self._gathering = [(stage.name, entity) for stage in self._stages for entity in self._gathers(stage.decision)]
        self._kernel = Kernel(self._rules)

    def close(self) -> None:
        self._kernel.close()

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(self._rules)

    # ── a case ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def evaluate(
        self, parameters: Mapping[str, Any], kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> Answer | Failure:
        """Encoded facts in (of a single decision: its inputs as `kasus`), the answer or the first named error out."""
        case = self._case = _Case({entity: len(values) for entity, values in items.items()})
        try:
            self._kernel.evaluate(self._facts(case, parameters, kasus, items))
            return self._answer(case)
        finally:
            self._case = None

    def _facts(
        self, case: _Case, parameters: Mapping[str, Any], kasus: Mapping[str, Any], items: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> Iterable[FactData]:
        yield from self._spread(START, {})
        for stage in self._stages:
            if stage.parameters:
                yield {KIND: f"par:{stage.name}", **self._parameter_properties(stage, parameters)}
        if self._agenda.single:
            compiled = self._stages[0].compiled
            props = {
                f"f{index}": to_property(kasus.get(argument.name), argument.variable.type, case.store)
                for index, argument in enumerate(compiled.plan.arguments)
            }
            yield from self._spread(GIVEN, props)
            return
        yield from self._spread(CASE, self._entity_properties(case, CASE, kasus))
        for entity, values in items.items():
            for index, item in enumerate(values):
                yield from self._spread(entity, {"i": index, **self._entity_properties(case, entity, item)})
        for name, entity in self._gathering:
            if not case.sizes.get(entity):
                yield {KIND: f"all:{name}:{entity}", "i": 0}

    def _spread(self, kind: str, properties: Mapping[str, Value]) -> list[FactData]:
        """The fact once for each group of rules that reads its kind, in one group at least."""
        groups = self._groups.get(kind)
        if groups is None:
            groups = self._groups[kind] = [f"{kind}/{group}" for group in range(max(1, -(-self._taps[kind] // CHUNK)))]
        return [{KIND: name, **properties} for name in groups]

    def _entity_properties(self, case: _Case, entity: str, values: Mapping[str, Any]) -> dict[str, Value]:
        return {prop: to_property(values.get(name), kind, case.store) for prop, name, kind in self._entities[entity]}

    def _parameter_properties(self, stage: _Stage, parameters: Mapping[str, Any]) -> dict[str, Value]:
        """The same for every case of a day, so written once."""
        kept = self._days.get(id(parameters))
        if kept is None or kept[0] is not parameters:
            if len(self._days) > MAX_DAYS:
                self._days.clear()
            kept = self._days[id(parameters)] = (parameters, {})
        found = kept[1].get(stage.name)
        if found is None:
            found = kept[1][stage.name] = {
                f"f{index}": parameter_property(parameters.get(signature.name), signature.key is not None)
                for index, signature in enumerate(stage.parameters)
            }
        return found

    def _answer(self, case: _Case) -> Answer | Failure:
        if case.failures:
            index, item, code = min(case.failures)
            return Failure(code, self._stages[index].name, item)
        values: dict[str, list[tuple[Any, ...]]] = {}
        rows: list[MatchedRows] = []
        for stage in self._stages:
            values[stage.name] = found = []
            for item in self._indexes(case, stage.decision):
                derived = case.derived.get((stage.index, item))
                if derived is None:
                    raise KernelError(f"no answer for {stage.name}, item {item}")
                found.append(derived)
                rows += self._matched_rows(case, stage, item)
        return Answer(values, tuple(rows))

    def _indexes(self, case: _Case, decision: Decision) -> Iterable[int]:
        if decision.for_each and not self._agenda.single:
            return range(case.sizes.get(decision.for_each, 0))
        return (CASE_LEVEL,)

    def _matched_rows(self, case: _Case, stage: _Stage, item: int) -> list[MatchedRows]:
        key = (stage.index, item)
        found = []
        for name, indexes in case.environments[key].calls:
            rows = self._program.compiled(name).plan.rows
            found.append((name, stage.name, item, tuple([rows[index].id for index in indexes])))
        if stage.compiled.plan.hit is not None:
            rows = stage.compiled.plan.rows
            found.append((stage.name, stage.name, item, tuple([rows[index].id for index in sorted(case.hits.get(key, ()))])))
        return found

    # ── compiling ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _stage(self, index: int, decision: Decision) -> _Stage:
        compiled = self._program.compiled(decision.name)
        columns = encode_columns(decision.logic, compiled.plan) if isinstance(decision.logic, Table) else ()
        signatures = parameter_signatures(self._policy)
        names = self._parameters_of(compiled, set())
        fields = tuple(output_field(decision, output) for output in decision.outputs)
        properties = tuple((f"f{index}", field.type) for index, field in enumerate(fields))
        return _Stage(index, decision, compiled, fields, tuple(signatures[name] for name in names), columns, properties)

    def _parameters_of(self, compiled: CompiledDecision, seen: set[str]) -> list[str]:
        """The parameters a decision looks up, itself or through the decisions it calls."""
        found = list(compiled.plan.parameters)
        for name in compiled.plan.asks:
            if name not in seen:
                seen.add(name)
                found += self._parameters_of(self._program.compiled(name), seen)
        return list(dict.fromkeys(found))

    def _gathers(self, decision: Decision) -> list[str]:
        """The item entities whose whole list a decision reads."""
        found = []
        for given in decision.inputs:
            if given.binding.kind is BindingKind.ITEMS:
                found.append(given.binding.target)
            elif given.binding.kind is BindingKind.COLLECTED:
                entity = self._policy.decision(given.binding.target, self._agenda.day)[0].for_each
                found += [entity] if entity else []
        return list(dict.fromkeys(found))

    def _tap(self, kind: str) -> str:
        group = self._taps[kind] // CHUNK
        self._taps[kind] += 1
        return f"{kind}/{group}"

    def _add(self, stage: _Stage) -> None:
        if not self._agenda.single:
            for entity in self._gathers(stage.decision):
                self._add_gather(stage, entity)
        self._add_ready(stage)
        if isinstance(stage.decision.logic, Table):
            self._add_rows(stage, stage.decision.logic)

    def _columns_of(self, stage: _Stage, entity: str) -> set[str]:
        """What a decision reads of the items of an entity: facts, outputs by their name, or one output as decision.output."""
        found: set[str] = set()
        for given, argument in zip(stage.decision.inputs, stage.compiled.plan.arguments, strict=True):
            target, member = given.binding.target, given.binding.member
            if given.binding.kind is BindingKind.ITEMS and target == entity:
                found.update(field.name for field in _members(argument.variable.type))
            elif given.binding.kind is BindingKind.COLLECTED:
                found.add(f"{target}.{member}")
        return found

    def _add_gather(self, stage: _Stage, entity: str) -> None:
        decision = stage.decision
        sources = [
            name for name in bound(self._policy, decision, self._agenda.day)
            if self._policy.decision(name, self._agenda.day)[0].for_each == entity
        ]  # fmt: skip
        patterns = [Pattern("item", self._tap(entity))]
        wanted = self._columns_of(stage, entity)
        readers: dict[str, Reader] = {
            fact.name: _reader("item", index, value_type(fact.type))
            for index, fact in enumerate(self._policy.vocabulary.entities[entity].facts.values())
        }
        for number, name in enumerate(sources):
            alias = f"d{number}"
            patterns.append(Pattern(alias, self._tap(f"out:{name}"), (Condition("i", "=", Reference("item", "i")),)))
            for index, output in enumerate(self._by_name[name].fields):
                readers[output.name] = readers[f"{name}.{output.name}"] = _reader(alias, index, output.type)
        readers = {name: reader for name, reader in readers.items() if name in wanted}
        key = f"{stage.name}:{entity}"

        def gather(matched: Matched) -> Iterable[FactData]:
            case = self._running()
            found = case.gathered.setdefault(key, {})
            found[int(matched["item"]["i"])] = {name: reader(case, matched) for name, reader in readers.items()}
            return [{KIND: f"all:{key}", "i": 0}] if len(found) == case.sizes[entity] else []

        self._rules.append(Rule(f"gather:{key}", tuple(patterns), gather, GATHER))

    def _add_ready(self, stage: _Stage) -> None:
        patterns, readers = self._sources(stage)
        if stage.parameters:
            patterns.append(Pattern("par", f"par:{stage.name}"))
        single, for_each, compiled = self._agenda.single, stage.decision.for_each, stage.compiled
        arguments_of = [readers[argument.name] for argument in compiled.plan.arguments]

        def ready(matched: Matched) -> Iterable[FactData]:
            case = self._running()
            item = int(matched["item"]["i"]) if for_each and not single else CASE_LEVEL
            key = (stage.index, item)
            env = case.environments[key] = self._program.env(self._parameters(stage, matched))
            try:
                arguments = case.arguments[key] = [reader(case, matched) for reader in arguments_of]
                compiled.check_arguments(arguments)
                compiled.guards(env, *arguments)
                if compiled.plan.hit is None:
                    return self._outputs(case, stage, item, compiled.steps(env, *arguments))
                return self._subjects(stage, item, env, arguments)
            except Fault as fault:
                case.failures.append((stage.index, item, fault.code))
                return []

        self._rules.append(Rule(f"ready:{stage.name}", tuple(patterns), ready, READY))

    def _parameters(self, stage: _Stage, matched: Matched) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for index, signature in enumerate(stage.parameters):
            value = read_parameter(matched["par"][f"f{index}"])
            if value is not None:
                found[signature.name] = value
        return found

    def _sources(self, stage: _Stage) -> tuple[list[Pattern], dict[str, Reader]]:
        """The facts a decision waits for, and how each input is read from them."""
        decision, readers = stage.decision, dict[str, Reader]()
        arguments = stage.compiled.plan.arguments
        if self._agenda.single:
            for index, argument in enumerate(arguments):
                readers[argument.name] = _reader("given", index, argument.variable.type)
            return [Pattern("given", self._tap(GIVEN))], readers
        patterns: dict[str, Pattern] = {}
        if decision.for_each:
            patterns["item"] = Pattern("item", self._tap(decision.for_each))
        for given, argument in zip(decision.inputs, arguments, strict=True):
            target, member = given.binding.target, given.binding.member
            match given.binding.kind:
                case BindingKind.FACT:
                    alias = "item" if target == decision.for_each else "kasus"
                    if alias not in patterns:
                        patterns[alias] = Pattern(alias, self._tap(CASE))
                    facts = list(self._policy.vocabulary.entities[target].facts)
                    kind = value_type(self._policy.vocabulary.entities[target].facts[member].type)
                    reader = _reader(alias, facts.index(member), kind)
                case BindingKind.OUTPUT:
                    source = self._by_name[target]
                    alias = f"d{source.index}"
                    if alias not in patterns:
                        joined = (Condition("i", "=", Reference("item", "i")),) if source.decision.for_each else ()
                        patterns[alias] = Pattern(alias, self._tap(f"out:{target}"), joined)
                    position = next(index for index, f in enumerate(source.fields) if f.name == member)
                    kind = source.fields[position].type
                    reader = _reader(alias, position, kind)
                case BindingKind.ITEMS | BindingKind.COLLECTED:
                    entity = target if given.binding.kind is BindingKind.ITEMS else self._by_name[target].decision.for_each
                    alias = f"all{len(patterns)}" if f"all:{entity}" not in patterns else ""
                    if alias:
                        patterns[f"all:{entity}"] = Pattern(alias, f"all:{stage.name}:{entity}")
                    column = None if given.binding.kind is BindingKind.ITEMS else f"{target}.{member}"
                    readers[given.name] = _list_reader(f"{stage.name}:{entity}", column, argument.variable.type)
                    continue
                case _:
                    readers[given.name] = lambda _case, _matched: None
                    continue
            readers[given.name] = reader if kind == argument.variable.type else _rescaled(reader, kind, argument.variable.type)
        return list(patterns.values()) or [Pattern("start", self._tap(START))], readers

    def _subjects(self, stage: _Stage, item: int, env: Env, arguments: Sequence[Any]) -> Iterable[FactData]:
        """What the rows test, once for each group of rows."""
        compiled = stage.compiled
        tested = compiled.columns(env, *arguments)
        properties: dict[str, Value] = {"i": item}
        for code, value in zip(stage.columns, tested, strict=True):
            properties[code.name], properties[code.null] = code.encode(value)
        groups = self._dynamic[stage.name]
        facts = []
        for group in range(max(groups) + 1):
            computed = {f"b{row}": int(compiled.row_tests[row](env, *arguments, *tested)) for row in groups[group]}
            facts.append({KIND: f"try:{stage.name}/{group}", **properties, **computed})
        return facts

    def _add_rows(self, stage: _Stage, table: Table) -> None:
        groups: dict[int, list[int]] = {0: []}
        group, size = 0, 0
        for row in range(stage.rows):
            code = encode_row(table, row, stage.columns)
            if size and size + len(code.alternatives) > CHUNK:
                group, size = group + 1, 0
                groups[group] = []
            size += len(code.alternatives)
            if code.dynamic:
                groups[group].append(row)
            for number, conditions in enumerate(code.alternatives):
                name = f"row:{stage.name}#{row + 1}" + (f".{number + 1}" if number else "")
                pattern = Pattern("s", f"try:{stage.name}/{group}", conditions)
                self._rules.append(Rule(name, (pattern,), self._hit(stage, row), ROW))
        self._dynamic[stage.name] = groups
        subject = Pattern("s", f"try:{stage.name}/{group}")
        self._rules.append(Rule(f"resolve:{stage.name}", (subject,), self._resolver(stage), RESOLVE))

    def _hit(self, stage: _Stage, row: int) -> Callable[[Matched], Iterable[FactData]]:
        def hit(matched: Matched) -> Iterable[FactData]:
            self._running().hits.setdefault((stage.index, int(matched["s"]["i"])), set()).add(row)
            return ()

        return hit

    def _resolver(self, stage: _Stage) -> Callable[[Matched], Iterable[FactData]]:
        compiled = stage.compiled

        def settle(matched: Matched) -> Iterable[FactData]:
            case = self._running()
            item = int(matched["s"]["i"])
            key = (stage.index, item)
            env, arguments = case.environments[key], case.arguments[key]
            try:
                hits = sorted(case.hits.get(key, ()))
                values = resolve(compiled.plan, hits, lambda row: compiled.row_outputs[row](env, *arguments))
                return self._outputs(case, stage, item, values)
            except Fault as fault:
                case.failures.append((stage.index, item, fault.code))
                return []

        return settle

    def _outputs(self, case: _Case, stage: _Stage, item: int, values: Sequence[Any]) -> Iterable[FactData]:
        case.derived[stage.index, item] = tuple(values)
        properties: dict[str, Value] = {"i": max(item, 0)}
        for (name, kind), value in zip(stage.properties, values, strict=True):
            properties[name] = to_property(value, kind, case.store)
        return self._spread(f"out:{stage.name}", properties)

    def _running(self) -> _Case:
        if self._case is None:
            raise KernelError("an action ran outside a case")
        return self._case


def _reader(alias: str, index: int, kind: Type) -> Reader:
    prop = f"f{index}"
    if isinstance(kind, Bool):
        return lambda case, matched: from_property(matched[alias][prop], kind, case.store)

    def read(case: _Case, matched: Matched) -> Any:
        value = matched[alias][prop]
        return value if type(value) is int else from_property(value, kind, case.store)

    return read


def _list_reader(key: str, column: str | None, kind: Type) -> Reader:
    names = [field.name for field in _members(kind)]

    def read(case: _Case, _: Matched) -> Any:
        found = case.gathered.get(key, {})
        rows = [found[index] for index in sorted(found)]
        if column is not None:
            return [row[column] for row in rows]
        return [{name: row[name] for name in names} for row in rows]

    return read


def _members(kind: Type) -> tuple[Field, ...]:
    """Of the items of a list; none where its elements are plain values."""
    element = kind.element if isinstance(kind, ListOf) else None
    return element.fields if isinstance(element, Record) else ()


def _rescaled(reader: Reader, source: Type, target: Type) -> Reader:
    """An input declared with another scale than what it is bound to."""
    return lambda case, matched: encode(decode(reader(case, matched), source), target)
