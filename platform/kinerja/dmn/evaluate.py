"""Evaluation of a model: decisions in their requirement graph, business knowledge models, decision services."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..core.errors import InputError
from ..feel import STANDARD, FeelError, swallowed
from ..feel.compiler.composed import in_order, wrong_count
from ..feel.compiler.scope import Closure, Root
from ..feel.errors import LIMIT, NULL, limit_exceeded
from ..feel.limits import enter_call, leave_call, metered
from ..feel.values import Function, Value
from .boxed import Boxes
from .compile import compile_logic
from .items import UNTYPED, Item, Items
from .model import Decision, DecisionService, Definition, InputData, KnowledgeModel, Model
from .nodes import Parameters, Typed

Key = tuple[str, str]
Given = Mapping[Key, Value]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something in an element is null: an expression that cannot be read, or one that failed."""

    element: str
    error: FeelError


class Evaluator:
    """A model ready to run: each element is compiled once, when first used, and kept.

    problems: expressions that cannot be read and, with `explain`, what became null on the way; standard FEEL never says.
    """

    def __init__(self, model: Model, *, explain: bool = False) -> None:
        self.model = model
        self.explain = explain
        self.items: dict[str, Items] = {}
        self.closures: dict[Key, Closure] = {}
        self.problems: list[Problem] = []
        everything = [model, *model.imported.values()]
        names = {element.name for one in everything for element in one.elements.values()}
        self.members = frozenset(names.union(*(Items(one).component_names() for one in everything)))

    # ── types and logic ───────────────────────────────────────────────────────────────────────────────────────────────
    def items_of(self, model: Model) -> Items:
        if model.namespace not in self.items:
            self.items[model.namespace] = Items(model)
        return self.items[model.namespace]

    def item(self, model: Model, element: Definition) -> Item:
        return self.items_of(model).find(element.type_ref)

    def closure(self, model: Model, element: Decision | KnowledgeModel) -> Closure:
        key = (model.namespace, element.id)
        if key not in self.closures:
            self.closures[key] = self._compile(model, element)
        return self.closures[key]

    def _compile(self, model: Model, element: Decision | KnowledgeModel) -> Closure:
        items = self.items_of(model)
        names: set[str] = set()
        for href in element.requires:
            found = model.resolve(href)
            if found is not None:
                prefix = "" if found[0] is model else model.prefix(found[0])
                names |= {prefix} if prefix else {found[1].name}
        boxes = Boxes(items, self.members)
        node = boxes.read(element.logic, frozenset(names))
        self.problems += [Problem(element.name, error) for error in boxes.errors]
        if isinstance(element, KnowledgeModel):
            result = items.find(element.type_ref)
            if isinstance(node, Parameters) and result.type.kind != "function" and result is not UNTYPED:
                node = Parameters(node.names, node.items, Typed(node.body, result, element.name))
        elif (item := items.find(element.type_ref)) is not UNTYPED:
            node = Typed(node, item, element.name)
        return compile_logic(node, items.types())

    # ── running ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def decide(self, name: str, inputs: Mapping[str, Value]) -> Value:
        """The value of a decision, or of a decision service or knowledge model called with inputs as its arguments.

        inputs: FEEL values by the name of their input data (`prefix.name` or {prefix: {name: …}} for imported ones);
        what is not given is null. Raises InputError (keputusan_tidak_dikenal) for an unknown name, FeelError beyond limits.
        """
        element = self.model.named(name)
        if element is None or isinstance(element, InputData):
            raise _unknown(self.model, name)
        try:
            with metered():
                value = Run(self, self.model, inputs, {}).value(self.model, element)
                return value if isinstance(element, Decision) else _called(value, inputs)
        except RecursionError:
            raise limit_exceeded("keputusan yang saling memerlukan", "the chain of required decisions") from None


def _called(function: Value, inputs: Mapping[str, Value]) -> Value:
    """A function called with the inputs that bear its parameters' names, null for those not given; null when it is none."""
    if not isinstance(function, Function):
        return None
    try:
        return function.call([inputs.get(name) for name in function.parameters])
    except FeelError as error:
        if error.code == LIMIT:
            raise
        return None


def _unknown(model: Model, name: str) -> InputError:
    known = [element.name for element in model.elements.values() if not isinstance(element, InputData)]
    return InputError(
        "keputusan_tidak_dikenal",
        f"{model.file} tidak memuat keputusan “{name}”",
        f'{model.file} has no decision "{name}"',
        remedy_id="yang ada: " + ", ".join(known[:20]),
        remedy_en="there are: " + ", ".join(known[:20]),
    )


