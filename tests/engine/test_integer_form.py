"""The integer form against the FEEL evaluator, expression by expression: written ones and ones grown at random by type."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from kinerja.engine.integer import runtime
from kinerja.engine.integer.codec import decode, encode
from kinerja.engine.integer.errors import Fault, NotPortable
from kinerja.engine.integer.ir import Var, walk
from kinerja.engine.integer.lower import Lowering, Scope
from kinerja.engine.integer.python import emit
from kinerja.engine.integer.types import Bool, Day, Field, ListOf, Num, Record, Text, Type
from kinerja.feel import STRICT, FeelError, compile_expression, parse_expression, parse_tests
from kinerja.feel.compiler import compile_tests

ROW = Record((Field("kode", Text()), Field("nilai", Num(100), True), Field("bobot", Num(10_000))))
NAMES: dict[str, tuple[Type, bool]] = {
    "a": (Num(100), False),
    "b": (Num(1), False),
    "c": (Num(10_000), False),
    "n": (Num(10), True),
    "s": (Text(), False),
    "t": (Text(), True),
    "p": (Bool(), False),
    "q": (Bool(), False),
    "d": (Day(), False),
    "e": (Day(), False),
    "xs": (ListOf(Num(100)), False),
    "ys": (ListOf(Num(10), True), False),
    "rs": (ListOf(ROW), False),
}
SCOPE = Scope({name: Var(f"v_{name}", kind, nullable) for name, (kind, nullable) in NAMES.items()})
F = Fraction


def values(random: Random) -> dict[str, Any]:
    def small(scale: int) -> Fraction:
        return F(random.choice([0, 1, -1, 5, 10, 15, 25, 100, -50, random.randint(-2000, 2000)]), scale)

    return {
        "a": small(100),
        "b": F(random.randint(-6, 6)),
        "c": small(10_000) + random.randint(-3, 3),
        "n": random.choice([None, small(10)]),
        "s": random.choice(["Baik", "Butuh Perbaikan", "", "baik", "é𝄞x"]),
        "t": random.choice([None, "Baik", "9", "90"]),
        "p": random.random() < 0.5,
        "q": random.random() < 0.5,
        "d": date(2026, 1, 1).fromordinal(random.randint(730_000, 740_000)),
        "e": random.choice([date(2024, 2, 29), date(2026, 1, 31), date(2025, 12, 31)]),
        "xs": [small(100) for _ in range(random.randint(0, 4))],
        "ys": [random.choice([None, small(10)]) for _ in range(random.randint(0, 4))],
        "rs": [
            {"kode": f"K{i}", "nilai": random.choice([None, small(100)]), "bobot": F(random.randint(0, 100_000), 10_000)}
            for i in range(random.randint(0, 3))
        ],
    }


def exact(run: Any, given: dict[str, Any]) -> Any:
    try:
        return _plain(run(given))
    except FeelError as error:
        return "tipe_salah" if error.code == "nilai_null" else error.code, "error"


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_plain(item) for item in value)
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


SPACE = {f"p_{name}": function for name, function in runtime.FUNCTIONS.items()}


class Form:
    def __init__(self, node: Any, tests: bool = False) -> None:
        lowering = Lowering()
        self.expr = lowering.tests(node, SCOPE.values["a"], SCOPE) if tests else lowering.lower(node, SCOPE)
        self.code = compile(emit(self.expr), "<form>", "eval")

    def run(self, given: dict[str, Any]) -> Any:
        bound = {f"v_{name}": encode(given[name], kind) for name, (kind, _) in NAMES.items()}
        try:
            return _plain(decode(eval(self.code, {**SPACE, **bound}), self.expr.type))
        except Fault as fault:
            return "tipe_salah" if fault.code == "nilai_null" else fault.code, "error"


WRITTEN = """
a + b * c - 1 / 3
(a + b) / (b - 2)
a / b
a ** 2 + b ** 3
-3 ** 2 + (-2) ** 3
if 5 = null then 1 else 2
2 ** b
b ** -2
-a + -(-b)
round half up(a / 7, 2)
round half up(a / b, 2)
round half up(-2.5, 0)
round half up(a, 1) + round half down(a, 1) + decimal(a, 1)
round up(a, 0) - round down(a, 0)
round half up(a, b)
round half up(c * 1234, -2)
floor(a / b) + ceiling(a / b)
floor(a, 1) + ceiling(c, 2)
modulo(a, 7) + modulo(a, -7)
modulo(a / 3, b)
abs(a) - abs(b / 3)
if a > 0 then 1 / 3 else a
if n = null then null else n * 2
if p then a else null
n + 1
n > 1
n = null
n != null
n = a
null = n
t = "Baik"
t != "Baik"
s = t
not(p) and q or p
p or a / 0 > 1
p and a / 0 > 1
not(n = null)
a between b and c
n between 0 and 1
a in (1, 2, 5)
a in [0..10)
n in (null, 1)
n in [0..1]
t in ("Baik", null)
a in (< 0, > 10)
s in ("Baik", "baik")
sum(xs)
sum(ys)
sum([])
sum(xs) / count(xs)
min(xs)
max(a, b, c)
min(a / 3, b / 7)
max([a / 3, b])
mean(xs)
median(xs)
median([a / 3, b, c])
mean([a / b, 1])
product(xs)
count(xs) + count(ys)
all([p, q]) and any([p, q])
list contains(xs, a)
list contains(ys, null)
list contains(ys, n)
list contains(["Baik", "9"], t)
index of(xs, a)
append(xs, a, 1 / 3)
concatenate(xs, [a], [b / 3])
reverse(xs)
distinct values(concatenate(xs, xs))
union(xs, [a])
distinct values([a / 3, a / 3, 1])
sublist(xs, 1, 2)
sublist(xs, -1)
xs[1]
xs[-1]
xs[item > a]
ys[item != null]
rs[nilai != null]
rs[bobot > 1].kode
count(rs[nilai = null])
sum(for r in rs return r.bobot * 2)
sum(for r in rs return if r.nilai = null then 0 else r.nilai * r.bobot) / 7
for x in xs return x / 3
for x in xs, y in [1, 2] return x * y
for i in 1..4 return i * a
for i in 3..1 return i
for i in 1..b return i
some x in xs satisfies x > a
every x in xs satisfies x > a
some x in xs, y in ys satisfies x = y
every r in rs satisfies r.bobot >= 0
some x in ys satisfies x > 0
max(rs.bobot)
string length(s)
upper case(s) + lower case(s)
substring(s, 2)
substring(s, -3, 2)
substring(s, 2, 0)
substring before(s, " ")
substring after(s, " ")
substring after(s, "")
contains(s, "uh") or starts with(s, "B") or ends with(s, "k")
string join(["a", "b"], "-")
string join(for r in rs return r.kode, ",")
string(a) + string(p) + string(d)
string(t)
string(a / 3)
s < "C"
d < e
d = e
(e - d).days
d + duration("P14D")
d - duration("P14D")
d + duration("P1M")
e + duration("P1M")
e + duration("P1Y")
d + @"PT36H"
d > date("2026-01-01")
date(2024, 2, 29) = e
date(2023, 2, b)
e.year * 10000 + e.month * 100 + e.day
e.weekday
{x: a, y: x + 1}.y
{x: a / 3}.x * 3
odd(b)
even(b)
if a > b then "ya" else "tidak"
if n > 0 then 1 else 2
round half up(n, 1)
a = b
[a, b] = [b, a]
["x", t] = ["x", "Baik"]
round half up(max(min(a / b, 120), 0) * 7 / 3, 2)
""".strip().split("\n")
REFUSED = """
sqrt(a)
matches(s, "B.*")
replace(s, "a", "b")
split(s, " ")
now()
today()
sort(xs, function(x, y) x < y)
function(x) x
date and time("2026-01-01T00:00:00")
a instance of number
xs[b]
get value({x: 1}, s)
{x: a} = {x: b}
string join(xs, ",")
tak_dikenal + 1
for x in xs return if count(partial) > 0 then x else 0
""".strip().split("\n")
CELLS = [
    "-",
    "1",
    "< 5",
    "[0..10)",
    "(1..2], > 5",
    "not(1, 2)",
    "null",
    "not(null)",
    "? > 2 and ? < 9",
    "!= 1",
    "= b",
    "[b..c]",
    "b / 3",
    "< n",
    "xs",
    "n",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_written_expressions_agree(text: str) -> None:
    node = parse_expression(text)
    run, form = compile_expression(node, STRICT), Form(node)
    random = Random(text)
    for _ in range(40):
        given = values(random)
        assert form.run(given) == exact(run, given), given


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_not_portable_is_refused_with_its_reason(text: str) -> None:
    with pytest.raises(NotPortable) as refusal:
        Lowering().lower(parse_expression(text), SCOPE)
    assert refusal.value.code == "tidak_portabel"
    assert refusal.value.reason_id
    assert refusal.value.reason_en
    assert refusal.value.span is not None


@pytest.mark.parametrize("text", CELLS)
def test_cells_agree(text: str) -> None:
    tests = parse_tests(text)
    run, form = compile_tests(tests, STRICT), Form(tests, tests=True)
    random = Random(text)
    for _ in range(40):
        given = values(random)
        assert form.run(given) == exact(lambda scope: run(scope["a"], scope), given), given


def test_denominators_stay_constant_where_they_can() -> None:
    """Only a division by something that is not constant, outside a rounding, may make a pair."""
    for text in ["a * c / 100 * b / 100", "sum(xs) / 7", "round half up(a / b, 2) * c", "mean(xs) = 1", "median(xs) * 3", "a ** 3"]:
        form = Form(parse_expression(text))
        pairs = [node for node in walk(form.expr) if node.type == Num(None)]
        assert not pairs or text == "mean(xs) = 1"


# ── expressions grown at random ───────────────────────────────────────────────────────────────────────────────────────
ROUNDINGS = ["round half up", "round half down", "round up", "round down", "decimal", "floor", "ceiling"]


class Grower:
    """Text of an expression of a wanted type; depth bounds its size."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.bound: list[str] = []

    def pick(self, *choices: Any) -> str:
        choice = self.random.choice(choices)
        return choice() if callable(choice) else choice

    def number(self, depth: int) -> str:
        leaves = ["a", "b", "c", "n", "0", "1", "2.5", "-3", "0.01", *self.bound]
        if depth <= 0:
            return self.random.choice(leaves)
        n = lambda: self.number(depth - 1)  # noqa: E731
        return self.pick(
            *leaves[:4],
            lambda: f"({n()} + {n()})", lambda: f"({n()} - {n()})", lambda: f"({n()} * {n()})", lambda: f"({n()} / {n()})",
            lambda: f"-({n()})", lambda: f"abs({n()})", lambda: f"modulo({n()}, {n()})",
            lambda: f"{self.random.choice(ROUNDINGS)}({n()}, {self.random.randint(0, 3)})",
            lambda: f"(if {self.boolean(depth - 1)} then {n()} else {n()})",
            lambda: f"{self.random.choice(['min', 'max'])}({n()}, {n()})",
            lambda: f"{self.random.choice(['sum', 'min', 'max', 'mean', 'median', 'count'])}({self.numbers(depth - 1)})",
        )  # fmt: skip

    def numbers(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice(["xs", "ys", "rs.nilai", "rs.bobot"])
        n = lambda: self.number(depth - 1)  # noqa: E731
        return self.pick(
            "xs", "ys", lambda: f"[{n()}, {n()}]", lambda: f"reverse({self.numbers(depth - 1)})",
            lambda: f"append({self.numbers(depth - 1)}, {n()})",
            lambda: self.within("for {v} in {list} return {body}", depth), lambda: f"{self.numbers(depth - 1)}[item > {n()}]",
            lambda: f"distinct values({self.numbers(depth - 1)})", lambda: f"rs[bobot > {n()}].bobot",
        )  # fmt: skip

    def within(self, form: str, depth: int) -> str:
        name, source = f"x{len(self.bound)}", self.numbers(depth - 1)
        self.bound.append(name)
        body = self.boolean(depth - 1) if "satisfies" in form else self.number(depth - 1)
        self.bound.pop()
        return form.format(v=name, list=source, body=body)

    def boolean(self, depth: int) -> str:
        if depth <= 0:
            return self.random.choice(["p", "q", "true", "n = null", 't != "Baik"'])
        n, p = (lambda: self.number(depth - 1)), (lambda: self.boolean(depth - 1))
        return self.pick(
            lambda: f"({n()} {self.random.choice(['<', '<=', '>', '>=', '=', '!='])} {n()})", lambda: f"({p()} and {p()})",
            lambda: f"({p()} or {p()})", lambda: f"not({p()})", lambda: f"({n()} between {n()} and {n()})",
            lambda: f"({n()} in [{n()}..{n()}))",
            lambda: f"({n()} in ({n()}, {n()}))", lambda: self.within("(some {v} in {list} satisfies {body})", depth),
            lambda: self.within("(every {v} in {list} satisfies {body})", depth),
            lambda: f"list contains({self.numbers(depth - 1)}, {n()})",
        )  # fmt: skip


def _agree_on_grown(seeds: range) -> int:
    checked = 0
    for seed in seeds:
        grower = Grower(seed)
        text = grower.number(4) if seed % 2 else grower.boolean(4)
        node = parse_expression(text)
        try:
            form = Form(node)
        except NotPortable:
            continue
        run = compile_expression(node, STRICT)
        for _ in range(4):
            given = values(grower.random)
            assert form.run(given) == exact(run, given), (seed, text, given)
        checked += 1
    return checked


def test_grown_expressions_agree() -> None:
    assert _agree_on_grown(range(600)) > 400


@pytest.mark.slow
def test_many_grown_expressions_agree() -> None:
    assert _agree_on_grown(range(10_000, 60_000)) > 30_000
