"""if, for, some and every."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator as Iterates

from .. import syntax as ast
from ..errors import bad_value, type_mismatch
from ..limits import MAX_LIST, SHORT, check_list, spend
from ..temporal import Date
from ..values import Range, Value, describe, kind
from ..walk import walk
from .core import Compiler, compiles
from .scope import Closure, Env, Static


@compiles(ast.If)
def conditional(compiler: Compiler, node: ast.If, static: Static | None) -> Closure:
    condition, then, otherwise = (compiler.compile(part, static) for part in (node.condition, node.then, node.otherwise))
    strict = compiler.strict

    def run(env: Env) -> Value:
        verdict = condition(env)
        if verdict is True:
            return then(env)
        if strict and verdict is not False:
            raise type_mismatch("if", "boolean", describe(verdict), node.condition.span)
        return otherwise(env)

    return run


# ── domains ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def _steps(compiler: Compiler, low: Value, high: Value) -> Iterable[Value]:
    """From one end to the other, both included, up or down: whole numbers, or dates by days."""
    number = compiler.arithmetic.number
    if kind(low) == kind(high) == "number":
        first, last = compiler.arithmetic.integer(low), compiler.arithmetic.integer(high)
        if first is None or last is None:
            raise type_mismatch("for", "whole numbers", f"{describe(low)}, {describe(high)}")
        check_list(abs(last - first) + 1)
        return map(number, range(first, last + 1) if first <= last else range(first, last - 1, -1))
    if isinstance(low, Date) and isinstance(high, Date):
        first, last = low.ordinal, high.ordinal
        check_list(abs(last - first) + 1)
        return map(Date.from_ordinal, range(first, last + 1) if first <= last else range(first, last - 1, -1))
    raise type_mismatch("for", "number, date", describe(low if kind(low) not in ("number", "date") else high))


def _members(compiler: Compiler, value: Value) -> Iterable[Value]:
    if isinstance(value, list):
        spend(len(value))
        return value
    if isinstance(value, Range):
        return _range_members(compiler, value)
    if compiler.strict or value is None:
        raise type_mismatch("for", "list", describe(value))
    return [value]


def _range_members(compiler: Compiler, range_: Range) -> Iterable[Value]:
    if range_.operator or range_.low is None or range_.high is None:
        raise bad_value("rentang tanpa batas tidak dapat dijelajahi", "a range without an end cannot be iterated")
    members = list(_steps(compiler, range_.low, range_.high))
    return members[0 if range_.low_closed else 1 : len(members) if range_.high_closed else -1]


def _domain(compiler: Compiler, iterator: ast.Iterator, static: Static | None) -> Closure:
    """The elements a variable runs over; None (standard mode) when it has no domain."""
    first = compiler.compile(iterator.domain, static)
    if iterator.end is None:
        members = compiler.dialect.protect(lambda value: _members(compiler, value), iterator.domain.span)
        return lambda env: members(first(env))
    last = compiler.compile(iterator.end, static)
    steps = compiler.dialect.protect(lambda low, high: list(_steps(compiler, low, high)), iterator.span)
    return lambda env: steps(first(env), last(env))


class _NoDomain(Exception):
    """Standard mode: a domain is null or no list."""


def _environments(domains: list[Closure], env: Env, level: int = 0) -> Iterates[Env]:
    """One environment a combination of the variables' values, the last variable fastest."""
    members = domains[level](env)
    if members is None:
        raise _NoDomain
    last = level + 1 == len(domains)
    for member in members:
        spend()
        if last:
            yield (member, env)
        else:
            yield from _environments(domains, (member, env), level + 1)


def _counted(members: list[Value], env: Env) -> Iterates[Env]:
    for member in members:
        spend()
        yield (member, env)


