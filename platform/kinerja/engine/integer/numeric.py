"""Arithmetic on nodes: keeps denominators constant wherever it can, compares by cross multiplication where it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd, lcm

from .errors import NotPortable
from .ir import Each, Expr, Lit, Op, Var
from .types import INTEGER, RATIO, Bool, ListOf, Null, Num, Type, type_name

ROUNDINGS = {
    "round half up": "half_up",
    "round half down": "half_down",
    "round up": "up",
    "round down": "down",
    "floor": "floor",
    "ceiling": "ceiling",
    "decimal": "half_even",
}
MAX_EXPONENT = 64


def number(value: Fraction | int) -> Lit:
    fraction = Fraction(value)
    return Lit(fraction.numerator, Num(fraction.denominator))


def mismatch(expected: str, x: Expr) -> NotPortable:
    found = type_name(x.type)
    return NotPortable(f"diharapkan {expected}, ditemukan {found}", f"expected {expected}, found {found}")


def constant(x: Expr) -> Fraction | None:
    """The value of a number literal, else None."""
    if isinstance(x, Lit) and isinstance(x.type, Num) and x.type.den and isinstance(x.value, int):
        return Fraction(x.value, x.type.den)
    return None


def need(x: Expr) -> Expr:
    """The value, an error where it is null."""
    if isinstance(x.type, Null):
        return Op("need", (x,), INTEGER)
    return Op("need", (x,), x.type) if x.nullable else x


def den(x: Expr) -> int | None:
    if not isinstance(x.type, Num):
        raise mismatch("number", x)
    return x.type.den


def times(x: Expr, factor: int, kind: Type) -> Expr:
    """x's integer multiplied by a constant; null stays null."""
    if factor == 1:
        return x if x.type == kind else _retype(x, kind)
    if isinstance(x, Lit) and isinstance(x.value, int):
        return Lit(x.value * factor, kind)
    return Op("scale", (x, Lit(factor, INTEGER)), kind, x.nullable)


def _retype(x: Expr, kind: Type) -> Expr:
    return replace(x, type=kind)


