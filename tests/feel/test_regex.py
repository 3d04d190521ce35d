"""XPath regular expressions: the dialect, its errors, and time linear in the text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinerja.feel import STANDARD, FeelError, compile_expression, parse_expression
from kinerja.feel.regex import compile_pattern, expand_replacement


@pytest.mark.parametrize(
    ("text", "pattern", "flags", "found"),
    [
        ("abracadabra", "bra", "", True),
        ("abracadabra", "^a.*a$", "", True),
        ("abracadabra", "^bra", "", False),
        ("helloworld", "hello world", "x", True),
        ("hello world", "hello[ ]world", "x", True),
        ("helloworld", " \\p{ I s B a s i c L a t i n }+", "x", True),
        ("HELLO", "hello", "i", True),
        ("\u212a", "k", "i", True),
        ("a\nb", "a.b", "", False),
        ("a\nb", "a.b", "s", True),
        ("a\nb", "^b$", "", False),
        ("a\nb", "^b$", "m", True),
        ("a.b", "a.b", "q", True),
        ("axb", "a.b", "q", False),
        ("abcabc", "^(abc)\\1$", "", True),
        ("aA", "^(a)\\1$", "i", True),
        ("abab", "^(?:ab){2}$", "", True),
        ("x", "^[A-Z-[OI]]$", "i", True),
        ("o", "^[A-Z-[OI]]$", "i", False),
        ("é", "^\\p{L}$", "", True),
        ("5", "^\\P{Nd}$", "", False),
        ("é", "^\\p{IsLatin-1Supplement}$", "", True),
        ("_x-1", "^\\i\\c*$", "", True),
        ("-", "^[a-]$", "", True),
        ("a^b", "a\\^b", "", True),
        ("", "^$", "", True),
        ("aaa", "^a{2,3}?$", "", True),
    ],
)
def test_the_dialect(text: str, pattern: str, flags: str, found: bool) -> None:
    assert compile_pattern(pattern, flags).search(text) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "(a",
        "a)",
        "[a",
        "[]",
        "a**",
        "\\g",
        "(a)\\2",
        "(a)[\\1]",
        "a{3,2}",
        "a{,2}",
        "(?=a)",
        "\\p{Xx}",
        "\\p{IsNowhere}",
        "[z-a]",
        "{",
        "a{9999}",
    ],
)
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(FeelError):
        compile_pattern(pattern)
    with pytest.raises(FeelError):
        compile_pattern("a", "p")


@pytest.mark.parametrize(
    ("text", "pattern", "replacement", "result"),
    [
        ("abracadabra", "bra", "*", "a*cada*"),
        ("abracadabra", "a.*a", "*", "*"),
        ("abracadabra", "a.*?a", "*", "*c*bra"),
        ("abracadabra", "a(.)", "a$1$1", "abbraccaddabbra"),
        ("AAAA", "A+?", "b", "bbbb"),
        ("darted", "^(.*?)d(.*)$", "$1c$2", "carted"),
        ("abc", "b", "\\$\\\\", "a$\\c"),
        ("ab", "(a)|(b)", "[$2]", "[][b]"),
        ("abc", "(b)", "$10", "ab0c"),
    ],
)
def test_replacement(text: str, pattern: str, replacement: str, result: str) -> None:
    assert expand_replacement(compile_pattern(pattern), text, replacement, literal=False) == result


@pytest.mark.parametrize(("pattern", "replacement"), [("b*", "x"), ("b", "$"), ("b", "\\x")])
def test_replacements_that_xpath_refuses(pattern: str, replacement: str) -> None:
    with pytest.raises(FeelError):
        expand_replacement(compile_pattern(pattern), "abc", replacement, literal=False)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(a|aa)+$", "^(a*)*b$", "(.*)(.*)(.*)(.*)(.*)x", "^(a?){50}a{50}$"])
def test_patterns_that_explode_elsewhere_take_no_time_here(pattern: str) -> None:
    begun = time.perf_counter()
    compile_pattern(pattern).search("a" * 2000 + "!")
    assert time.perf_counter() - begun < 5


def test_back_references_are_bounded() -> None:
    run = compile_expression(parse_expression('matches(x, "^(a*)*(a*)*(a*)*\\\\1\\\\2b$")'), STANDARD)
    begun = time.perf_counter()
    with pytest.raises(FeelError) as caught:
        run({"x": "a" * 300})
    assert caught.value.code == "batas_terlampaui"
    assert time.perf_counter() - begun < 20


patterns = st.recursive(
    st.sampled_from(["a", "b", "[ab]", ".", "[^a]", "^", "$"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}|{p[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "*?", "+?", "{1,2}"])).map(lambda p: f"(?:{p[0]}){p[1]}"),
    ),
    max_leaves=6,
)


@given(patterns, st.text("abc", max_size=8))
def test_python_agrees_where_the_dialects_are_one(pattern: str, text: str) -> None:
    assert compile_pattern(pattern).search(text) is (re.search(pattern.replace("$", "\\Z"), text) is not None)
