"""A syntax tree back as source: parsed again it is equal. Names are written as they are; whoever needs others renames first."""

from __future__ import annotations

import json
from decimal import Context, Decimal
from fractions import Fraction

from ..core.numbers import decimal_text
from . import syntax as s

# binding strength, as the parser has it; an operand that binds less is put in parentheses
_OR, _AND, _COMPARE, _SUM, _PRODUCT, _POWER, _NEGATION, _NUMBER, _POSTFIX = 1, 2, 3, 4, 5, 6, 7, 8, 9
_MOST_DIGITS = 20_000
_ARITHMETIC = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT, "**": _POWER}


def unparse(node: s.Node) -> str:
    return _write(node, 0)


def unparse_tests(tests: s.UnaryTests) -> str:
    if tests.any:
        return "-"
    listed = ", ".join(_write(test.expression, 0) for test in tests.alternatives)
    return f"not({listed})" if tests.negated else listed


def _write(node: s.Node, outer: int) -> str:
    text, strength = _text(node)
    return f"({text})" if strength < outer else text


def _text(node: s.Node) -> tuple[str, int]:
    """Source and how strongly it binds."""
    match node:
        case s.NumberLiteral(value):
            return _number(value), _NUMBER if value >= 0 else _NEGATION
        case s.StringLiteral(value):
            return json.dumps(value, ensure_ascii=False), _POSTFIX
        case s.BooleanLiteral(value):
            return "true" if value else "false", _POSTFIX
        case s.NullLiteral():
            return "null", _POSTFIX
        case s.TemporalLiteral(text):
            return f'@"{text}"', _POSTFIX
        case s.Name(name):
            return name, _POSTFIX
        case s.Path(source, name):
            return f"{_write(source, _POSTFIX)}.{name}", _POSTFIX
        case s.Filter(source, predicate):
            return f"{_write(source, _POSTFIX)}[{_write(predicate, 0)}]", _POSTFIX
        case s.Call(function, arguments, named):
            given = [_write(one, 0) for one in arguments] or [f"{name}: {_write(one, 0)}" for name, one in named]
            return f"{_write(function, _POSTFIX)}({', '.join(given)})", _POSTFIX
        case s.Arithmetic(operator, left, right):
            own = _ARITHMETIC[operator]
            return f"{_write(left, own)} {operator} {_write(right, own + 1)}", own
        case s.Negation(operand):
            return f"-{_write(operand, _NUMBER)}", _NEGATION
        case s.Comparison(operator, left, right):
            return f"{_write(left, _SUM)} {operator} {_write(right, _SUM)}", _COMPARE
        case s.Between(value, low, high):
            return f"{_write(value, _SUM)} between {_write(low, _SUM)} and {_write(high, _SUM)}", _COMPARE
        case s.In(value, tests):
            return f"{_write(value, _SUM)} in ({unparse_tests(tests)})", _COMPARE
        case s.Logic(operator, left, right):
            own = _AND if operator == "and" else _OR
            return f"{_write(left, own)} {operator} {_write(right, own + 1)}", own
        case s.InstanceOf(value, type_):
            return f"{_write(value, _SUM)} instance of {_type(type_)}", _COMPARE
        case s.If(condition, then, otherwise):
            return f"if {_write(condition, 0)} then {_write(then, 0)} else {_write(otherwise, 0)}", 0
        case s.For(iterators, body):
            return f"for {_iterators(iterators)} return {_write(body, 0)}", 0
        case s.Quantified(kind, iterators, condition):
            return f"{kind} {_iterators(iterators)} satisfies {_write(condition, 0)}", 0
        case s.Range(low, high, low_closed, high_closed):
            return _range(low, high, low_closed, high_closed), _POSTFIX
        case s.ListLiteral(items):
            return f"[{', '.join(_write(item, 0) for item in items)}]", _POSTFIX
        case s.ContextLiteral(entries):
            return "{" + ", ".join(f"{_key(name)}: {_write(value, 0)}" for name, value in entries) + "}", _POSTFIX
        case s.FunctionLiteral(parameters, body, external):
            listed = ", ".join(name if type_ is None else f"{name}: {_type(type_)}" for name, type_ in parameters)
            return f"function({listed}) {'external ' if external else ''}{_write(body, 0)}", 0
        case s.Compare(operator, operand):
            return f"{operator} {_write(operand, _SUM)}", 0
    raise TypeError(f"{type(node).__name__} has no source")


def _number(value: Fraction) -> str:
    """Digits; with an exponent where there would be thousands of them."""
    try:
        return decimal_text(value)
    except ValueError:
        exact = Context(prec=_MOST_DIGITS)
        return str(exact.normalize(exact.divide(Decimal(value.numerator), Decimal(value.denominator)))).lower()


def _iterators(iterators: tuple[s.Iterator, ...]) -> str:
    return ", ".join(
        f"{one.name} in {_write(one.domain, 0)}" + (f"..{_write(one.end, _SUM)}" if one.end is not None else "")
        for one in iterators
    )


def _range(low: s.Node | None, high: s.Node | None, low_closed: bool, high_closed: bool) -> str:
    if low is None and high is not None:
        return f"({'<=' if high_closed else '<'} {_write(high, _SUM)})"
    if high is None and low is not None:
        return f"({'>=' if low_closed else '>'} {_write(low, _SUM)})"
    assert low is not None
    assert high is not None
    return f"{'[' if low_closed else '('}{_write(low, _SUM)}..{_write(high, _SUM)}{']' if high_closed else ')'}"


def _key(name: str) -> str:
    return name if name.isidentifier() else json.dumps(name, ensure_ascii=False)


def _type(type_: s.TypeName) -> str:
    if type_.fields:
        return f"{type_.name}<{', '.join(f'{name}: {_type(one)}' for name, one in type_.fields)}>"
    listed = ", ".join(map(_type, type_.arguments))
    inner = f"<{listed}>" if listed or type_.result is not None else ""
    return type_.name + inner + (f" -> {_type(type_.result)}" if type_.result is not None else "")
