"""The Python emitter: the chain as one generated function of a case, for a few changed cases or where there is no SQL for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core.errors import KinerjaError
from ..core.findings import Outcome
from ..engine import agree
from ..engine.agenda import CASE
from ..engine.answer import CASE_LEVEL, Answer, MatchedRows
from ..engine.integer import codec, errors, runtime
from ..engine.integer.errors import Fault
from ..engine.integer.hits import resolve
from ..engine.integer.plan import DecisionPlan, input_type, output_field, value_type
from ..engine.integer.python import emit
from ..engine.integer.types import ListOf, Type
from ..policy import CaseFacts, admit_case
from ..policy.facts import needed_facts
from ..policy.model import BindingKind, Decision, HitPolicy, Input
from .chain import Chain
from .single import OneByOne, Refusal, refusal

Items = Mapping[str, Sequence[Mapping[str, Any]]]
Found = tuple[tuple[Any, ...], tuple[int, ...] | None]


class CaseProgram:
    """A chain compiled once. `answer` takes a facts document; errors carry the sentence of the exact engine."""

    def __init__(self, chain: Chain) -> None:
        self._chain = chain
        self._needed = needed_facts(chain.policy)
        self._exact = OneByOne(chain.policy, chain.agenda)
        self._ids = {link.decision.name: tuple(row.id for row in link.plan.rows) for link in chain.links}
        self.source, self._case = _compile(chain)

    def answer(self, document: Mapping[str, Any]) -> Outcome | Refusal:
        try:
            facts = admit_case(self._chain.policy, document, needed=self._needed)
        except KinerjaError as error:
            return refusal(error)
        found = self.compute(*self._encode(facts))
        if found is None:
            return self._exact.answer(document)
        return agree.outcome_of(self._chain.policy, self._chain.agenda, found, facts.items)

    def admitted(self, document: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
        """The facts of a document as `compute` takes them. Raises InputError."""
        return self._encode(admit_case(self._chain.policy, document, needed=self._needed))

    def _encode(self, facts: CaseFacts) -> tuple[dict[str, Any], dict[str, list[dict[str, Any]]]]:
        items = {entity: [self._encoded(entity, item) for item in listed] for entity, listed in facts.items.items()}
        return self._encoded(CASE, facts.kasus), items

    def compute(self, kasus: Mapping[str, Any], items: Items) -> Answer | None:
        """Encoded facts → encoded answer; None where some decision fails."""
        try:
            found: dict[str, list[Found]] = self._case(kasus, items)
        except Fault:
            return None
        values = {name: [outputs for outputs, _ in several] for name, several in found.items()}
        rows: list[MatchedRows] = []
        for link in self._chain.links:
            decision = link.decision
            if link.plan.hit is None:
                continue
            ids = self._ids[decision.name]
            for index, (_, matched) in enumerate(found[decision.name]):
                assert matched is not None
                place = CASE_LEVEL if decision.for_each is None else index
                rows.append((decision.name, decision.name, place, tuple(ids[row] for row in matched)))
        return Answer(values, tuple(rows))

    def _encoded(self, entity: str, values: Mapping[str, Any]) -> dict[str, Any]:
        facts = self._chain.policy.vocabulary.entities[entity].facts
        return {name: codec.encode(value, value_type(facts[name].type)) for name, value in values.items()}


class _Env:
    """What generated code asks for beside its arguments."""

    def __init__(
        self, parameters: Mapping[str, Any], functions: Mapping[str, tuple[Callable[..., Found], tuple[str, ...]]]
    ) -> None:
        self._parameters, self._functions = parameters, functions

    def scalar(self, name: str) -> Any:
        value = self._parameters.get(name)
        if value is None:
            raise Fault(errors.NO_PARAMETER, name)
        return value

    def keyed(self, name: str, key: Any) -> Any:
        value = self._parameters.get(name, {}).get(key)
        if value is None:
            raise Fault(errors.NO_PARAMETER, name)
        return value

    def ask(self, name: str, *arguments: Any) -> dict[str, Any]:
        function, outputs = self._functions[name]
        return dict(zip(outputs, function(*arguments)[0], strict=True))


def decision_functions(chain: Chain) -> dict[str, Callable[..., Found]]:
    """Each decision by itself: encoded inputs → (encoded outputs, indexes of matched rows); raises Fault."""
    space, _, numbers = _functions(chain)
    return {name: space[number] for name, number in numbers.items()}


def _compile(chain: Chain) -> tuple[str, Callable[[Mapping[str, Any], Items], dict[str, list[Found]]]]:
    space, source, numbers = _functions(chain)
    lines = "\n".join(_case(chain, numbers, space)) + "\n"
    exec(compile(lines, "<chain>", "exec"), space)  # noqa: S102 - our own generated source, literals by repr
    case: Callable[[Mapping[str, Any], Items], dict[str, list[Found]]] = space["case"]
    return source + lines, case


def _functions(chain: Chain) -> tuple[dict[str, Any], str, dict[str, str]]:
    """(where the functions of all decisions stand, their source, their names there by decision)."""
    plans = {**chain.asked, **{link.decision.name: link.plan for link in chain.links}}
    numbers = {name: f"d{index}" for index, name in enumerate(plans)}
    space: dict[str, Any] = {f"p_{name}": function for name, function in runtime.FUNCTIONS.items()}
    space |= {
        "Fault": Fault,
        "resolve": resolve,
        "convert": _convert,
        "__builtins__": {"any": any, "all": all, "enumerate": enumerate},
    }
    functions: dict[str, tuple[Callable[..., Found], tuple[str, ...]]] = {}
    space["env"] = _Env(chain.parameters, functions)
    lines: list[str] = []
    for name, plan in plans.items():
        lines += _decision(numbers[name], plan)
        space[f"plan_{numbers[name]}"] = plan
    source = "\n".join(lines) + "\n"
    exec(compile(source, "<decisions>", "exec"), space)  # noqa: S102 - our own generated source, literals by repr
    for name, plan in plans.items():
        functions[name] = (space[numbers[name]], tuple(output.name for output in plan.outputs))
    return space, source, numbers


def _decision(number: str, plan: DecisionPlan) -> list[str]:
    """(outputs, indexes of matched rows or None) of one decision; the row that a single answer comes from stands first."""
    lines = [f"def {number}({', '.join(argument.variable.name for argument in plan.arguments)}):"]
    for argument in plan.arguments:
        if not argument.variable.nullable and not isinstance(argument.variable.type, ListOf):
            lines += [f"    if {argument.variable.name} is None:", f"        raise Fault({errors.MISSING!r})"]
    for guard in plan.guards:
        lines += [f"    if not {emit(guard.that)}:", f"        raise Fault({guard.code!r})"]
    if plan.hit is None:
        lines += [f"    {step.variable.name} = {emit(step.value)}" for step in plan.steps]
        outputs = "".join(f"{plan.steps[o.step].variable.name}, " for o in plan.outputs if o.step is not None)
        return [*lines, f"    return (({outputs}), None)"]
    lines += [f"    {column.variable.name} = {emit(column.value)}" for column in plan.columns]
    lines.append("    matched = []")
    for index, row in enumerate(plan.rows):
        tests = " and ".join(emit(test) for test in row.tests if test is not None) or "True"
        lines += [f"    if {tests}:", f"        matched += ({index},)"]
    outputs_of = [f"({''.join(emit(value) + ', ' for value in row.outputs)})" for row in plan.rows]
    if plan.hit is HitPolicy.UNIQUE:
        lines += ["    if matched[1:] or not matched:", f"        raise Fault({errors.NO_ROW!r})", "    row = matched[0]"]
        for index, outputs in enumerate(outputs_of):
            lines += [f"    if row == {index}:", f"        return ({outputs}, (row,))"]
        return lines
    for index, outputs in enumerate(outputs_of):
        lines.append(f"    o{index} = lambda: {outputs}")
    table = "".join(f"o{index}, " for index in range(len(outputs_of)))
    lines += [f"    each = ({table})", f"    outputs = resolve(plan_{number}, matched, lambda row: each[row]())"]
    if plan.hit is HitPolicy.PRIORITY:  # the row that gave the answer first: among equal outputs the table's first
        lines += [
            "    first = [row for row in matched if each[row]() == outputs][0]",
            "    matched = [first] + [row for row in matched if row != first]",
        ]
    return [*lines, "    return (outputs, (*matched,))"]


def _case(chain: Chain, numbers: Mapping[str, str], space: dict[str, Any]) -> list[str]:
    lines = ["def case(kasus, items):", "    found = {}"]
    for link in chain.links:
        decision = link.decision
        number = numbers[decision.name]
        arguments = ", ".join(_argument(chain, decision, given, numbers, space) for given in decision.inputs)
        if decision.for_each is None:
            lines.append(f"    v_{number} = [{number}({arguments})]")
        else:
            lines.append(
                f"    v_{number} = [{number}({arguments}) for index, item in enumerate(items.get({decision.for_each!r}, ()))]"
            )
        lines.append(f"    found[{decision.name!r}] = v_{number}")
    return [*lines, "    return found"]


def _argument(chain: Chain, decision: Decision, given: Input, numbers: Mapping[str, str], space: dict[str, Any]) -> str:
    binding, policy = given.binding, chain.policy
    target = input_type(given)[0]

    def output(name: str, member: str) -> tuple[Type, int, Decision]:
        other = policy.decision(name, chain.day)[0]
        names = [one.name for one in other.outputs]
        position = names.index(member)
        return output_field(other, other.outputs[position]).type, position, other

    match binding.kind:
        case BindingKind.FACT:
            kind = value_type(policy.vocabulary.entities[binding.target].facts[binding.member].type)
            holder = "kasus" if binding.target == CASE else "item"
            return _as(f"{holder}.get({binding.member!r})", kind, target, space)
        case BindingKind.OUTPUT:
            kind, position, other = output(binding.target, binding.member)
            index = "index" if other.for_each else "0"
            return _as(f"v_{numbers[binding.target]}[{index}][0][{position}]", kind, target, space)
        case BindingKind.COLLECTED:
            kind, position, _ = output(binding.target, binding.member)
            return _as(f"[one[0][{position}] for one in v_{numbers[binding.target]}]", ListOf(kind), target, space)
        case BindingKind.ITEMS:
            members = []
            for member in given.members:
                if member.decision is None:
                    members.append(f"{member.name!r}: one.get({member.name!r})")
                else:
                    position = output(member.decision, member.name)[1]
                    members.append(f"{member.name!r}: v_{numbers[member.decision]}[number][0][{position}]")
            return f"[{{{', '.join(members)}}} for number, one in enumerate(items.get({binding.target!r}, ()))]"
    return "None"


def _as(text: str, kind: Type, target: Type, space: dict[str, Any]) -> str:
    """Values that come under another scale than they are wanted."""
    bare = target.element if isinstance(target, ListOf) else target
    if (kind.element if isinstance(kind, ListOf) else kind) == bare:
        return text
    name = f"kind{len(space)}"
    space[name] = (kind, target)
    return f"convert({text}, *{name})"


def _convert(value: Any, kind: Type, target: Type) -> Any:
    return codec.encode(codec.decode(value, kind), target)
