"""The lint: rulesets outside what the engine bears are refused when they are loaded."""

from __future__ import annotations

import pytest

from kinerja.engine.rete import ruleset as limits
from kinerja.engine.rete.kernel import Kernel
from kinerja.engine.rete.ruleset import Condition, Pattern, Reference, Rule, RulesetError, check_fact, check_ruleset


def rule(name="r", *patterns, priority=10):
    return Rule(name, patterns or (Pattern("s", "score"),), lambda matched: (), priority)


def test_every_pattern_starts_with_its_kind_and_has_one_key_a_condition():
    """A bare $nex or an empty $and would loop for ever, and only the first of several keys is read."""
    pattern = Pattern("s", "score", (Condition("v", ">", 1), Condition("n", "=", "Baik"), Condition("i", "=", Reference("a", "i"))))
    terms = pattern.definition()["s"]["$and"]
    assert terms[0] == {"t": "score"}
    assert all(len(term) == 1 for term in terms)
    assert terms[1:] == [{"$gt": {"v": 1}}, {"n": "Baik"}, {"i": {"a": "i"}}]
    assert Pattern("s", "score").definition() == {"s": {"t": "score"}}


@pytest.mark.parametrize(
    "rules",
    [
        [rule("r"), rule("r")],
        [rule("Not a name")],
        [rule("r", *(Pattern(f"a{n}", "score") for n in range(limits.MAX_PATTERNS + 1)))],
        [rule("r", Pattern("a", "score"), Pattern("a", "other"))],
        [rule("r", Pattern("a", "__never"))],
        [rule("r", Pattern("a", ""))],
        [rule("r", Pattern("a", "score", (Condition("id", "=", 1),)))],
        [rule("r", Pattern("a", "score", (Condition("$or", "=", 1),)))],
        [rule("r", Pattern("a", "score", (Condition("v", "$nex", 1),)))],
        [rule("r", Pattern("a", "score", (Condition("v", "~", 1),)))],
        [rule("r", Pattern("a", "score", (Condition("v", ">", 1.5),)))],
        [rule("r", Pattern("a", "score", (Condition("v", "=", 2**63),)))],
        [rule("r", Pattern("a", "score", (Condition("v", "=", "x" * 20_000),)))],
        [rule("r", Pattern("a", "score", (Condition("v", "<", "text"),)))],
        [rule("r", Pattern("a", "score", (Condition("i", "=", Reference("b", "i")),)))],
        [rule("r", priority=-1)],
        [rule(f"r{n}") for n in range(limits.MAX_SAME_PATTERN + 1)],
        [rule(f"r{n}", Pattern("s", "score", (Condition("v", "=", n),))) for n in range(limits.MAX_SIBLINGS + 1)],
        [rule(f"r{n}", Pattern("s", f"k{n}")) for n in range(limits.MAX_RULES + 1)],
    ],
    ids=["repeated", "name", "patterns", "alias", "reserved-kind", "no-kind", "reserved-prop", "or", "nex", "operator", "float",
         "int64", "long-text", "text-order", "forward-reference", "priority", "same-pattern", "siblings", "too-many"],
)  # fmt: skip
def test_refused(rules):
    with pytest.raises(RulesetError):
        check_ruleset(rules)


def test_rulesets_at_the_limits_are_sound():
    rules = [rule(f"same{n}", Pattern("s", "score")) for n in range(limits.MAX_SAME_PATTERN)]
    rules += [rule(f"sib{n}", Pattern("s", "other", (Condition("v", ">=", n),))) for n in range(limits.MAX_SIBLINGS)]
    patterns = [Pattern(f"a{n}", f"kind{n}") for n in range(limits.MAX_PATTERNS)]
    rules.append(rule("wide", *patterns))
    kernel = Kernel(rules)
    run = kernel.evaluate([{"t": "score"}, {"t": "other", "v": 1_000}, *({"t": f"kind{n}"} for n in range(limits.MAX_PATTERNS))])
    assert len(run.firings) == limits.MAX_SAME_PATTERN + limits.MAX_SIBLINGS + 1


@pytest.mark.parametrize(
    "fact",
    [{"v": 1}, {"t": 5}, {"t": "a b"}, {"t": "score", "id": "1"}, {"t": "score", "A": 1}, {"t": "score", "v": []},
     {"t": "score", **{f"p{n}": n for n in range(limits.MAX_PROPERTIES + 1)}}],
)  # fmt: skip
def test_facts_refused(fact):
    with pytest.raises(RulesetError):
        check_fact(fact)
