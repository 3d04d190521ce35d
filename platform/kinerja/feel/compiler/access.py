"""Names, paths and filters."""

from __future__ import annotations

from fractions import Fraction

from .. import syntax as ast
from ..dialect import collecting
from ..errors import INDEX, FeelError, type_mismatch, unknown_name
from ..limits import MAX_LIST, SHORT, check_list, spend
from ..operations import read_property
from ..values import Value, describe
from .core import Compiler, compiles
from .scope import Closure, Env, Root, Static, depth, frames, root_at, variable


@compiles(ast.Name)
def name(compiler: Compiler, node: ast.Name, static: Static | None) -> Closure:
    items: list[Closure] = []
    for distance, frame in enumerate(frames(static)):
        if frame.item:
            items.append(variable(distance))
        if frame.name == node.name:
            return _in_items(node.name, items, variable(distance))
    return _in_items(node.name, items, _outermost(compiler, node, static))


def _in_items(name: str, items: list[Closure], otherwise: Closure) -> Closure:
    """The entry of this name of the innermost filtered element that has one."""
    if not items:
        return otherwise

    def run(env: Env) -> Value:
        for item in items:
            element = item(env)
            if type(element) is dict and name in element:
                return element[name]
        return otherwise(env)

    return run


def _outermost(compiler: Compiler, node: ast.Name, static: Static | None) -> Closure:
    name = node.name
    known = name in compiler.built_ins
    built_in = compiler.built_ins.get(name)
    names = [frame.name for frame in frames(static)]
    find_root = root_at(depth(static))

    def raise_unknown(root: Root) -> Value:
        raise unknown_name(name, [*names, *root.outer, *compiler.built_ins])

    protected = compiler.dialect.protect(raise_unknown, node.span)
    strict = compiler.strict

    def missing(root: Root) -> Value:
        if known:
            return built_in
        return protected(root) if strict or collecting() else None

    def run(env: Env) -> Value:
        root = find_root(env)
        try:
            return root[name]
        except KeyError:
            return missing(root)

    def directly(root: Env) -> Value:
        try:
            return root[name]
        except KeyError:
            return missing(root)

    return run if names else directly


@compiles(ast.Path)
def path(compiler: Compiler, node: ast.Path, static: Static | None) -> Closure:
    source = compiler.compile(node.source, static)
    name = node.name
    strict = compiler.strict

    def member(value: Value) -> Value:
        if isinstance(value, dict):
            if name in value:
                return value[name]
            if strict or collecting():
                raise unknown_name(name, value)
            return None
        if isinstance(value, list):
            spend(len(value))
            return [item[name] if type(item) is dict and name in item else member(item) for item in value]
        if value is None and not strict:
            return None
        return read_property(compiler.arithmetic, value, name)

    def lenient(value: Value) -> Value:  # one element without the property does not spoil the list
        if isinstance(value, list):
            check_list(len(value))
            return [protected(item) for item in value]
        return protected(value)

    protected = compiler.dialect.protect(member, node.span)
    slow = protected if strict else lenient

    def run(env: Env) -> Value:
        value = source(env)
        if type(value) is dict and name in value:
            return value[name]
        return slow(value)

    return run


@compiles(ast.Filter)
def filter_(compiler: Compiler, node: ast.Filter, static: Static | None) -> Closure:
    source = compiler.compile(node.source, static)
    inner = Static("item", static, item=True)
    predicate = compiler.compile(node.predicate, inner)
    written = _constant_position(node.predicate)
    constant = None if written is None or abs(written) > MAX_LIST else compiler.arithmetic.number(written)
    number = compiler.arithmetic.type
    select = compiler.dialect.protect(lambda values, position: _select(compiler, values, position), node.span)
    strict = compiler.strict

    def run(env: Env) -> Value:
        value = source(env)
        if type(value) is not list:
            if strict:
                raise type_mismatch("“[ ]”", "list", describe(value), node.source.span)
            if value is None:
                return None
            values = [value]
        else:
            values = value
        return chosen(values, env) if constant is None else select(values, constant)

    def chosen(values: list[Value], env: Env) -> Value:
        result = []
        spend(len(values))
        counted = len(values) > SHORT
        for item in values:
            if counted:
                spend()
            verdict = predicate((item, env))
            if verdict is True:
                result.append(item)
            elif type(verdict) is number:
                return select(values, verdict)
            elif type(verdict) is not bool:
                if strict:
                    raise type_mismatch("“[ ]”", "boolean", describe(verdict), node.predicate.span)
                if verdict is not None:
                    return None
        return result

    return run


def _constant_position(node: ast.Node) -> Fraction | None:
    if isinstance(node, ast.NumberLiteral):
        return node.value
    if isinstance(node, ast.Negation) and isinstance(node.operand, ast.NumberLiteral):
        return -node.operand.value
    return None


def _select(compiler: Compiler, values: list[Value], position: Value) -> Value:
    whole = compiler.arithmetic.integer(position)
    if whole is None or whole == 0 or abs(whole) > len(values):
        shown = compiler.arithmetic.text(position)
        raise FeelError(
            INDEX,
            f"posisi {shown} di luar daftar berisi {len(values)} unsur",
            f"position {shown} is outside a list of {len(values)} elements",
        )
    return values[whole - 1 if whole > 0 else whole]