def scaled(x: Expr, to: int) -> Expr:
    """A number with constant denominator, brought to another that its own divides."""
    own = den(x)
    assert own is not None
    assert to % own == 0
    return times(x, to // own, Num(to))


def ratio(x: Expr) -> Expr:
    own = den(x)
    return x if own is None else Op("pair", (x, Lit(own, INTEGER)), RATIO, x.nullable)


def align(values: Sequence[Expr]) -> tuple[list[Expr], Num]:
    """All numbers under one denominator, or all as pairs."""
    dens = [den(value) for value in values]
    if any(d is None for d in dens):
        return [ratio(value) for value in values], RATIO
    common = lcm(*(d for d in dens if d)) if dens else 1
    return [scaled(value, common) for value in values], Num(common)


def add(a: Expr, b: Expr, operator: str = "add") -> Expr:
    (a, b), kind = align([need(a), need(b)])
    return Op(operator if kind.den else f"r_{operator}", (a, b), kind)


def multiply(a: Expr, b: Expr) -> Expr:
    a, b = need(a), need(b)
    da, db = den(a), den(b)
    if da is None or db is None:
        return Op("r_mul", (ratio(a), ratio(b)), RATIO)
    return Op("mul", (a, b), Num(da * db))


def divide(a: Expr, b: Expr) -> Expr:
    """By a constant: a new constant denominator. Else the pair (a·db, b·da), checked for zero and sign when it is computed."""
    a, b = need(a), need(b)
    divisor, da, db = constant(b), den(a), den(b)
    if divisor and da:
        sign = 1 if divisor > 0 else -1
        return times(a, sign * divisor.denominator, Num(da * abs(divisor.numerator)))
    if da is None or db is None:
        return Op("r_div", (ratio(a), ratio(b)), RATIO)
    common = gcd(da, db)
    return Op("ratio", (times(a, db // common, INTEGER), times(b, da // common, INTEGER)), RATIO)


def negate(a: Expr) -> Expr:
    a = need(a)
    if (value := constant(a)) is not None:
        return number(-value)
    return Op("neg" if den(a) else "r_neg", (a,), a.type)


def power(a: Expr, b: Expr) -> Expr:
    a, b = need(a), need(b)
    exponent, da = constant(b), den(a)
    if exponent is not None and exponent.denominator == 1 and 0 <= exponent <= MAX_EXPONENT and da:
        return Op("pow", (a, Lit(exponent.numerator, INTEGER)), Num(da**exponent.numerator))
    return Op("r_pow", (ratio(a), ratio(b)), RATIO)


def order(operator: str, a: Expr, b: Expr) -> Expr:
    """lt, le, gt, ge, eq, ne of two numbers that are not null."""
    (a, b), kind = align([need(a), need(b)])
    return Op(operator if kind.den else f"r_{operator}", (a, b), Bool())


def round_to(mode: str, x: Expr, digits: Expr | None) -> Expr:
    """One primitive a rounding: of n·10^k over d, whether d is constant or computed."""
    x = need(x)
    places = Fraction(0) if digits is None else constant(digits)
    if places is None:
        assert digits is not None
        return Op("r_round_by", (Lit(mode, Null()), ratio(x), ratio(need(digits))), RATIO)
    if places.denominator != 1 or abs(places) > 30:
        raise NotPortable("jumlah angka desimal harus bulat, -30 sampai 30", "the number of digits must be whole, -30 to 30")
    k = places.numerator
    up, down = 10 ** max(k, 0), 10 ** max(-k, 0)
    if isinstance(x, Op) and x.name == "ratio":
        n, d = x.args
        value = Op(mode, (times(n, up, INTEGER), times(d, down, INTEGER)), Num(up))
    elif (own := den(x)) is not None:
        if k >= 0 and up % own == 0:
            return scaled(x, up)  # it cannot have more digits than that
        value = Op(mode, (times(x, up, INTEGER), Lit(own * down, INTEGER)), Num(up))
    else:
        value = Op(f"r_{mode}", (x, Lit(up, INTEGER), Lit(down, INTEGER)), Num(up))
    return times(value, down, Num(up)) if down > 1 else value


def join(values: Sequence[Expr], where: str) -> tuple[list[Expr], Type, bool]:
    """Bring branches or elements to one type. Returns them, the type, and whether any may be null."""
    nullable = any(value.nullable or isinstance(value.type, Null) for value in values)
    kind: Type = Null()
    for value in values:
        kind = merge(kind, value.type, where)
    return [convert(value, kind) for value in values], kind, nullable


def merge(a: Type, b: Type, where: str) -> Type:
    if isinstance(a, Null) or a == b:
        return b
    if isinstance(b, Null):
        return a
    if isinstance(a, Num) and isinstance(b, Num):
        return Num(lcm(a.den, b.den)) if a.den and b.den else RATIO
    if isinstance(a, ListOf) and isinstance(b, ListOf):
        return ListOf(merge(a.element, b.element, where), a.nullable or b.nullable)
    raise NotPortable(
        f"{where}: jenis campuran {type_name(a)} dan {type_name(b)}", f"{where}: mixed types {type_name(a)} and {type_name(b)}"
    )


def convert(x: Expr, kind: Type) -> Expr:
    """x as a value of a type that merge has given."""
    if x.type == kind:
        return x
    if isinstance(x.type, Null):
        return Lit(None, kind, True)
    if isinstance(kind, Num):
        return scaled(x, kind.den) if kind.den else ratio(x)
    if isinstance(kind, ListOf) and isinstance(x.type, ListOf):
        inner = Var("e_", x.type.element, x.type.nullable)
        body = convert(inner, kind.element)
        return _retype(x, kind) if body == inner else Each("e_", x, body, kind, nullable=x.nullable)
    raise NotPortable(f"jenis {type_name(x.type)}", f"type {type_name(x.type)}")


def to_integer(x: Expr) -> Expr:
    """A number that must be whole (a position, a length, a year): its integer, an error where it has a fraction."""
    x = need(x)
    own = den(x)
    if own == 1:
        return x
    value = constant(x)
    if value is not None and value.denominator == 1:
        return number(value)
    return Op("whole", (ratio(x),), INTEGER)


def truth(x: Expr) -> Expr:
    x = need(x)
    if not isinstance(x.type, Bool):
        raise mismatch("boolean", x)
    return x
