"""The built-in functions of the portable subset, each as a small rule from argument nodes to a node."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from . import numeric, temporal
from .errors import NotPortable
from .ir import Cond, Each, Expr, Lit, Many, Op, Var
from .types import INTEGER, RATIO, Bool, Day, ListOf, Null, Num, Record, Seconds, Text, Type, type_name

if TYPE_CHECKING:
    from .lower import Lowering

Rule = Callable[["Lowering", list[Expr]], Expr]

PARAMETERS: dict[str, tuple[str, ...]] = {
    "not": ("negand",), "abs": ("n",), "floor": ("n", "scale"), "ceiling": ("n", "scale"), "decimal": ("n", "scale"),
    "round half up": ("n", "scale"), "round half down": ("n", "scale"), "round up": ("n", "scale"), "round down": ("n", "scale"),
    "modulo": ("dividend", "divisor"), "even": ("number",), "odd": ("number",),
    "sum": ("list",), "mean": ("list",), "min": ("list",), "max": ("list",), "count": ("list",), "median": ("list",),
    "product": ("list",), "all": ("list",), "any": ("list",), "list contains": ("list", "element"),
    "append": ("list", "item"), "concatenate": ("list",), "reverse": ("list",), "index of": ("list", "match"),
    "distinct values": ("list",), "union": ("list",), "sublist": ("list", "start position", "length"),
    "string length": ("string",), "upper case": ("string",), "lower case": ("string",),
    "substring": ("string", "start position", "length"),
    "substring before": ("string", "match"), "substring after": ("string", "match"), "contains": ("string", "match"),
    "starts with": ("string", "match"), "ends with": ("string", "match"), "string join": ("list", "delimiter"), "string": ("from",),
    "date": ("from",), "duration": ("from",),
}  # fmt: skip
_DATE_PARTS = ("year", "month", "day")


def call(lowering: Lowering, name: str, arguments: list[Expr], named: dict[str, Expr]) -> Expr:
    rule = _RULES.get(name)
    if rule is None:
        raise NotPortable(f"fungsi “{name}”", f'the function "{name}"')
    if named:
        order = _DATE_PARTS if name == "date" and "year" in named else PARAMETERS[name]
        if set(named) - set(order):
            raise NotPortable(f"nama argumen “{name}”", f'an argument name of "{name}"')
        arguments = [named[key] for key in order if key in named]
    try:
        return rule(lowering, arguments)
    except (ValueError, IndexError) as error:  # unpacking the arguments
        raise NotPortable(f"jumlah argumen “{name}”", f'the number of arguments of "{name}"') from error


def contains(lowering: Lowering, source: Expr, element: Expr) -> Expr:
    source, element = _alike(lowering, source, element)
    return Op("has", (source, element), Bool())


def _alike(lowering: Lowering, source: Expr, element: Expr) -> tuple[Expr, Expr]:
    """A list and a value so held that an element equals the value exactly when they are the same."""
    source = numeric.need(source)
    if not isinstance(source.type, ListOf):
        raise numeric.mismatch("list", source)
    x = Var(lowering.fresh(), source.type.element, source.type.nullable)
    inside, outside = comparable(x, element)
    if inside != x:
        source = Each(x.name, source, inside, ListOf(inside.type, inside.nullable))
    return source, outside


def comparable(a: Expr, b: Expr) -> list[Expr]:
    """Both as values that are equal exactly when they are the same, null included."""
    if isinstance(a.type, Num) and isinstance(b.type, Num):
        values, kind = numeric.align([a, b])
        if kind.den is None:
            return [Op("reduced", (value,), RATIO, value.nullable) for value in values]
        return values
    if isinstance(a.type, Record) or isinstance(b.type, Record):
        raise NotPortable("persamaan konteks", "equality of contexts")
    joined, common, _ = numeric.join([a, b], "=")
    if isinstance(common, ListOf) and _has_ratio(common):
        raise NotPortable("persamaan daftar pecahan", "equality of lists of fractions")
    return joined


def _has_ratio(kind: Type) -> bool:
    return kind == RATIO or (isinstance(kind, ListOf) and _has_ratio(kind.element))


def _list(lowering: Lowering, arguments: list[Expr]) -> Expr:
    """One list, or several values taken as a list: min(a, b, c)."""
    if len(arguments) == 1 and isinstance(arguments[0].type, ListOf):
        return arguments[0]
    if len(arguments) == 1 and arguments[0].nullable:
        return numeric.need(arguments[0])
    if not arguments:
        raise IndexError
    return lowering.listing(arguments)


def _elements(source: Expr) -> tuple[Expr, Type]:
    """A list none of whose elements may be null."""
    source = numeric.need(source)
    if not isinstance(source.type, ListOf):
        raise numeric.mismatch("list", source)
    element = source.type.element
    if isinstance(source, Many) and len(source.items) == 0:
        return Many((), ListOf(INTEGER)), INTEGER
    if source.type.nullable or isinstance(element, Null):
        source = Op("need_all", (source,), ListOf(element if not isinstance(element, Null) else INTEGER))
    return source, element


def _numbers(lowering: Lowering, arguments: list[Expr]) -> tuple[Expr, Num]:
    source, element = _elements(_list(lowering, arguments))
    if not isinstance(element, Num):
        raise numeric.mismatch("list<number>", source)
    return source, element


def _sum(lowering: Lowering, arguments: list[Expr]) -> Expr:
    source, kind = _numbers(lowering, arguments)
    return Op("sum" if kind.den else "r_sum", (source,), kind)


def _product(lowering: Lowering, arguments: list[Expr]) -> Expr:
    source, kind = _numbers(lowering, arguments)
    x = Var(lowering.fresh(), kind)
    return Op("r_product", (source if kind.den is None else Each(x.name, source, numeric.ratio(x), ListOf(RATIO)),), RATIO)


def _mean(lowering: Lowering, arguments: list[Expr]) -> Expr:
    source, kind = _numbers(lowering, arguments)
    if kind.den is None:
        return Op("r_mean", (source,), RATIO)
    total, size = Op("sum", (source,), INTEGER), Op("size", (source,), INTEGER)
    return Op("ratio", (total, numeric.times(Op("filled", (size,), INTEGER), kind.den, INTEGER)), RATIO)


def _median(lowering: Lowering, arguments: list[Expr]) -> Expr:
    source, kind = _numbers(lowering, arguments)
    if kind.den is None:
        return Op("r_median", (source,), RATIO)
    return Op("twice_median", (source,), Num(2 * kind.den))


def _extreme(which: str) -> Rule:
    def rule(lowering: Lowering, arguments: list[Expr]) -> Expr:
        source, element = _elements(_list(lowering, arguments))
        if isinstance(element, ListOf | Record | Bool):
            raise NotPortable(f"{which} atas {type_name(element)}", f"{which} of {type_name(element)}")
        return Op(f"r_{which}" if element == RATIO else which, (source,), element)

    return rule


def _count(lowering: Lowering, arguments: list[Expr]) -> Expr:
    return Op("size", (numeric.need(_list(lowering, arguments)),), INTEGER)


def _quantity(kind: str) -> Rule:
    def rule(lowering: Lowering, arguments: list[Expr]) -> Expr:
        source, element = _elements(_list(lowering, arguments))
        if not isinstance(element, Bool):
            raise numeric.mismatch("list<boolean>", source)
        return Op(kind, (source,), Bool())

    return rule


def _list_contains(lowering: Lowering, arguments: list[Expr]) -> Expr:
    source, element = arguments
    return contains(lowering, source, element)


def _append(lowering: Lowering, arguments: list[Expr]) -> Expr:
    source, *rest = arguments
    return _concatenate(lowering, [source, lowering.listing(rest)])


def _concatenate(lowering: Lowering, arguments: list[Expr]) -> Expr:
    for argument in arguments:
        if not isinstance(argument.type, ListOf):
            raise numeric.mismatch("list", argument)
    values, kind, _ = numeric.join([numeric.need(x) for x in arguments], "concatenate")
    return Op("chain", tuple(values), kind)


def _distinct(lowering: Lowering, arguments: list[Expr]) -> Expr:
    (source,) = arguments
    source = numeric.need(source)
    if not isinstance(source.type, ListOf) or isinstance(source.type.element, Record | ListOf):
        raise numeric.mismatch("list", source)
    if source.type.element == RATIO:
        x = Var(lowering.fresh(), RATIO, source.type.nullable)
        source = Each(x.name, source, Op("reduced", (x,), RATIO, x.nullable), source.type)
    return Op("distinct", (source,), source.type)


def _union(lowering: Lowering, arguments: list[Expr]) -> Expr:
    return _distinct(lowering, [_concatenate(lowering, arguments)])


def _reverse(lowering: Lowering, arguments: list[Expr]) -> Expr:
    (source,) = arguments
    if not isinstance(source.type, ListOf):
        raise numeric.mismatch("list", source)
    return Op("reverse", (numeric.need(source),), source.type)


def _index_of(lowering: Lowering, arguments: list[Expr]) -> Expr:
    source, element = arguments
    return Op("positions", _alike(lowering, source, element), ListOf(INTEGER))


def _sublist(lowering: Lowering, arguments: list[Expr]) -> Expr:
    source, *rest = arguments
    if not isinstance(source.type, ListOf) or not 1 <= len(rest) <= 2:
        raise numeric.mismatch("list", source)
    return Op("sublist", (numeric.need(source), *(numeric.to_integer(x) for x in rest)), source.type)


def _round(mode: str) -> Rule:
    def rule(lowering: Lowering, arguments: list[Expr]) -> Expr:
        value, *digits = arguments
        if len(digits) > 1:
            raise IndexError
        return numeric.round_to(numeric.ROUNDINGS[mode], value, digits[0] if digits else None)

    return rule


def _abs(lowering: Lowering, arguments: list[Expr]) -> Expr:
    (x,) = arguments
    x = numeric.need(x)
    if not isinstance(x.type, Num | Seconds):
        raise numeric.mismatch("number", x)
    return Op("r_abs" if x.type == RATIO else "abs", (x,), x.type)


def _modulo(lowering: Lowering, arguments: list[Expr]) -> Expr:
    a, b = arguments
    (a, b), kind = numeric.align([numeric.need(a), numeric.need(b)])
    return Op("modulo" if kind.den else "r_modulo", (a, b), kind)


def _parity(odd: bool) -> Rule:
    def rule(lowering: Lowering, arguments: list[Expr]) -> Expr:
        (x,) = arguments
        return Op("eq", (Op("modulo", (numeric.to_integer(x), Lit(2, INTEGER)), INTEGER), Lit(int(odd), INTEGER)), Bool())

    return rule


def _text(name: str, size: int, result: Type) -> Rule:
    def rule(lowering: Lowering, arguments: list[Expr]) -> Expr:
        if len(arguments) != size:
            raise IndexError
        for argument in arguments:
            if not isinstance(argument.type, Text):
                raise numeric.mismatch("string", argument)
        return Op(name, tuple(numeric.need(argument) for argument in arguments), result)

    return rule


def _substring(lowering: Lowering, arguments: list[Expr]) -> Expr:
    text, *rest = arguments
    if not isinstance(text.type, Text) or not 1 <= len(rest) <= 2:
        raise numeric.mismatch("string", text)
    whole = [numeric.round_to("down", x, None) for x in rest]
    return Op("substring", (numeric.need(text), *whole), Text())


def _string_join(lowering: Lowering, arguments: list[Expr]) -> Expr:
    source, *rest = arguments
    source = numeric.need(source)
    if source.type not in (ListOf(Text()), ListOf(Text(), True)) or len(rest) > 1:
        raise numeric.mismatch("list<string>", source)
    delimiter = numeric.need(rest[0]) if rest else Lit("", Text())
    return Op("text_join", (source, delimiter), Text())


def _string(lowering: Lowering, arguments: list[Expr]) -> Expr:
    (x,) = arguments
    if x.nullable:
        return lowering.once(x, lambda y: _string_or_null(lowering, y))
    if isinstance(x.type, Text):
        return x
    if isinstance(x.type, Num):
        return Op("number_text", (numeric.ratio(x),), Text())
    if isinstance(x.type, Bool):
        return Op("boolean_text", (x,), Text())
    if isinstance(x.type, Day):
        return Op("day_text", (x,), Text())
    raise NotPortable(f"string({type_name(x.type)})", f"string({type_name(x.type)})")


def _string_or_null(lowering: Lowering, x: Expr) -> Expr:
    text = _string(lowering, [Op("need", (x,), x.type)])
    return Cond(Op("is_null", (x,), Bool()), Lit(None, Text(), True), text, Text(), True)


def _not(lowering: Lowering, arguments: list[Expr]) -> Expr:
    (x,) = arguments
    if x.nullable:
        x = Op("need_value", (x,), x.type)
    return Op("not", (numeric.truth(x),), Bool())


_RULES: dict[str, Rule] = {
    "not": _not, "abs": _abs, "modulo": _modulo, "even": _parity(False), "odd": _parity(True),
    "sum": _sum, "mean": _mean, "min": _extreme("min"), "max": _extreme("max"), "count": _count, "median": _median,
    "product": _product, "all": _quantity("all"), "any": _quantity("any"), "list contains": _list_contains, "append": _append,
    "concatenate": _concatenate, "reverse": _reverse, "index of": _index_of, "distinct values": _distinct, "union": _union,
    "sublist": _sublist, "substring": _substring, "string join": _string_join, "string": _string,
    "string length": _text("length", 1, INTEGER), "upper case": _text("upper", 1, Text()), "lower case": _text("lower", 1, Text()),
    "substring before": _text("before", 2, Text()), "substring after": _text("after", 2, Text()),
    "contains": _text("contains", 2, Bool()), "starts with": _text("starts", 2, Bool()), "ends with": _text("ends", 2, Bool()),
    "date": lambda _, arguments: temporal.date_of([numeric.need(x) for x in arguments]),
    "duration": lambda _, arguments: temporal.duration_of(arguments),
    **{name: _round(name) for name in numeric.ROUNDINGS},
}  # fmt: skip
PORTABLE_FUNCTIONS = frozenset(_RULES)

__all__ = ["PARAMETERS", "PORTABLE_FUNCTIONS", "call", "contains"]
