"""Lists, by their aggregates: unknown numbers with what is true of every list whose elements have these bounds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import z3

from ...feel.syntax import Arithmetic, Call, For, If, Name, Node, NumberLiteral
from ..model import ValueType
from ..values import MOST_ELEMENTS
from .ranges import bounds, element
from .terms import NO, NotEncodable, Val, number, variable

if TYPE_CHECKING:
    from .encode import Encoder

ZERO = NumberLiteral(Fraction(0))


def list_value(encoder: Encoder, node: Node) -> Val:
    """A list expression: what its body can do wrong for any element is noted; its elements are not kept."""
    if not isinstance(node, For):
        raise NotEncodable
    kept = dict(encoder.scope)
    env = encoder.env
    try:
        for iterator in node.iterators:
            if iterator.end is not None:
                raise NotEncodable
            encoder.scope[iterator.name] = _element(encoder, iterator.domain)
            encoder.env = _bound_env(encoder, iterator.name, iterator.domain)
        encoder.of(node.body)
    finally:
        encoder.scope, encoder.env = kept, env
    return Val("list", node=node)


def _bound_env(encoder: Encoder, name: str, domain: Node) -> Any:
    env = encoder.env
    if isinstance(domain, Name) and domain.name in env.lists:
        return replace(env, items={**env.items, name: env.lists[domain.name]})
    return env.with_known(name, element(domain, env))


def _element(encoder: Encoder, domain: Node) -> Val:
    """Any element of a list."""
    encoder.fresh += 1
    name = f"{encoder.prefix}e{encoder.fresh}"
    if isinstance(domain, Name) and domain.name in encoder.env.lists:
        members = encoder.env.lists[domain.name]
        return Val(
            "context",
            fields={m: variable(f"{name}.{m}", t, encoder.texts, encoder.axioms) for m, t in members.items() if not t.is_list},
        )
    if isinstance(domain, Name) and domain.name in encoder.env.types:
        type_: ValueType = encoder.env.types[domain.name]
        single = replace(type_, is_list=False, nullable=type_.nullable_elements)
        return variable(name, single, encoder.texts, encoder.axioms)
    raise NotEncodable


def aggregate(encoder: Encoder, name: str, domain: Node, node: Call) -> Val:
    """sum, count, mean, median, min, max of a list."""
    if isinstance(domain, For):
        encoder.of(domain)
    elif isinstance(domain, Name) and domain.name in encoder.env.types:
        if encoder.env.types[domain.name].nullable_elements and name != "count":
            encoder.fail(_count(encoder, domain) > 0, "nilai_null", node)
    elif not (isinstance(domain, Name) and domain.name in encoder.env.lists):
        raise NotEncodable
    count = _count(encoder, domain)
    if name == "count":
        return Val("number", count)
    if name != "sum":
        encoder.fail(count == 0, "argumen_salah", node)
    return Val("number", _unknown(encoder, name, domain, count))


def _unknown(encoder: Encoder, name: str, domain: Node, count: Any) -> Any:
    key = (name, encoder.inlined(domain))
    if key in encoder.opaque:
        return encoder.opaque[key].term
    term = encoder.unknown()
    encoder.opaque[key] = Val("number", term, NO)
    each = element(domain, encoder.env)
    low = None if each.low is None else number(each.low)
    high = None if each.high is None else number(each.high)
    if each.scale is not None and name in ("sum", "min", "max"):
        encoder.axioms.append(z3.IsInt(term * z3.RealVal(10**each.scale)))
    if name == "sum":
        encoder.axioms.append(z3.Implies(count == 0, term == 0))
        if low is not None:
            encoder.axioms.append(term >= low * count)
        if high is not None:
            encoder.axioms.append(term <= high * count)
        _sum_of_products(encoder, domain, term)
        least, most = _unknown(encoder, "min", domain, count), _unknown(encoder, "max", domain, count)
        encoder.exact.append(z3.Implies(count > 0, z3.And(term >= least * count, term <= most * count)))
        for factor in sorted(encoder.multipliers)[:12]:
            fixed = count == number(factor)
            encoder.axioms.append(z3.Implies(fixed, z3.And(term >= least * number(factor), term <= most * number(factor))))
        return term
    if low is not None:
        encoder.axioms.append(z3.Implies(count > 0, term >= low))
    if high is not None:
        encoder.axioms.append(z3.Implies(count > 0, term <= high))
    if name in ("mean", "median"):
        least, most = _unknown(encoder, "min", domain, count), _unknown(encoder, "max", domain, count)
        encoder.axioms.append(z3.Implies(count > 0, z3.And(term >= least, term <= most)))
    elif name == "max":
        least = _unknown(encoder, "min", domain, count)
        encoder.axioms.append(z3.Implies(count > 0, least <= term))
    return term


def _count(encoder: Encoder, domain: Node) -> Any:
    """The number of elements; of a `for` over one list, that list's."""
    while isinstance(domain, For) and len(domain.iterators) == 1:
        domain = domain.iterators[0].domain
    key = ("count", encoder.inlined(domain))
    if key not in encoder.opaque:
        whole = encoder.unknown("int")
        encoder.axioms.extend([whole >= 0, whole <= MOST_ELEMENTS])
        encoder.opaque[key] = Val("number", z3.ToReal(whole))
    return encoder.opaque[key].term


def _sum_of_products(encoder: Encoder, domain: Node, term: Any) -> None:
    """Σ a·w lies between low(a)·Σ w and high(a)·Σ w where w ≥ 0; a common condition `if c then 0 else …` is kept."""
    if not isinstance(domain, For):
        return
    body = domain.body
    guard = body if isinstance(body, If) and body.then == ZERO else None
    core = body.otherwise if isinstance(body, If) and guard is not None else body
    inner = _inner_env(encoder, domain)
    if guard is not None and bounds(core, inner).not_negative:
        whole = replace(domain, body=core)
        encoder.axioms.append(term <= _unknown(encoder, "sum", whole, _count(encoder, whole)))
    if not (isinstance(core, Arithmetic) and core.operator == "*"):
        return
    for factor, weight in ((core.left, core.right), (core.right, core.left)):
        value = bounds(factor, inner)
        if not bounds(weight, inner).not_negative:
            continue
        part = replace(domain, body=replace(guard, otherwise=weight) if guard is not None else weight)
        total = _unknown(encoder, "sum", part, _count(encoder, part))
        if value.low is not None:
            encoder.axioms.append(term >= number(value.low) * total)
        if value.high is not None:
            encoder.axioms.append(term <= number(value.high) * total)


def _inner_env(encoder: Encoder, domain: For) -> Any:
    env = encoder.env
    kept = env
    for iterator in domain.iterators:
        encoder.env = env
        env = _bound_env(encoder, iterator.name, iterator.domain)
    encoder.env = kept
    return env