def _variables(
    compiler: Compiler, iterators: tuple[ast.Iterator, ...], static: Static | None
) -> tuple[list[Closure], Static | None]:
    domains: list[Closure] = []
    for iterator in iterators:
        domains.append(_domain(compiler, iterator, static))
        static = Static(iterator.name, static)
    return domains, static


@compiles(ast.For)
def iteration(compiler: Compiler, node: ast.For, static: Static | None) -> Closure:
    domains, inner = _variables(compiler, node.iterators, Static("partial", static))
    body = compiler.compile(node.body, inner)
    if uses := _uses_of_partial(node.body):
        return _with_partial(domains, body, copied=uses != _borrowings(node.body))
    if len(domains) == 1:
        return _over_one(domains[0], body)

    def run(env: Env) -> Value:
        results: list[Value] = []
        try:
            for variables in _environments(domains, (None, env)):
                results.append(body(variables))
                if len(results) > MAX_LIST:
                    check_list(len(results))
        except _NoDomain:
            return None
        return results

    return run


def _over_one(domain: Closure, body: Closure) -> Closure:
    """The common case of one variable. The steps of a short loop were counted with its domain; a long one also counts its
    turns, so that the clock is looked at."""

    def run(env: Env) -> Value:
        outer = (None, env)
        members = domain(outer)
        if members is None:
            return None
        if len(members) <= SHORT:
            return [body((member, outer)) for member in members]
        results = []
        for member in members:
            spend()
            results.append(body((member, outer)))
        return results

    return run


_BORROWERS = frozenset(
    ["sum", "count", "min", "max", "mean", "median", "product", "mode", "all", "any", "list contains", "index of", "string join"]
)


def _is_partial(node: ast.Node) -> bool:
    return isinstance(node, ast.Name) and node.name == "partial"


def _uses_of_partial(body: ast.Node) -> int:
    return sum(_is_partial(node) for node in walk(body))


def _borrowings(body: ast.Node) -> int:
    """How many uses of `partial` only look at it: partial[…], and functions that keep no list they are given."""
    found = 0
    for node in walk(body):
        if isinstance(node, ast.Filter):
            found += _is_partial(node.source)
        elif isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.name in _BORROWERS:
            found += sum(map(_is_partial, node.arguments))
    return found


def _with_partial(domains: list[Closure], body: Closure, *, copied: bool) -> Closure:
    """As `iteration`, but each body sees the results so far. copied: in a list of its own that later results do not change,
    needed unless the body only looks at it."""

    def run(env: Env) -> Value:
        results: list[Value] = []
        try:
            for variables in _environments(domains, ([], env)):
                if copied:
                    check_list(len(results))
                results.append(body(_with_results(variables, list(results) if copied else results, env)))
        except _NoDomain:
            return None
        return results

    def _with_results(variables: Env, partial: list[Value], env: Env) -> Env:
        members = []
        for _ in domains:
            member, variables = variables
            members.append(member)
        inner: Env = (partial, env)
        for member in reversed(members):
            inner = (member, inner)
        return inner

    return run


@compiles(ast.Quantified)
def quantified(compiler: Compiler, node: ast.Quantified, static: Static | None) -> Closure:
    domains, inner = _variables(compiler, node.iterators, static)
    condition = compiler.compile(node.condition, inner)
    deciding = node.kind == "some"
    strict = compiler.strict

    def all_environments(env: Env) -> Iterable[Env]:
        if len(domains) > 1:
            return _environments(domains, env)
        members = domains[0](env)
        if members is None:
            raise _NoDomain
        return ((member, env) for member in members) if len(members) <= SHORT else _counted(members, env)

    def run(env: Env) -> Value:
        unknown = False
        try:
            for variables in all_environments(env):
                verdict = condition(variables)
                if verdict is deciding:
                    return deciding
                if type(verdict) is not bool:
                    if strict:
                        raise type_mismatch(node.kind, "boolean", describe(verdict), node.condition.span)
                    unknown = True
        except _NoDomain:
            return None
        return None if unknown else not deciding

    return run
