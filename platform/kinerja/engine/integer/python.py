"""The Python emitter: a node of the intermediate form as one Python expression over the runtime's primitives."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from .ir import Ask, Cond, Each, Expr, Get, Holds, Keep, Let, Lit, Lookup, Make, Many, Op, Var, chained
from .runtime import FUNCTIONS

_NOTHING: Mapping[str, str] = MappingProxyType({})
_INFIX = {
    "add": "+", "sub": "-", "mul": "*", "pow": "**", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
    "join": "+",
}  # fmt: skip


def emit(x: Expr, bound: Mapping[str, str] = _NOTHING) -> str:
    """Python source of the node; every name in it is a variable, `env`, a decision's function or a primitive `p_…`.

    bound: variables that stand for a text, since their value costs no more than a look.
    """

    def sub(node: Expr) -> str:
        return emit(node, bound)

    match x:
        case Lit(value=int(value)) if value < 0 and not isinstance(value, bool):
            return f"({value})"  # -3 ** 2 is -9 in Python
        case Lit(value=value):
            return repr(value)
        case Var(name=name):
            return bound.get(name, name)
        case Op():
            return _operation(x, bound)
        case Cond(test=test, then=then, otherwise=otherwise):
            return f"({sub(then)} if {sub(test)} else {sub(otherwise)})"
        case Let(variable=variable, value=Var() | Get(source=Var()) as value, body=body):
            return emit(body, {**bound, variable: sub(value)})
        case Let(variable=variable, value=value, body=body):
            return f"[{sub(body)} for {variable} in ({sub(value)},)][0]"
        case Each(variable=variable, source=source, body=body, flat=flat):
            text = f"[{sub(body)} for {variable} in {sub(source)}]"
            return f"p_flat({text})" if flat else text
        case Keep(variable=variable, source=source, test=test):
            return f"[{variable} for {variable} in {sub(source)} if {sub(test)}]"
        case Holds(kind=kind, variable=variable, source=source, test=test):
            return f"{'any' if kind == 'some' else 'all'}({sub(test)} for {variable} in {sub(source)})"
        case Get(source=source, name=name):
            return f"{sub(source)}[{name!r}]"
        case Make(fields=fields):
            return "{" + ", ".join(f"{name!r}: {sub(value)}" for name, value in fields) + "}"
        case Many(items=items):
            return "[" + ", ".join(sub(item) for item in items) + "]"
        case Ask(decision=decision, args=args):
            return f"env.ask({', '.join([repr(decision), *(sub(arg) for arg in args)])})"
        case Lookup(parameter=parameter, key=None):
            return f"env.scalar({parameter!r})"
        case Lookup(parameter=parameter, key=key):
            assert key is not None
            return f"env.keyed({parameter!r}, {sub(key)})"


def _operation(x: Op, bound: Mapping[str, str]) -> str:
    if x.name in ("and", "or"):
        return "(" + f" {x.name} ".join(emit(part, bound) for part in chained(x)) + ")"
    args = [emit(arg, bound) for arg in x.args]
    if x.name in _INFIX:
        return f"({args[0]} {_INFIX[x.name]} {args[1]})"
    match x.name:
        case "not":
            return f"(not {args[0]})"
        case "neg":
            return f"(-{args[0]})"
        case "is_null" if isinstance(x.args[0], Lit):
            return repr(x.args[0].value is None)  # `5 is None` is a warning of the compiler
        case "is_null":
            return f"({args[0]} is None)"
        case "scale" if not x.nullable:
            return f"({args[0]} * {args[1]})"
        case "pair" if not x.nullable:
            return f"({args[0]}, {args[1]})"
        case "scale" | "pair":
            return f"p_{x.name}0({args[0]}, {args[1]})"
    if x.name not in FUNCTIONS:
        raise KeyError(f"no primitive {x.name}")
    return f"p_{x.name}({', '.join(args)})"
