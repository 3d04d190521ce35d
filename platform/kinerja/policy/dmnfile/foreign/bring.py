"""A whole DMN model → rule files and vocabulary; each element that cannot be held is refused, with all others reported too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....core.errors import Place
from ....dmn.boxed import Boxes
from ....dmn.evaluate import Evaluator
from ....dmn.items import UNTYPED, Item
from ....dmn.model import Decision, DecisionService, Definition, InputData, KnowledgeModel
from ....dmn.nodes import Parameters, Table
from ....dmn.read import child, children, local, read_model, read_xml, text_of
from ....feel import syntax as s
from ....feel.types import Type, function_of
from ....feel.walk import walk
from ...diagnostics import Diagnostic, Report
from ...document import Document
from .elements import Elements, Logic
from .names import Names
from .plain import Refuse, bare, plain
from .scope import CASE, Called, Decided, Given, Inlined, Meaning, Scope
from .types import INPUT_SCALE, OUTPUT_SCALE, Held, Simple, held, is_held_whole, shown, span, words

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

LONG_AGO = "1945-08-17"


@dataclass(frozen=True, slots=True)
class Brought:
    """documents: file → rule file. found: what was refused (errors) or left out (warnings). names: of the model → of the rule
    files, for inputs (`Applicant.Age` for a component) and decisions; outputs: decision → its outputs, by their names there."""

    documents: dict[str, Document]
    found: tuple[Diagnostic, ...]
    inputs: dict[str, str]
    decisions: dict[str, str]
    outputs: dict[str, dict[str, str]]
    places: dict[str, tuple[str, Place]]
    """file → the element it came from, and where that stands in the model."""
    refused: frozenset[str] = frozenset()
    """Names of decisions and knowledge models that could not be brought."""


def bring(path: Path) -> Brought:
    """Read a model of any editor. Raises InputError when the file is no DMN."""
    return _Bringer(path).bring()


class _Bringer:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.model = read_model(path)
        self.evaluator = Evaluator(self.model)
        self.names = Names()
        self.report = Report()
        self.documents: dict[str, Document] = {}
        self.meanings: dict[str, Meaning] = {}
        self.types: dict[str, Type] = {}
        self.facts: dict[str, Document] = {}
        self.lists: dict[str, Document] = {}
        self.inputs: dict[str, str] = {}
        self.decisions: dict[str, str] = {}
        self.outputs: dict[str, dict[str, str]] = {}
        self.places: dict[str, tuple[str, Place]] = {}
        self._by_id: dict[str, int] | None = None
        self.refused: set[str] = set()

    def bring(self) -> Brought:
        for element in self.model.elements.values():
            if isinstance(element, InputData):
                self._input(element)
            elif isinstance(element, DecisionService):
                self.report.add(
                    "D106", self._place(element), element=element.name, what_id="layanan keputusan", what_en="the service"
                )
        for element in self._in_order():
            if isinstance(element, KnowledgeModel):
                self._knowledge(element)
            elif isinstance(element, Decision):
                self._decision(element)
        self.documents["vocabulary.yaml"] = self._vocabulary()
        found = self.report.sorted()
        lost = {one.name for one in self.model.elements.values() if not isinstance(one, InputData) and one.name in self.refused}
        return Brought(self.documents, found, self.inputs, self.decisions, self.outputs, self.places, frozenset(lost))

    # ── input data ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _input(self, element: InputData) -> None:
        item = self.evaluator.item(self.model, element)
        found = held(item.type, item)
        if found is None:
            if self.model.free_names and item is UNTYPED:
                return  # Camunda: the type stands at the columns that read it
            what = shown(item.type)
            self.report.add("D101", self._place(element), element=element.name, what_id=what[0], what_en=what[1])
            self.refused.add(element.name)
            return
        self.meanings[element.name], self.types[element.name] = Given((element.name,), found), item.type
        self._facts((element.name,), found, item, element)

    def _facts(self, path: tuple[str, ...], found: Held, item: Item | None, element: InputData) -> None:
        whole = ".".join(path)
        local = self.names.of(whole)
        if isinstance(found, Simple):
            if item is not None and not is_held_whole(item if not found.is_list or item.element is None else item.element):
                text = self._allowed(element)
                self.report.add("D107", self._place(element), element=whole, text=text)
            self.inputs[whole] = local
            self.facts[local] = {"label": whole, **found.document(scale=INPUT_SCALE), "source": self.path.name}
            return
        components = item.components if item is not None and not found.many else {}
        if found.many:
            self.inputs[whole] = local
            facts = {}
            for name, one in found.fields.items():
                assert isinstance(one, Simple)
                facts[self.names.of(name)] = {"label": name, **one.document(scale=INPUT_SCALE), "source": self.path.name}
            self.lists[local] = {"label": whole, "of": CASE, "facts": facts}
            return
        for name, one in found.fields.items():
            self._facts((*path, name), one, components.get(name), element)

    def _allowed(self, element: Definition) -> str:
        definition = next((one for one in self.model.items if one.name == element.type_ref), None)
        return " ".join((definition.allowed or definition.constraint).split()) if definition is not None else element.type_ref

    # ── logic ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _in_order(self) -> Iterator[Definition]:
        """Elements after those that they require; one in a circle as it comes."""
        done: set[str] = set()

        def visit(element: Definition) -> Iterator[Definition]:
            if element.id in done:
                return
            done.add(element.id)
            for href in element.requires:
                found = self.model.resolve(href)
                if found is not None and found[0] is self.model:
                    yield from visit(found[1])
            yield element

        for element in self.model.elements.values():
            yield from visit(element)

    def _read(self, element: Decision | KnowledgeModel, refuse: Refuse) -> s.Node:
        required = [found[1].name for href in element.requires if (found := self.model.resolve(href)) is not None]
        names = frozenset(required) | (frozenset(self.meanings) if self.model.free_names else frozenset())
        boxes = Boxes(self.evaluator.items_of(self.model), self.evaluator.members)
        return boxes.read(element.logic, names)

    def _needs(self, element: Decision | KnowledgeModel) -> bool:
        """False, and reported, when it requires what is refused or stands in another model."""
        for href in element.requires:
            found = self.model.resolve(href)
            if found is None or found[0] is not self.model:
                what = (f"{href} dari model lain", f"{href} of another model")
                self.report.add("D102", self._place(element), element=element.name, what_id=what[0], what_en=what[1])
                return False
            if found[1].name in self.refused:
                self.report.add("D105", self._place(element), element=element.name, needed=found[1].name)
                return False
        return True

    def _scope(self, element: Decision | KnowledgeModel, refuse: Refuse, also: dict[str, Meaning]) -> Scope:
        required = [found[1] for href in element.requires if (found := self.model.resolve(href)) is not None]
        names = self.meanings if self.model.free_names else {
            one.name: self.meanings[one.name] for one in required if one.name in self.meanings
        }  # fmt: skip
        if self.model.free_names:
            also = {**also, **self._camunda(required)}
        return Scope(self.names, {**names, **also}, refuse, frozenset(self.evaluator.members), self.model.free_names)

    def _camunda(self, required: Iterable[Definition]) -> dict[str, Meaning]:
        """A required decision is also known by its id, and by each of its output columns."""
        found: dict[str, Meaning] = {}
        for one in required:
            meaning = self.meanings.get(one.name)
            if isinstance(one, Decision) and isinstance(meaning, Decided):
                found[one.id] = meaning
                self.types.setdefault(one.id, self.types[one.name])
                for column, (name, own) in zip(one.columns, meaning.outputs.items(), strict=False):
                    found[column] = Decided(meaning.name, {name: own}, True)
        return found

    def _knowledge(self, element: KnowledgeModel) -> None:
        """A decision of its own where its parameters and its result are plain values, else written out at each call."""
        if not self._needs(element):
            self.refused.add(element.name)
            return
        refuse, refusals = self._refuser(element, "D102")
        node = bare(self._read(element, refuse))
        if not isinstance(node, Parameters):
            refuse("bukan fungsi FEEL", "no FEEL function")
            self.refused.add(element.name)
            return
        kinds = [held(item.type, item) for item in node.items]
        result = self.evaluator.item(self.model, element)
        parameter_types = {name: item.type for name, item in zip(node.names, node.items, strict=True)}
        if all(isinstance(kind, Simple) for kind in kinds):
            local = self.names.of(element.name)
            scope = self._scope(element, _silent, {})
            elements = Elements(scope, {**self.types, **parameter_types}, _silent, local, node.names)
            outcome = elements.logic(node.body, result)
            if outcome is not None and not outcome.many and not scope.inputs:
                simple = [kind for kind in kinds if isinstance(kind, Simple)]
                inputs = {self.names.of(name): {**kind.document(scale=OUTPUT_SCALE), "label": name}
                          for name, kind in zip(node.names, simple, strict=True)}  # fmt: skip
                decided = self._write(element, local, outcome, inputs)
                self.meanings[element.name] = Called(local, node.names, decided)
                self.types[element.name] = function_of(tuple(parameter_types.values()), outcome.type)
                return
        body = plain(node.body, refuse)
        if refusals:
            self.refused.add(element.name)
            return
        scope = self._scope(element, refuse, {})
        self.meanings[element.name] = Inlined(node.names, body, dict(scope.meanings))
        self.types[element.name] = function_of(tuple(parameter_types.values()), result.type)

    def _decision(self, element: Decision) -> None:
        if element.logic is None:
            self.report.add("D104", self._place(element), element=element.name)
            self.refused.add(element.name)
            return
        if not self._needs(element):
            self.refused.add(element.name)
            return
        table = isinstance(bare(self._read(element, _silent)), Table)
        refuse, refusals = self._refuser(element, "D103" if table else "D102")
        node = self._read(element, refuse)
        self._declare(element, node)
        local = self.names.of(element.name)
        scope = self._scope(element, refuse, {})
        types_refuse, type_refusals = self._refuser(element, "D101")

        def told(what_id: str, what_en: str) -> None:
            (types_refuse if what_id == what_en or what_id == "tidak diketahui" else refuse)(what_id, what_en)

        logic = Elements(scope, self.types, told, local).logic(node, self.evaluator.item(self.model, element), _notes(element))
        if logic is None or refusals or type_refusals:
            self.refused.add(element.name)
            return
        for wanted, name in scope.wanted.items():
            if wanted not in self.facts:
                refuse(f"tipe “{name}” tidak diketahui", f'the type of "{name}" is unknown')
                self.refused.add(element.name)
                return
        decided = self._write(element, local, logic, self._bound_inputs(scope))
        self._nullable(node)
        self.meanings[element.name] = decided
        self.types[element.name] = logic.type

    def _bound_inputs(self, scope: Scope) -> dict[str, Document | None]:
        return {local: None if source == f"{CASE}.{local}" else {"from": source} for local, source in scope.inputs.items()}

    def _write(
        self, element: Definition, local: str, logic: Logic, inputs: dict[str, Document | None] | dict[str, Document]
    ) -> Decided:
        outputs = {name: local if logic.lone else self.names.of(name) for name in logic.outputs}
        keys = {key: value for key, value in logic.keys.items() if value != "UNIQUE"}
        authority = {"instrument": self.path.name, "part": element.name or element.id, "status": "policy",
                     "note": "diimpor dari DMN; ganti dengan dasar hukumnya"}  # fmt: skip
        self.places[f"decisions/{local}.yaml"] = (element.name or element.id, self._place(element))
        self.documents[f"decisions/{local}.yaml"] = {
            "title": element.name or element.id,
            "decision": local,
            "authority": [authority],
            "effective": {"from": LONG_AGO},
            "inputs": dict(inputs),
            "outputs": {
                outputs[name]: {
                    **simple.document(scale=OUTPUT_SCALE, nullable=name in logic.nulls),
                    "label": name if not logic.lone else element.name or local,
                }
                for name, simple in logic.outputs.items()
            },
            **keys,
        }
        if isinstance(element, Decision):
            self.decisions[element.name] = local
            self.outputs[local] = outputs
        return Decided(local, outputs, logic.lone, logic.many)

    # ── facts that only columns speak of ──────────────────────────────────────────────────────────────────────────────
    def _declare(self, element: Decision, node: s.Node) -> None:
        """Words and ranges that the columns of a table allow; in Camunda's models the facts themselves."""
        table = bare(node)
        if not isinstance(table, Table) or element.logic is None:
            return
        for column, written in zip(table.columns, children(element.logic, "input"), strict=False):
            expression = bare(column.expression)
            if not isinstance(expression, s.Name):
                continue
            local = self.names.of(expression.name)
            if self.model.free_names and expression.name not in self.meanings and local not in self.facts:
                self._free(expression.name, local, written)
            fact = self.facts.get(local)
            if fact is None or column.allowed is None:
                continue
            allowed = tuple(test.expression for test in column.allowed.alternatives)
            if fact["type"] == "text" and words(allowed) and "values" not in fact:
                fact["values"] = list(words(allowed))
            elif fact["type"] == "number" and len(allowed) == 1 and (ends := span(allowed[0])) is not None:
                fact["range"] = Simple("number", low=ends[0], high=ends[1]).document(scale=0)["range"]

    def _free(self, name: str, local: str, written: Element) -> None:
        expression = child(written, "inputExpression")
        type_ref = (expression.get("typeRef") or "") if expression is not None else ""
        base = _CAMUNDA.get(type_ref)
        if base is None:
            return
        self.inputs[name] = local
        self.facts[local] = {
            "label": written.get("label") or name,
            **Simple(base).document(scale=INPUT_SCALE),
            "source": self.path.name,
        }
        self.types[name] = {"text": Type("string")}.get(base, Type(base))

    def _nullable(self, node: s.Node) -> None:
        """A fact that an expression compares with null may be absent."""
        tree = plain(bare(node), _silent) if not isinstance(bare(node), Table) else None
        pairs: list[tuple[s.Node, s.Node]] = []
        if tree is None:
            table = bare(node)
            assert isinstance(table, Table)
            for index, column in enumerate(table.columns):
                pairs += [
                    (bare(column.expression), test.expression) for rule in table.rules for test in rule.tests[index].alternatives
                ]
        else:
            for one in walk(tree):
                if isinstance(one, s.Comparison):
                    pairs += [(one.left, one.right), (one.right, one.left)]
        for value, other in pairs:
            if isinstance(value, s.Name) and isinstance(other, s.NullLiteral):
                fact = self.facts.get(self.names.of(value.name))
                if fact is not None and fact.get("list") is None:
                    fact["nullable"] = "true"

    # ── the rest ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _vocabulary(self) -> Document:
        return {
            "title": self.model.name or self.path.stem,
            "authority": [{"instrument": self.path.name, "part": "itemDefinition, inputData", "status": "policy",
                           "note": "diimpor dari DMN; ganti dengan dasar hukumnya"}],
            "effective": {"from": LONG_AGO},
            "entities": {CASE: {"label": {"id": "Kasus", "en": "Case"}, "facts": self.facts}, **self.lists},
        }  # fmt: skip

    def _refuser(self, element: Definition, code: str) -> tuple[Refuse, list[str]]:
        told: list[str] = []

        def refuse(what_id: str, what_en: str) -> None:
            told.append(what_en)
            self.report.add(code, self._place(element), element=element.name or element.id, what_id=what_id, what_en=what_en)

        return refuse, told

    def _place(self, element: Definition) -> Place:
        logic = getattr(element, "logic", None)
        line = logic.sourceline if logic is not None else self._lines().get(element.id, 0)
        return Place(str(self.path), line or 0)

    def _lines(self) -> dict[str, int]:
        """id → line of the element."""
        if self._by_id is None:
            elements: Any = read_xml(self.path).iter("*")
            self._by_id = {str(one.get("id")): one.sourceline or 0 for one in elements}
        return self._by_id


def _notes(element: Decision) -> tuple[str, ...]:
    """The remarks on the rows of a table: DMN's annotations, Camunda's descriptions. A grid has no | and no quotes in them."""
    if element.logic is None or local(element.logic) != "decisionTable":
        return ()
    found = []
    for rule in children(element.logic, "rule"):
        written = [text_of(entry) for entry in children(rule, "annotationEntry")]
        description = child(rule, "description")
        written += [description.text or ""] if description is not None else []
        line = "; ".join(" ".join(one.split()) for one in written if one.strip())
        found.append(line.replace("|", "/").replace('"', "'"))
    return tuple(found)


def _silent(_id: str, _en: str) -> None:
    """Where a first try may fail and another way is taken."""


_CAMUNDA = {
    "string": "text", "boolean": "boolean", "date": "date",
    "number": "number", "integer": "number", "long": "number", "double": "number",
}  # fmt: skip
