"""What a name means in one element of a model, and its expressions rewritten in the names of rule files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from ....feel import names_used
from ....feel import syntax as s
from ....feel.builtins import BUILT_INS
from .names import Names
from .plain import Refuse
from .types import Held, Simple, Structure

CASE = "kasus"
DEEPEST = 12


@dataclass(frozen=True, slots=True)
class Given:
    """Input data: a fact, a structure of facts, or a list of items. path: its names from the input data down."""

    path: tuple[str, ...]
    held: Held


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision: outputs by their name in the model; lone: its value is the one output, not a context of them."""

    name: str
    outputs: Mapping[str, str]
    lone: bool
    many: bool = False


@dataclass(frozen=True, slots=True)
class Called:
    """A knowledge model that is a decision of its own, called with these parameters."""

    name: str
    parameters: tuple[str, ...]
    decided: Decided


@dataclass(frozen=True, slots=True)
class Inlined:
    """A function written out where it is called. scope, bound: what the names of its body mean where it stands."""

    parameters: tuple[str, ...]
    body: s.Node
    scope: Mapping[str, Meaning]
    bound: frozenset[str] = frozenset()


Meaning = Given | Decided | Called | Inlined


@dataclass
class Scope:
    """meanings: names that the element may use. inputs: what it has used, local name → `from:`.

    free: names that nothing declares are facts (Camunda); members: names of components, known after a point and in filters.
    """

    names: Names
    meanings: Mapping[str, Meaning]
    refuse: Refuse
    members: frozenset[str] = frozenset()
    free: bool = False
    inputs: dict[str, str] = field(default_factory=dict)
    wanted: dict[str, str] = field(default_factory=dict)
    depth: int = 0

    def rewrite(self, node: Any, bound: frozenset[str] = frozenset()) -> Any:
        view = self._view(node, bound)
        if view is not None:
            return self._whole(*view)
        match node:
            case s.Name(name):
                return self._name(name, bound)
            case s.Path(source, name):
                return s.Path(self.rewrite(source, bound), self._member(name))
            case s.Call():
                return self._call(node, bound)
            case s.For(iterators, body):
                rewritten, inner = self._iterators(iterators, bound | {"partial"})
                return s.For(rewritten, self.rewrite(body, inner))
            case s.Quantified(kind, iterators, condition):
                rewritten, inner = self._iterators(iterators, bound)
                return s.Quantified(kind, rewritten, self.rewrite(condition, inner))
            case s.Filter(source, predicate):
                return s.Filter(self.rewrite(source, bound), self.rewrite(predicate, bound | {"item"} | self.members))
            case s.ContextLiteral(entries):
                return self._context(entries, bound)
            case s.FunctionLiteral(parameters, body, external):
                if external:
                    self.refuse("fungsi luar", "an external function")
                inner = bound | {name for name, _ in parameters}
                named = tuple((self.names.of(name), type_) for name, type_ in parameters)
                return s.FunctionLiteral(named, self.rewrite(body, inner))
            case tuple():
                return tuple(self.rewrite(item, bound) for item in node)
        if is_dataclass(node) and not isinstance(node, type | s.Span | s.TypeName):
            changes = {one.name: self.rewrite(getattr(node, one.name), bound) for one in fields(node) if one.name != "span"}
            return replace(node, **changes)
        return node

    # ── names ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _name(self, name: str, bound: frozenset[str]) -> s.Node:
        if name == "?" or name in bound:
            return s.Name(self.names.of(name))
        if self.free:
            local = self.names.of(name)
            self.wanted[local] = name
            return self._input(local, f"{CASE}.{local}")
        self.refuse(f"nama “{name}” tidak dikenal", f'unknown name "{name}"')
        return s.NullLiteral()

    def _member(self, name: str) -> str:
        return name if name in _PROPERTIES and name not in self.members else self.names.of(name)

    def _input(self, local: str, source: str) -> s.Name:
        self.inputs[local] = source
        return s.Name(local)

    def _view(self, node: Any, bound: frozenset[str]) -> tuple[Meaning, tuple[str, ...]] | None:
        """What a name, or a path from one, stands for among the elements of the model: (element, names after it)."""
        if isinstance(node, s.Name) and node.name not in bound and node.name in self.meanings:
            return self.meanings[node.name], ()
        if isinstance(node, s.Path) and (view := self._view(node.source, bound)) is not None:
            meaning, path = view
            if isinstance(meaning, Given):
                inner = _below(meaning.held, path)
                if isinstance(inner, Structure) and not inner.many and node.name in inner.fields:
                    return meaning, (*path, node.name)
            elif isinstance(meaning, Decided) and not path and not meaning.lone and node.name in meaning.outputs:
                return meaning, (node.name,)
        return None

    def _whole(self, meaning: Meaning, path: tuple[str, ...]) -> s.Node:
        """The value itself: an input, or a context put together from several."""
        if isinstance(meaning, Given):
            return self._fact((*meaning.path, *path), _below(meaning.held, path))
        if isinstance(meaning, Decided):
            if path:
                return self._output(meaning, path[0])
            if meaning.lone:
                return self._output(meaning, next(iter(meaning.outputs)))
            if meaning.many:
                self.refuse("daftar hasil berkolom banyak sebagai satu nilai", "a list of rows with several outputs as one value")
                return s.NullLiteral()
            return s.ContextLiteral(tuple((self.names.of(name), self._output(meaning, name)) for name in meaning.outputs))
        self.refuse("fungsi sebagai nilai", "a function as a value")
        return s.NullLiteral()

    def _fact(self, path: tuple[str, ...], held: Held) -> s.Node:
        local = self.names.of(".".join(path))
        if isinstance(held, Simple):
            return self._input(local, f"{CASE}.{local}")
        if held.many:
            return self._input(local, local)
        return s.ContextLiteral(tuple((self.names.of(name), self._fact((*path, name), one)) for name, one in held.fields.items()))

    def _output(self, decided: Decided, name: str) -> s.Node:
        own = decided.outputs[name]
        local = decided.name if decided.lone else f"{decided.name}_{own}"[:64]
        return self._input(local, f"{decided.name}.{own}")

    # ── constructs that bind names ────────────────────────────────────────────────────────────────────────────────────
    def _iterators(self, iterators: tuple[s.Iterator, ...], bound: frozenset[str]) -> tuple[tuple[s.Iterator, ...], frozenset[str]]:
        found = []
        for one in iterators:
            end = self.rewrite(one.end, bound) if one.end is not None else None
            found.append(s.Iterator(self.names.of(one.name), self.rewrite(one.domain, bound), end))
            bound = bound | {one.name}
        return tuple(found), bound

    def _context(self, entries: tuple[tuple[str, s.Node], ...], bound: frozenset[str]) -> s.Node:
        found, before = [], self.meanings
        for name, value in entries:
            if isinstance(value, s.FunctionLiteral) and not value.external:  # written out where it is called
                function = Inlined(tuple(one for one, _ in value.parameters), value.body, self.meanings, bound)
                self.meanings = {**self.meanings, name: function}
                continue
            found.append((self.names.of(name), self.rewrite(value, bound)))
            bound = bound | {name}
        self.meanings = before
        return s.ContextLiteral(tuple(found))

    # ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _call(self, node: s.Call, bound: frozenset[str]) -> s.Node:
        arguments = tuple(self.rewrite(one, bound) for one in node.arguments)
        if isinstance(node.function, s.Name):
            name = node.function.name
            meaning = self.meanings.get(name) if name not in bound else None
            if isinstance(meaning, Called | Inlined):
                named = {own: self.rewrite(value, bound) for own, value in node.named}
                return self._apply(name, meaning, arguments, named)
            if name in BUILT_INS and meaning is None and name not in bound:
                return s.Call(node.function, arguments, tuple((own, self.rewrite(value, bound)) for own, value in node.named))
        self.refuse(
            "pemanggilan yang bukan fungsi FEEL atau model pengetahuan", "a call of neither a FEEL function nor a knowledge model"
        )
        return s.NullLiteral()

    def _apply(self, name: str, function: Called | Inlined, arguments: tuple[s.Node, ...], named: Mapping[str, s.Node]) -> s.Node:
        if len(arguments or named) != len(function.parameters) or (named and set(named) != set(function.parameters)):
            self.refuse(f"“{name}” dipanggil dengan masukan lain", f'"{name}" is called with other arguments')
            return s.NullLiteral()
        values = arguments or tuple(named[one] for one in function.parameters)
        if isinstance(function, Called):
            call = s.Call(s.Name(function.name), values)
            if function.decided.lone:
                return s.Path(call, next(iter(function.decided.outputs.values())))
            return call
        if self.depth >= DEEPEST:
            self.refuse(f"“{name}” memanggil dirinya sendiri", f'"{name}" calls itself')
            return s.NullLiteral()
        outer, self.meanings, self.depth = self.meanings, function.scope, self.depth + 1
        body = self.rewrite(function.body, function.bound | set(function.parameters))
        self.meanings, self.depth = outer, self.depth - 1
        pairs = [(self.names.of(one), value) for one, value in zip(function.parameters, values, strict=True)]
        return _let(pairs, body)


def _let(pairs: list[tuple[str, s.Node]], body: s.Node) -> s.Node:
    """{a: …, b: …, hasil_: body}.hasil_ – or, where an argument would see another parameter, {a_: …, b_: …, a: a_, b: b_, …}."""
    entries = pairs
    if any(names_used(value) & {own for own, _ in pairs} for _, value in pairs):
        entries = [*((f"{own}_", value) for own, value in pairs), *((own, s.Name(f"{own}_")) for own, _ in pairs)]
    return s.Path(s.ContextLiteral((*entries, ("hasil_", body))), "hasil_")


def _below(held: Held, path: tuple[str, ...]) -> Held:
    for name in path:
        assert isinstance(held, Structure)
        held = held.fields[name]
    return held


_PROPERTIES = frozenset(
    [
        "year",
        "month",
        "day",
        "weekday",
        "hour",
        "minute",
        "second",
        "timezone",
        "years",
        "months",
        "days",
        "hours",
        "minutes",
        "seconds",
        "start",
        "end",
    ]
) | {"time offset", "start included", "end included"}
