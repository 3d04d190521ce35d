"""Text → tree: precedence, names with blanks, ranges, unary tests, errors with their place."""

from __future__ import annotations

from fractions import Fraction

import pytest

from kinerja.feel import FeelError, parse_expression, parse_tests
from kinerja.feel.builtins import BUILT_INS
from kinerja.feel.names import BUILT_IN_NAMES
from kinerja.feel.syntax import (
    Arithmetic,
    Between,
    Call,
    Compare,
    Comparison,
    Filter,
    In,
    ListLiteral,
    Logic,
    Name,
    Negation,
    Node,
    NumberLiteral,
    Path,
    Range,
    StringLiteral,
)
from kinerja.feel.syntax import (
    Test as Alternative,
)


def number(value: int) -> NumberLiteral:
    return NumberLiteral(Fraction(value))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1 + 2 * 3", Arithmetic("+", number(1), Arithmetic("*", number(2), number(3)))),
        ("1 - 2 - 3", Arithmetic("-", Arithmetic("-", number(1), number(2)), number(3))),
        ("2 ** 3 ** 4", Arithmetic("**", Arithmetic("**", number(2), number(3)), number(4))),
        ("-2 ** 2", Arithmetic("**", Negation(number(2)), number(2))),
        ("a or b and c", Logic("or", Name("a"), Logic("and", Name("b"), Name("c")))),
        ("a < 1 and b = 2", Logic("and", Comparison("<", Name("a"), number(1)), Comparison("=", Name("b"), number(2)))),
        ("a between 1 and 2 and b", Logic("and", Between(Name("a"), number(1), number(2)), Name("b"))),
        ("f(1).g[2]", Filter(Path(Call(Name("f"), (number(1),)), "g"), number(2))),
        ("f(panjang awal: 1)", Call(Name("f"), (), (("panjang awal", number(1)),))),
        ("]1..2[", Range(number(1), number(2), False, False)),
        ("(1..2]", Range(number(1), number(2), False, True)),
        ("[1, 2]", ListLiteral((number(1), number(2)))),
        ("(< 5)", Range(None, number(5), False, False)),
    ],
)
def test_precedence_and_brackets(text: str, tree: Node) -> None:
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "names", "tree"),
    [
        ("nilai kerja + 1", ["nilai kerja"], Arithmetic("+", Name("nilai kerja"), number(1))),
        ("nilai  kerja", ["nilai kerja"], Name("nilai kerja")),
        ("a-b", ["a-b"], Name("a-b")),
        ("a-b", ["a", "b"], Arithmetic("-", Name("a"), Name("b"))),
        ("Loan and income", ["Loan and income", "Loan"], Name("Loan and income")),
        ("x.nama lengkap", [], Path(Name("x"), "nama lengkap")),
        ("nama tak dikenal", [], Name("nama tak dikenal")),
        ("string length(x)", [], Call(Name("string length"), (Name("x"),))),
    ],
)
def test_names_with_blanks_depend_on_scope(text: str, names: list[str], tree: Node) -> None:
    assert parse_expression(text, names) == tree


def test_names_introduced_within_the_text_may_hold_blanks() -> None:
    tree = parse_expression("for tiap butir in xs return tiap butir + 1")
    assert tree.body == Arithmetic("+", Name("tiap butir"), number(1))  # type: ignore[attr-defined]
    assert parse_expression("{a b: 1, c: a b}.a b").name == "a b"  # type: ignore[attr-defined]


def test_cells() -> None:
    assert parse_tests("-").any
    assert parse_tests('"A", "B"').alternatives == (Alternative(StringLiteral("A")), Alternative(StringLiteral("B")))
    negated = parse_tests('not("A", "B")')
    assert negated.negated
    assert len(negated.alternatives) == 2
    assert parse_tests("not(x) and y").alternatives[0].expression == Logic("and", Call(Name("not"), (Name("x"),)), Name("y"))
    assert parse_tests("< 5, >= 7").alternatives == (Alternative(Compare("<", number(5))), Alternative(Compare(">=", number(7))))
    assert len(parse_tests("76,61").alternatives) == 2


def test_in_reads_one_test_or_many() -> None:
    assert parse_expression("x in [1..2]") == In(Name("x"), parse_tests("[1..2]"))
    assert parse_expression("x in (1, < 2)") == In(Name("x"), parse_tests("1, < 2"))
    assert parse_expression("x in (1 + 2) * 3") == In(Name("x"), parse_tests("(1 + 2) * 3"))
    assert parse_expression("x in (1..2)") == In(Name("x"), parse_tests("(1..2)"))


@pytest.mark.parametrize(
    ("text", "start", "end", "expected"),
    [
        ("1 +", 3, 3, "expected an expression"),
        ("(1", 2, 2, 'expected ")"'),
        ("if a then b", 11, 11, 'expected "else"'),
        ('"terbuka', 0, 8, "expected a closing quotation mark"),
        ("1 2", 2, 3, "expected an operator"),
        ("{a 1}", 4, 5, 'expected ":"'),
        ("a § b", 2, 3, "expected an expression"),
        ("1 /* komentar", 2, 13, "end of the comment"),
        ("f(1, a: 2)", 0, 10, "mixed"),
        ("{a: 1, a: 2}", 7, 8, "written twice"),
    ],
)
def test_errors_say_what_was_expected_and_where(text: str, start: int, end: int, expected: str) -> None:
    with pytest.raises(FeelError) as caught:
        parse_expression(text)
    assert caught.value.span is not None
    assert (caught.value.span.start, caught.value.span.end) == (start, end)
    assert expected in caught.value.text_en
    assert caught.value.text_id


@pytest.mark.parametrize(
    "text", ["(" * 500 + "1", "-" * 5000 + "1", "1" + "+1" * 5000, "[" * 400 + "]" * 400, "x" * 200_000, "a in (" * 300]
)
def test_what_is_too_deep_or_too_long_is_refused(text: str) -> None:
    with pytest.raises(FeelError) as caught:
        parse_expression(text)
    assert caught.value.code in ("batas_terlampaui", "sintaks_feel")


def test_every_built_in_name_with_blanks_is_known_to_the_parser() -> None:
    assert set(BUILT_IN_NAMES) - {"days and time duration"} == {name for name in BUILT_INS if " " in name}
