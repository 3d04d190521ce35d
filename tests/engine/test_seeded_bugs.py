"""Bugs put into one engine on purpose: agreement must catch every one of them over a few hundred generated cases.

`rete` bugs break the integer form, the rule compiler or the kernel's use; `exact` bugs break FEEL or the exact engine.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.errors import KinerjaError, RuleError
from kinerja.engine.exact import decision as exact_decision
from kinerja.engine.exact import engine as exact_engine
from kinerja.engine.exact import hits as exact_hits
from kinerja.engine.exact import world as exact_world
from kinerja.engine.integer import codec, hits, numeric, program, python, runtime
from kinerja.engine.integer.primitives import dates, rounding
from kinerja.engine.integer.types import Num, Text
from kinerja.engine.rete import cells, kernel, machine, properties, rules
from kinerja.feel import arithmetic
from kinerja.policy.model import HitPolicy, Policy

from .cases import directed, documents
from .local import local_engine

Patch = Callable[[pytest.MonkeyPatch], None]
BUGS: dict[str, Patch] = {}
CASES = [*directed(), *documents(60, seed=7)]


def bug(name: str) -> Callable[[Patch], Patch]:
    def register(patch: Patch) -> Patch:
        BUGS[name] = patch
        return patch

    return register


def infix(name: str, wrong: str) -> None:
    BUGS[f"rete: {name} emitted as {wrong}"] = lambda m: m.setitem(python._INFIX, name, wrong)


def primitive(name: str, wrong: Callable[..., Any], why: str) -> None:
    BUGS[f"rete: {why}"] = lambda m: m.setitem(runtime.FUNCTIONS, name, wrong)


# ── comparison ────────────────────────────────────────────────────────────────────────────────────────────────────────
infix("lt", "<=")
infix("le", "<")
infix("gt", ">=")
infix("ge", ">")
infix("eq", "!=")
primitive("both", lambda a, b: a, "a range forgets its upper end")
primitive("r_le", lambda a, b: a[0] <= b[0], "fractions compared by numerators")
primitive("same", lambda a, b: str(a)[:1] == str(b)[:1], "texts compared by their first letter")


@bug("rete: conditions take >= for >")
def _(m: pytest.MonkeyPatch) -> None:
    real = cells._compare
    m.setattr(cells, "_compare", lambda op, operand, column: real(">=" if op == ">" else op, operand, column))


@bug("rete: conditions take <= for <")
def _(m: pytest.MonkeyPatch) -> None:
    real = cells._compare
    m.setattr(cells, "_compare", lambda op, operand, column: real("<=" if op == "<" else op, operand, column))


@bug("rete: a rest beyond the scale is cut off before comparing")
def _(m: pytest.MonkeyPatch) -> None:
    def encode(self: cells.ColumnCode, value: Any) -> tuple[int | str, int]:
        found, null = real(self, value)
        return (
            (found & ~1, null) if isinstance(found, int) and isinstance(self.type, Num) and self.type.den is None else (found, null)
        )

    real = cells.ColumnCode.encode
    m.setattr(cells.ColumnCode, "encode", encode)


@bug("rete: texts match by prefix")
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(cells, "text_key", lambda text: f"={text[:1]}")


@bug("rete: negated cells are read as they stand")
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(cells, "_FLIPPED", {op: op for op in cells._FLIPPED})


@bug("rete: the first alternative of a cell only")
def _(m: pytest.MonkeyPatch) -> None:
    real = cells._cell
    m.setattr(cells, "_cell", lambda tests, column: (real(tests, column) or [])[:1] if real(tests, column) is not None else None)


@bug("exact: < takes equal values")
def _(m: pytest.MonkeyPatch) -> None:
    m.setitem(type(arithmetic.EXACT).comparisons, "<", operator.le)


@bug("exact: >= misses equal values")
def _(m: pytest.MonkeyPatch) -> None:
    m.setitem(type(arithmetic.EXACT).comparisons, ">=", operator.gt)


# ── rounding and arithmetic ───────────────────────────────────────────────────────────────────────────────────────────
primitive("half_up", rounding.half_even, "round half up rounds half even")
primitive("half_down", rounding.half_up, "round half down rounds half up")
primitive("half_even", rounding.half_up, "decimal rounds half up")
primitive("up", rounding.ceiling, "round up goes to the ceiling")
primitive("down", rounding.floor, "round down goes to the floor")
primitive("floor", rounding.down, "floor cuts towards zero")
primitive("ceiling", rounding.up, "ceiling goes away from zero")
primitive("modulo", lambda a, b: int(Fraction(a, b)) * -b + a, "modulo takes the sign of the dividend")
primitive("r_mul", lambda a, b: (a[0] * b[0], a[1]), "a product forgets a denominator")
primitive("r_add", lambda a, b: (a[0] + b[0], a[1]), "a sum forgets to align")
primitive("ratio", lambda n, d: (n, abs(d) or 1), "a quotient loses its sign and its zero")
primitive("twice_median", lambda values: 2 * sorted(values)[len(values) // 2], "the median takes the upper middle")
primitive("sum", lambda values: sum(values[1:]), "a sum leaves out the first")
primitive("min", max, "min and max are mixed up")
primitive("abs", lambda x: x, "abs keeps the sign")


@bug("rete: the 64-bit int wraps")
def _(m: pytest.MonkeyPatch) -> None:
    real = properties.to_property
    m.setattr(rules, "to_property", lambda v, kind, store: real((v & 0xFFFF) if type(v) is int else v, kind, store))


@bug("rete: rounding to one digit more")
def _(m: pytest.MonkeyPatch) -> None:
    real = numeric.constant
    m.setattr(numeric, "constant", lambda x: real(x) if (v := real(x)) is None or v != 1 else Fraction(2))


@bug("exact: round half up rounds half even")
def _(m: pytest.MonkeyPatch) -> None:
    real = arithmetic.round_fraction
    m.setattr(arithmetic, "round_fraction", lambda v, s, mode: real(v, s, "half even" if mode == "half up" else mode))


@bug("exact: floor rounds down")
def _(m: pytest.MonkeyPatch) -> None:
    real = arithmetic.round_fraction
    m.setattr(arithmetic, "round_fraction", lambda v, s, mode: real(v, s, "down" if mode == "floor" else mode))


@bug("exact: a quotient at 12 digits")
def _(m: pytest.MonkeyPatch) -> None:
    real = type(arithmetic.EXACT).divide
    m.setattr(type(arithmetic.EXACT), "divide", lambda self, a, b: Fraction(round(real(self, a, b) * 10**1), 10**1))


primitive("round_or_fail", lambda x, den: rounding.half_up(x[0] * den, x[1]), "an output is rounded in silence")


# ── hit policies ──────────────────────────────────────────────────────────────────────────────────────────────────────
def settling(name: str, change: Callable[[list[int]], Iterable[int]], only: HitPolicy) -> None:
    def patch(m: pytest.MonkeyPatch) -> None:
        real = hits.resolve
        wrong = lambda p, matched, of: real(p, list(change(list(matched))) if p.hit is only else matched, of)  # noqa: E731
        m.setattr(rules, "resolve", wrong)

    BUGS[f"rete: {name}"] = patch


settling("FIRST takes the last row", lambda rows: rows[::-1], HitPolicy.FIRST)
settling("RULE ORDER is reversed", lambda rows: rows[::-1], HitPolicy.RULE_ORDER)
settling("COLLECT leaves out the last row", lambda rows: rows[:-1], HitPolicy.COLLECT)
settling("COLLECT SUM counts a row twice", lambda rows: [*rows, *rows[:1]], HitPolicy.COLLECT_SUM)
settling("COLLECT COUNT stops at one", lambda rows: rows[:1], HitPolicy.COLLECT_COUNT)
settling("COLLECT MIN sees the first row only", lambda rows: rows[:1], HitPolicy.COLLECT_MIN)
settling("UNIQUE answers for no row", lambda rows: rows or [0], HitPolicy.UNIQUE)


@bug("rete: PRIORITY ranks worst first")
def _(m: pytest.MonkeyPatch) -> None:
    real = hits._rank
    m.setattr(hits, "_rank", lambda p, outputs: tuple(-rank for rank in real(p, outputs)))


@bug("rete: resolves before all rows have fired")
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(rules, "RESOLVE", 1)


@bug("exact: OUTPUT ORDER keeps the order of the rows")
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(exact_hits, "_ranked", lambda decision, matched, of: [(index, of(index)) for index in matched])


@bug("exact: COLLECT MAX gives the minimum")
def _(m: pytest.MonkeyPatch) -> None:
    real = exact_hits._aggregate
    swap = {HitPolicy.COLLECT_MAX: HitPolicy.COLLECT_MIN}
    m.setattr(exact_hits, "_aggregate", lambda hit, *rest: real(swap.get(hit, hit), *rest))


# ── null and missing ──────────────────────────────────────────────────────────────────────────────────────────────────
primitive("need", lambda x: 0 if x is None else x, "null counts as zero")
primitive("need_all", lambda values: [v for v in values if v is not None], "null is skipped in lists")


@bug("rete: null meets a comparison as zero")
def _(m: pytest.MonkeyPatch) -> None:
    real = cells.ColumnCode.encode
    m.setattr(
        cells.ColumnCode, "encode", lambda self, v: ("" if isinstance(self.type, Text) else 0, 0) if v is None else real(self, v)
    )


@bug("rete: a parameter without a value is zero")
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(program.Env, "keyed", lambda self, name, key: self.parameters[name].get(key, 0))


@bug("exact: a missing key has another name")
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(exact_world, "no_value", lambda *_: RuleError("nol", "nol", "nol"))


@bug("exact: null passes a cell")
def _(m: pytest.MonkeyPatch) -> None:
    real = exact_decision.ExactDecision.matching
    m.setattr(
        exact_decision.ExactDecision,
        "matching",
        lambda self, tested, scope: real(self, [Fraction(0) if value is None else value for value in tested], scope),
    )


# ── chaining, items, parameters ───────────────────────────────────────────────────────────────────────────────────────
@bug("rete: parameters of another day")
def _(m: pytest.MonkeyPatch) -> None:
    real = program.parameters_on
    m.setattr(machine, "parameters_on", lambda policy, day, names=None: real(policy, date(2020, 1, 1), names))


@bug("rete: a decision reads the item before")
def _(m: pytest.MonkeyPatch) -> None:
    real = rules._list_reader

    def reader(key: str, column: Any, kind: Any) -> Any:
        inner = real(key, column, kind)
        return lambda case, matched: (lambda rows: rows[1:] + rows[:1])(inner(case, matched))

    m.setattr(rules, "_list_reader", reader)


@bug("rete: the last item is left out")
def _(m: pytest.MonkeyPatch) -> None:
    real = rules._list_reader
    m.setattr(rules, "_list_reader", lambda *a: (lambda inner: lambda case, matched: inner(case, matched)[:-1])(real(*a)))


@bug("rete: a called decision answers for its first argument again")
def _(m: pytest.MonkeyPatch) -> None:
    real = program.Env.ask
    seen: dict[str, Any] = {}
    m.setattr(program.Env, "ask", lambda self, name, *args: seen.setdefault(name, real(self, name, *args)))


@bug("rete: outputs chain under the wrong name")
def _(m: pytest.MonkeyPatch) -> None:
    real = rules.AgendaRules._outputs

    def mixed(self: Any, case: Any, stage: Any, item: int, values: Any) -> Any:
        return real(self, case, stage, item, list(values)[::-1] if stage.name == "bulat" else values)

    m.setattr(rules.AgendaRules, "_outputs", mixed)


@bug("rete: dates are a day late")
def _(m: pytest.MonkeyPatch) -> None:
    m.setitem(runtime.FUNCTIONS, "later", lambda day, seconds: dates.later(day, seconds) + 1)


primitive("months_later", lambda day, months: day + 30 * months, "a month has thirty days")
primitive("at", lambda values, position: values[0], "a position selects the first")
primitive("distinct", lambda values: list(values), "repeats stay among the distinct values")
primitive("before", lambda text, match: text, "a text is not cut")
primitive("number_text", lambda x: str(x[0] // x[1]), "a number loses its decimals as text")


@bug("rete: facts of the first case stay")
def _(m: pytest.MonkeyPatch) -> None:
    real = rules.AgendaRules._entity_properties
    kept: dict[str, Any] = {}
    m.setattr(
        rules.AgendaRules,
        "_entity_properties",
        lambda self, case, entity, values: kept.setdefault(entity, real(self, case, entity, values)),
    )


@bug("exact: items in the wrong order")
def _(m: pytest.MonkeyPatch) -> None:
    real = exact_engine._Walk._input

    def read(self: Any, decision: Any, given: Any, binding: Any, index: Any) -> Any:
        value = real(self, decision, given, binding, index)
        return value[::-1] if isinstance(value, list) else value

    m.setattr(exact_engine._Walk, "_input", read)


@bug("exact: the first parameter instead of the day's")
def _(m: pytest.MonkeyPatch) -> None:
    real = exact_world.World._parameter
    first = lambda self, one: real(self, one) if one.key_type else one.values[0].value  # noqa: E731
    m.setattr(exact_world.World, "_parameter", first)


@bug("exact: a called decision answers for its first argument again")
def _(m: pytest.MonkeyPatch) -> None:
    real = exact_world.World._answer
    seen: dict[str, Any] = {}
    m.setattr(exact_world.World, "_answer", lambda self, one, inputs: seen.setdefault(one.name, real(self, one, inputs)))


@bug("rete: what was asked before is not told again")
def _(m: pytest.MonkeyPatch) -> None:
    real = program.Env.ask

    def ask(self: Any, name: str, *arguments: Any) -> Any:
        before, known = len(self.calls), (name, *arguments) in self.answers
        answer = real(self, name, *arguments)
        if known:
            del self.calls[before:]
        return answer

    m.setattr(program.Env, "ask", ask)


@bug("rete: the codec truncates")
def _(m: pytest.MonkeyPatch) -> None:
    real = codec.encode
    m.setattr(
        "kinerja.engine.engine.encode", lambda v, kind: real(Fraction(int(v)), kind) if isinstance(v, Fraction) else real(v, kind)
    )


@bug("rete: a firing is lost")
def _(m: pytest.MonkeyPatch) -> None:
    real = kernel.Kernel._guarded
    m.setattr(kernel.Kernel, "_guarded", lambda self, rule: (lambda c: None) if rule.name == "row:pita#2" else real(self, rule))


def incidents(policy: Policy) -> int:
    """How many of the cases the two engines disagree on."""
    with local_engine(policy) as engine:
        return sum(_disagrees(engine, document) for document in CASES)


def _disagrees(engine: Any, document: dict[str, Any]) -> bool:
    """Whether the case is an incident, with the facts and both answers kept."""
    try:
        engine.evaluate(document)
    except KinerjaError as error:
        return error.code == "mesin_berbeda" and {"facts", "exact", "rete"} <= error.details.keys()
    return False


def test_without_a_bug_the_engines_agree(policy: Policy) -> None:
    assert incidents(policy) == 0


def _spread(names: Iterable[str]) -> list[Any]:
    """Every third is left to the long run."""
    return [pytest.param(name, marks=[pytest.mark.slow] if number % 3 == 2 else []) for number, name in enumerate(names)]


@pytest.mark.parametrize("name", _spread(BUGS))
def test_every_bug_is_caught(name: str, policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    BUGS[name](monkeypatch)
    with local_engine(policy) as engine:
        assert any(_disagrees(engine, document) for document in CASES)


def test_there_are_enough_bugs_in_either_engine() -> None:
    assert len(BUGS) >= 30
    assert sum(name.startswith("exact") for name in BUGS) >= 10
