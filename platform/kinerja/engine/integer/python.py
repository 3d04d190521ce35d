"""The Python emitter: a node of the intermediate form as one Python expression over the runtime's primitives."""

from __future__ import annotations

from .ir import Ask, Cond, Each, Expr, Get, Holds, Keep, Let, Lit, Lookup, Make, Many, Op, Var, chained
from .runtime import FUNCTIONS

_INFIX = {
    "add": "+", "sub": "-", "mul": "*", "pow": "**", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
    "join": "+",
}  # fmt: skip


def emit(x: Expr) -> str:
    """Python source of the node; every name in it is a variable, `env`, a decision's function or a primitive `p_…`."""
    match x:
        case Lit(value=int(value)) if value < 0 and not isinstance(value, bool):
            return f"({value})"  # -3 ** 2 is -9 in Python
        case Lit(value=value):
            return repr(value)
        case Var(name=name):
            return name
        case Op():
            return _operation(x)
        case Cond(test=test, then=then, otherwise=otherwise):
            return f"({emit(then)} if {emit(test)} else {emit(otherwise)})"
        case Let(variable=variable, value=value, body=body):
            return f"[{emit(body)} for {variable} in ({emit(value)},)][0]"
        case Each(variable=variable, source=source, body=body, flat=flat):
            text = f"[{emit(body)} for {variable} in {emit(source)}]"
            return f"p_flat({text})" if flat else text
        case Keep(variable=variable, source=source, test=test):
            return f"[{variable} for {variable} in {emit(source)} if {emit(test)}]"
        case Holds(kind=kind, variable=variable, source=source, test=test):
            return f"{'any' if kind == 'some' else 'all'}({emit(test)} for {variable} in {emit(source)})"
        case Get(source=source, name=name):
            return f"{emit(source)}[{name!r}]"
        case Make(fields=fields):
            return "{" + ", ".join(f"{name!r}: {emit(value)}" for name, value in fields) + "}"
        case Many(items=items):
            return "[" + ", ".join(emit(item) for item in items) + "]"
        case Ask(decision=decision, args=args):
            return f"env.ask({', '.join([repr(decision), *(emit(arg) for arg in args)])})"
        case Lookup(parameter=parameter, key=None):
            return f"env.scalar({parameter!r})"
        case Lookup(parameter=parameter, key=key):
            assert key is not None
            return f"env.keyed({parameter!r}, {emit(key)})"


def _operation(x: Op) -> str:
    if x.name in ("and", "or"):
        return "(" + f" {x.name} ".join(emit(part) for part in chained(x)) + ")"
    args = [emit(arg) for arg in x.args]
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