class Run:
    """One evaluation. given: values that stand in for elements (arguments of a decision service)."""

    def __init__(self, evaluator: Evaluator, model: Model, inputs: Mapping[str, Value], given: Given) -> None:
        self.evaluator = evaluator
        self.root = model
        self.inputs = inputs
        self.values: dict[Key, Value] = dict(given)
        self.open: set[Key] = set()

    def value(self, model: Model, element: Definition) -> Value:
        """The value of an element; null for one that requires itself."""
        key = (model.namespace, element.id)
        if key in self.values:
            return self.values[key]
        if key in self.open and not isinstance(element, KnowledgeModel | DecisionService):
            return None
        self.open.add(key)
        value = self.values[key] = self._compute(model, element)
        self.open.discard(key)
        return value

    def _compute(self, model: Model, element: Definition) -> Value:
        if isinstance(element, InputData):
            return self._taken(self.evaluator.item(model, element), self._input(model, element), element.name)
        if isinstance(element, KnowledgeModel):
            return self._knowledge(model, element)
        if isinstance(element, DecisionService):
            return ServiceFunction(self, model, element)
        if isinstance(element, Decision):
            closure, root = self.evaluator.closure(model, element), Root(self._scope(model, element), STANDARD)
            return self._explained(element, closure, root) if self.evaluator.explain else closure(root)
        return None

    def _explained(self, element: Decision, closure: Closure, root: Root) -> Value:
        with swallowed() as errors:
            value = closure(root)
        self.evaluator.problems += [Problem(element.name, error) for error in errors]
        return value

    def _knowledge(self, model: Model, element: KnowledgeModel) -> Value:
        """The function; it may call itself, so its own name is bound before its requirements are looked at."""
        names: dict[str, Value] = {}
        root = Root(names, STANDARD)
        function = self.evaluator.closure(model, element)(root)
        self.values[model.namespace, element.id] = function
        names.update(self._scope(model, element))
        return function

    def _scope(self, model: Model, element: Definition) -> dict[str, Value]:
        """The names that an element sees: its requirements, imported ones under the name of the import. Models with free
        names also see all inputs, and required decisions by their id and their output columns."""
        scope: dict[str, Value] = dict(self.inputs) if model.free_names else {}
        for href in element.requires:
            found = model.resolve(href)
            if found is None:
                continue
            other, required = found
            value = self.value(other, required)
            prefix = "" if other is model else model.prefix(other)
            if prefix:
                scope.setdefault(prefix, {})[required.name] = value
            else:
                scope[required.name] = value
                if model.free_names and isinstance(required, Decision):
                    scope.update(_camunda_names(required, value))
        return scope

    def _input(self, model: Model, element: InputData) -> Value:
        name = element.name
        if model is not self.root:
            prefix = self.root.prefix(model)
            within = self.inputs.get(prefix)
            if isinstance(within, dict) and name in within:
                return within[name]
            if f"{prefix}.{name}" in self.inputs:
                return self.inputs[f"{prefix}.{name}"]
        if name not in self.inputs and self.evaluator.explain:
            self.evaluator.problems.append(Problem(name, _not_given()))
        return self.inputs.get(name)

    def _taken(self, item: Item, value: Value, where: str) -> Value:
        try:
            return item.take(value, where)
        except FeelError as error:
            if error.code == LIMIT:
                raise
            self.evaluator.problems += [Problem(where, error)] if self.evaluator.explain else []
            return None


def _not_given() -> FeelError:
    return FeelError(
        NULL,
        "masukan tidak diberikan, jadi null",
        "the input is not given, so it is null",
        remedy_id="berikan nilainya",
        remedy_en="give its value",
    )


def _camunda_names(decision: Decision, value: Value) -> dict[str, Value]:
    """How Camunda's expressions name the result of a decision: by its id, and by each output column."""
    if len(decision.columns) == 1:
        return {decision.id: value, decision.columns[0]: value}
    return {decision.id: value, **(value if isinstance(value, dict) else {})}


class ServiceFunction(Function):
    """A decision service as a function of its input data and input decisions."""

    def __init__(self, run: Run, model: Model, service: DecisionService) -> None:
        self.name = service.name
        self.run = run
        self.model = model
        self.service = service
        hrefs = (*service.input_data, *service.input_decisions)
        self.elements = [found for href in hrefs if (found := model.resolve(href)) is not None]
        self.parameters = tuple(element.name for _, element in self.elements)
        self.items = [run.evaluator.item(other, element) for other, element in self.elements]
        self.types = tuple(item.type for item in self.items)

    def call(self, arguments: Sequence[Value]) -> Value:
        if len(arguments) != len(self.parameters):
            raise wrong_count(self.parameters, len(arguments))
        given: dict[Key, Value] = {}
        for (model, element), item, argument in zip(self.elements, self.items, arguments, strict=True):
            given[model.namespace, element.id] = item.take(argument, element.name)
        enter_call()
        try:
            inner = Run(self.run.evaluator, self.run.root, self.run.inputs, given)
            found = [pair for href in self.service.outputs if (pair := self.model.resolve(href)) is not None]
            values = {element.name: inner.value(model, element) for model, element in found}
        finally:
            leave_call()
        result: Value = next(iter(values.values())) if len(values) == 1 else values
        return self.run.evaluator.item(self.model, self.service).take(result, self.name)

    def call_named(self, arguments: Mapping[str, Value]) -> Value:
        return self.call(in_order(self.parameters, arguments))
