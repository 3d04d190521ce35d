"""Function calls: built-ins, functions written in FEEL, and Python functions handed in by the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .. import syntax as ast
from ..builtins import BuiltIn
from ..dialect import STRICT, Dialect
from ..errors import FeelError, type_mismatch
from ..limits import enter_call, leave_call
from ..types import ANY, Type
from ..values import Function, Value, describe
from .composed import in_order, wrong_count
from .core import Compiler, compiles
from .scope import Closure, Env, Static, depth, frames, root_at


class FeelFunction(Function):
    """A Python function under FEEL names. It gets plain Python values (as `Dialect.release` gives them) and returns such.

    parameters: their names, in order. types, result: for static inference; ANY when not given.
    """

    def __init__(
        self,
        parameters: Sequence[str],
        fn: Callable[..., Any],
        *,
        types: Sequence[Type] = (),
        result: Type = ANY,
        dialect: Dialect = STRICT,
    ) -> None:
        self.name = getattr(fn, "__name__", "function")
        self.parameters = tuple(parameters)
        self.types = tuple(types) or tuple(ANY for _ in self.parameters)
        self.result = result
        self.fn = fn
        self.dialect = dialect

    def call(self, arguments: Sequence[Value]) -> Value:
        if len(arguments) != len(self.parameters):
            raise wrong_count(self.parameters, len(arguments))
        enter_call()
        try:
            return self.dialect.adopt(self.fn(*map(self.dialect.release, arguments)))
        finally:
            leave_call()

    def call_named(self, arguments: Mapping[str, Value]) -> Value:
        return self.call(in_order(self.parameters, arguments))


@compiles(ast.Call)
def call(compiler: Compiler, node: ast.Call, static: Static | None) -> Closure:
    find = _function(compiler, node, static)
    if node.named:
        names = [name for name, _ in node.named]
        values = [compiler.compile(value, static) for _, value in node.named]
        invoke_named = compiler.dialect.protect(_invoke_named, node.span)
        return lambda env: invoke_named(find(env), dict(zip(names, [value(env) for value in values], strict=True)))
    arguments = [compiler.compile(argument, static) for argument in node.arguments]
    invoke = compiler.dialect.protect(_invoke, node.span)

    def run(env: Env) -> Value:
        function, values = find(env), [argument(env) for argument in arguments]
        if type(function) is BuiltIn:
            body = function.by_types.get(tuple(map(type, values)))
            if body is not None:
                try:
                    return body(function.arithmetic, *values)
                except FeelError:
                    return invoke(function, values)
        return invoke(function, values)

    return run


def _invoke(function: Value, arguments: list[Value]) -> Value:
    if not isinstance(function, Function):
        raise type_mismatch("( )", "function", describe(function))
    return function.call(arguments)


def _invoke_named(function: Value, arguments: dict[str, Value]) -> Value:
    if not isinstance(function, Function):
        raise type_mismatch("( )", "function", describe(function))
    return function.call_named(arguments)


def _function(compiler: Compiler, node: ast.Call, static: Static | None) -> Closure:
    """The called function. A built-in is found when compiled, unless the caller's scope hides it with a function of its own."""
    callee = node.function
    built_in = compiler.built_ins.get(callee.name) if isinstance(callee, ast.Name) else None
    if built_in is None or not isinstance(callee, ast.Name) or any(frame.name == callee.name for frame in frames(static)):
        return compiler.compile(callee, static)
    name = callee.name
    find_root = root_at(depth(static))

    def run(env: Env) -> Value:
        root = find_root(env)
        if name in root.outer:
            value = root[name]
            if isinstance(value, Function):
                return value
        return built_in

    return run
