"""Random expressions of FEEL: mostly well formed, of every construct, over a few names and all built-in functions."""

from __future__ import annotations

from hypothesis import strategies as st

from kinerja.feel.builtins import BUILT_INS

NAMES = ("x", "nilai kerja", "daftar", "orang", "tanggal", "kosong", "i", "item", "partial", "?")
KEYS = ("a", "b c", "nilai", "x-y")
TYPES = (
    "number",
    "string",
    "boolean",
    "date",
    "list<number>",
    "context<a: number>",
    "function<number> -> string",
    "range<number>",
    "Any",
)

numbers = st.one_of(
    st.integers(0, 12).map(str), st.sampled_from(["0.5", ".25", "1e3", "12345678901234567890", "1e6000", "100000", "-1", "-0.1"])
)
strings = st.sampled_from(
    ['""', '"a"', '"kota lama"', '"\\u00e9"', '"(a+)+$"', '"[a-z]*"', '"2026-01-31"', '"P1M"', '"10:00:00Z"', '"🐎"']
)
temporals = st.sampled_from(
    ['@"2026-01-31"', '@"P1D"', '@"-P14M"', '@"10:30:00@Asia/Jakarta"', '@"2024-02-29T24:00:00"', '@"999999999-12-31"', '@"salah"']
)
atoms = st.one_of(numbers, strings, temporals, st.sampled_from(NAMES), st.sampled_from(["null", "true", "false", "[]", "{}"]))


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "**", "=", "!=", "<", "<=", ">", ">=", "and", "or"])
    some = st.lists(inner, max_size=3).map(", ".join)
    keys = st.sampled_from(KEYS)
    brackets = st.tuples(st.sampled_from("[(]"), st.sampled_from("])["))
    call = st.tuples(st.sampled_from(sorted(BUILT_INS)), some).map(lambda p: f"{p[0]}({p[1]})")
    return st.one_of(
        st.tuples(inner, operators, inner).map(" ".join),
        inner.map(lambda e: f"({e})"),
        inner.map(lambda e: f"-{e}"),
        some.map(lambda e: f"[{e}]"),
        st.tuples(keys, inner, keys, inner).map(lambda p: f"{{{p[0]}: {p[1]}, {p[2]}: {p[3]}}}"),
        st.tuples(inner, inner, brackets).map(lambda p: f"{p[2][0]}{p[0]}..{p[1]}{p[2][1]}"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]}[{p[1]}]"),
        st.tuples(inner, keys).map(lambda p: f"{p[0]}.{p[1]}"),
        st.tuples(inner, inner, inner).map(lambda p: f"if {p[0]} then {p[1]} else {p[2]}"),
        st.tuples(inner, inner).map(lambda p: f"for i in {p[0]} return {p[1]}"),
        st.tuples(inner, inner, inner).map(lambda p: f"for i in {p[0]}..{p[1]} return {p[2]}"),
        st.tuples(st.sampled_from(["some", "every"]), inner, inner).map(lambda p: f"{p[0]} i in {p[1]} satisfies {p[2]}"),
        st.tuples(inner, inner, inner).map(lambda p: f"{p[0]} between {p[1]} and {p[2]}"),
        st.tuples(inner, st.sampled_from(["<", ">=", "=", ""]), inner).map(lambda p: f"{p[0]} in ({p[1]}{p[2]}, {p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"{p[0]} in {p[1]}"),
        st.tuples(inner, st.sampled_from(TYPES)).map(lambda p: f"{p[0]} instance of {p[1]}"),
        st.tuples(inner, some).map(lambda p: f"(function(i, x) {p[0]})({p[1]})"),
        call,
        call,
    )


expressions = st.recursive(atoms, _compound, max_leaves=12)
cells = st.one_of(
    st.just("-"),
    st.lists(
        st.one_of(expressions, expressions.map(lambda e: f"< {e}"), expressions.map(lambda e: f"!= {e}")), min_size=1, max_size=3
    )
    .map(", ".join)
    .flatmap(lambda text: st.sampled_from([text, f"not({text})"])),
)
noise = st.text(alphabet='abx1.,;:()[]{}<>=!+-*/"@?\\ \n#ifthenor', max_size=30)
