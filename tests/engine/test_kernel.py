"""The kernel's guards. Where the hazard crashes or hangs, the bare library is driven in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from kinerja.engine.rete.kernel import BudgetError, Kernel
from kinerja.engine.rete.ruleset import INT64, Condition, Pattern, Reference, Rule, RulesetError

T = "t"


def rule(name, *patterns, then=lambda matched: (), priority=100):
    return Rule(name, patterns, then, priority)


def band(name, low, high):
    return rule(
        name, Pattern("s", "score", (Condition("v", ">=", low), Condition("v", "<", high))), then=lambda m: [{T: "band", "n": name}]
    )


def bare(code: str, timeout: float = 20) -> subprocess.CompletedProcess[str]:
    """Run the library without the kernel."""
    head = """
    import json, copy
    from durable import engine
    class Host(engine.Host):
        def _run(self): pass
        def get_action(self, name): return ACTIONS[name]
    ACTIONS = {}
    """
    script = textwrap.dedent(head) + textwrap.dedent(code)
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, timeout=timeout, check=False
    )


def test_rows_match_by_band_and_chain_into_the_next_rule():
    kernel = Kernel(
        [
            band("low", 0, 50),
            band("high", 50, 101),
            rule("next", Pattern("b", "band"), then=lambda m: [{T: "seen", "of": m["b"]["n"]}]),
        ]
    )
    run = kernel.evaluate([{T: "score", "v": 50}])
    assert [firing.rule for firing in run.firings] == ["high", "next"]
    assert {T: "seen", "of": "high"} in run.facts.values()
    assert run.firings[1].used == ("f1",)
    assert run.firings[1].made == ("f2",)


def test_lower_priorities_fire_first_then_the_order_of_definition():
    fired = []
    rules = [
        rule(name, Pattern("s", "score"), then=lambda m, name=name: fired.append(name) or (), priority=p)
        for name, p in [("c", 9), ("a", 1), ("b", 9)]
    ]
    Kernel(rules).evaluate([{T: "score", "v": 1}])
    assert fired == ["a", "c", "b"]


def test_facts_of_one_case_are_gone_in_the_next():
    kernel = Kernel(
        [
            rule(
                "pair",
                Pattern("a", "left"),
                Pattern("b", "right", (Condition("i", "=", Reference("a", "i")),)),
                then=lambda m: [{T: "pair"}],
            )
        ]
    )
    assert len(kernel.evaluate([{T: "left", "i": 1}]).facts) == 1
    assert len(kernel.evaluate([{T: "right", "i": 1}]).facts) == 1
    assert len(kernel.evaluate([{T: "right", "i": 1}, {T: "left", "i": 1}]).facts) == 3


def test_more_cases_than_live_sessions_the_library_bears():
    kernel = Kernel([band("low", 0, 50)])
    for number in range(1_100):
        kernel.evaluate([{T: "score", "v": number % 100}])


def test_without_the_session_guard_the_library_runs_out_of_sessions():
    done = bare("""
    ACTIONS['r'] = lambda c: None
    rs = engine.Ruleset('x', Host(), {'r': {'all': [{'s': {'t': 'score'}}], 'run': 'r'}})
    for n in range(1100):
        rs.assert_fact({'t': 'score', 'id': str(n), 'sid': str(n)})
    """)
    assert done.returncode != 0


def test_a_case_in_which_no_rule_fires_leaves_the_kernel_sound():
    kernel = Kernel([band("low", 0, 50)])
    for _ in range(50):
        assert kernel.evaluate([{T: "score", "v": 99}]).firings == ()
        assert kernel.evaluate([]).facts == {}


def test_without_the_open_guard_deleting_an_idle_state_crashes():
    done = bare("""
    ACTIONS['r'] = lambda c: None
    rs = engine.Ruleset('x', Host(), {'r': {'all': [{'s': {'$and': [{'t': 'score'}, {'v': 5}]}}], 'run': 'r'},
                                      'k': {'all': [{'k': {'$ex': {'t': 1}}}, {'n': {'t': 'never'}}], 'run': 'r'}})
    for n in range(300):
        rs.assert_fact({'t': 'score', 'v': 99, 'id': str(n), 'sid': 'case'})
        rs.delete_state('case')
    """)
    assert done.returncode < 0  # killed by a signal


def test_facts_that_no_rule_matches_are_kept():
    run = Kernel([band("low", 0, 50)]).evaluate([{T: "other", "v": 1}])
    assert list(run.facts.values()) == [{T: "other", "v": 1}]


def test_without_the_keep_rule_an_unmatched_fact_is_refused():
    done = bare("""
    ACTIONS['r'] = lambda c: None
    rs = engine.Ruleset('x', Host(), {'r': {'all': [{'s': {'t': 'score'}}], 'run': 'r'}})
    rs.assert_fact({'t': 'other', 'id': '1', 'sid': 'case'})
    """)
    assert "MessageNotHandledException" in done.stderr


def test_a_fact_said_twice_counts_once():
    fired = []
    kernel = Kernel([rule("r", Pattern("s", "score"), then=lambda m: fired.append(1) or ())])
    assert len(kernel.evaluate([{T: "score", "v": 1}, {T: "score", "v": 1}]).facts) == 1
    assert fired == [1]


def test_without_deduplication_a_repeated_fact_raises():
    done = bare("""
    ACTIONS['r'] = lambda c: None
    rs = engine.Ruleset('x', Host(), {'r': {'all': [{'s': {'t': 'score'}}], 'run': 'r'}})
    rs.assert_fact({'t': 'score', 'id': '1', 'sid': 'case'})
    rs.assert_fact({'t': 'score', 'id': '1', 'sid': 'case'})
    """)
    assert "MessageObservedException" in done.stderr


class _Custom(BaseException):
    pass


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), _Custom()])
def test_what_an_action_raises_comes_out(error):
    def fail(matched):
        raise error

    kernel = Kernel([rule("r", Pattern("s", "score"), then=fail)])
    with pytest.raises(type(error)):
        kernel.evaluate([{T: "score", "v": 1}])
    with pytest.raises(type(error)):  # and the kernel still works
        kernel.evaluate([{T: "score", "v": 1}])
    assert kernel.evaluate([]).facts == {}


def test_without_the_guard_the_library_swallows_what_an_action_raises():
    done = bare("""
    def fail(c): raise KeyboardInterrupt
    ACTIONS['r'] = fail
    rs = engine.Ruleset('x', Host(), {'r': {'all': [{'s': {'t': 'score'}}], 'run': 'r'}})
    off = rs.assert_fact({'t': 'score', 'id': '1', 'sid': 'case'})
    rs.do_actions(off, lambda error, state: None)
    print('went on')
    """)
    assert "went on" in done.stdout


def test_a_loop_of_rules_spends_its_budget():
    loop = rule("loop", Pattern("n", "count"), then=lambda m: [{T: "count", "n": m["n"]["n"] + 1}])
    kernel = Kernel([loop], budget=200)
    with pytest.raises(BudgetError):
        kernel.evaluate([{T: "count", "n": 0}])
    with pytest.raises(BudgetError):
        kernel.evaluate([{T: "count", "n": 0}])


def test_false_joins_inside_and_do_not_crash():
    patterns = (
        Pattern("a", "left", (Condition("k", "=", 1),)),
        Pattern("b", "right", (Condition("i", "=", Reference("a", "i")), Condition("v", ">", 5))),
    )
    kernel = Kernel([rule("join", *patterns, then=lambda m: [{T: "hit"}])])
    for _ in range(30):
        facts = [{T: "left", "k": 1, "i": n} for n in range(20)] + [{T: "right", "i": n + 100, "v": 9} for n in range(20)]
        assert len(kernel.evaluate(facts).facts) == 40


def test_the_definition_given_to_the_library_is_a_copy():
    rules = [band("low", 0, 50)]
    kernel = Kernel(rules)
    assert kernel.evaluate([{T: "score", "v": 1}]).firings
    again = Kernel(rules)
    assert again.evaluate([{T: "score", "v": 1}]).firings


def test_no_threads_are_started():
    before = threading.active_count()
    kernel = Kernel([band("low", 0, 50)])
    kernel.evaluate([{T: "score", "v": 1}])
    time.sleep(0.3)
    assert threading.active_count() == before


def test_without_our_host_the_library_starts_threads():
    done = bare("""
    import threading
    host = engine.Host()
    print(threading.active_count())
    """)
    assert int(done.stdout) > 1


def test_threads_take_turns():
    kernel = Kernel([band("low", 0, 50), band("high", 50, 101)])
    wrong = []

    def work(value, expected):
        for _ in range(100):
            if [firing.rule for firing in kernel.evaluate([{T: "score", "v": value}]).firings] != [expected]:
                wrong.append(value)

    threads = [threading.Thread(target=work, args=pair) for pair in [(10, "low"), (70, "high"), (49, "low")]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize("value", [INT64 + 1, -INT64 - 1, 1.5, True, None, "x" * 20_000, "a\x00b"])
def test_values_the_library_misreads_are_refused(value):
    with pytest.raises(RulesetError):
        Kernel([band("low", 0, 50)]).evaluate([{T: "score", "v": value}])


def test_without_the_range_check_big_integers_compare_wrongly():
    done = bare("""
    hits = []
    ACTIONS['r'] = lambda c: hits.append(1)
    rs = engine.Ruleset('x', Host(), {'r': {'all': [{'s': {'v': 9223372036854775807}}], 'run': 'r'},
                                      'k': {'all': [{'k': {'$ex': {'v': 1}}}, {'n': {'v': -1}}], 'run': 'r'}})
    off = rs.assert_fact({'v': 9223372036854775807 + 10, 'id': '1', 'sid': 'case'})
    rs.do_actions(off, lambda error, state: None)
    print(len(hits))
    """)
    assert done.stdout.strip() == "1"  # matched, though the two differ


def test_numbers_and_texts_do_not_mix_in_this_kernel():
    """The library matches '9' ≥ 90; texts here are compared for equality only, so no rule can say that."""
    with pytest.raises(RulesetError):
        Kernel([rule("r", Pattern("s", "score", (Condition("v", ">=", "90"),)))])


def test_integers_at_the_ends_of_their_range_compare_exactly():
    kernel = Kernel([rule("top", Pattern("s", "score", (Condition("v", "=", INT64),)), then=lambda m: [{T: "top"}])])
    assert len(kernel.evaluate([{T: "score", "v": INT64}]).firings) == 1
    assert len(kernel.evaluate([{T: "score", "v": INT64 - 1}]).firings) == 0
    assert len(kernel.evaluate([{T: "score", "v": -INT64}]).firings) == 0


@pytest.mark.slow
def test_an_action_of_more_than_ten_seconds_does_not_stop_the_chain():
    kernel = Kernel([
        rule("slow", Pattern("s", "score"), then=lambda m: time.sleep(10.5) or [{T: "after"}]),
        rule("next", Pattern("a", "after"), then=lambda m: [{T: "end"}]),
    ])  # fmt: skip
    assert [firing.rule for firing in kernel.evaluate([{T: "score", "v": 1}]).firings] == ["slow", "next"]


@pytest.mark.slow
def test_without_our_own_loop_the_library_stops_after_ten_seconds():
    done = bare(
        """
    import time
    fired = []
    ACTIONS['slow'] = lambda c: (time.sleep(10.5), rs.assert_fact({'t': 'after', 'id': '2', 'sid': 'case'}))
    ACTIONS['next'] = lambda c: fired.append(1)
    rs = engine.Ruleset('x', Host(), {'slow': {'all': [{'s': {'t': 'score'}}], 'run': 'slow'},
                                      'next': {'all': [{'a': {'t': 'after'}}], 'run': 'next'}})
    off = rs.assert_fact({'t': 'score', 'id': '1', 'sid': 'case'})
    rs.do_actions(off, lambda error, state: None)
    print(len(fired))
    """,
        timeout=40,
    )
    assert done.stdout.strip() == "0", done.stderr


def test_only_the_kernel_knows_the_library():
    root = Path(__file__).parents[2] / "platform" / "kinerja"
    users = [file.name for file in root.rglob("*.py") if re.search(r"^\s*(import|from) durable", file.read_text(), re.M)]
    assert users == ["kernel.py"]


def test_evaluation_passes_with_warnings_as_errors():
    script = """
    from kinerja.engine.rete.kernel import Kernel
    from kinerja.engine.rete.ruleset import Pattern, Rule
    k = Kernel([Rule('r', (Pattern('s', 'score'),), lambda m: [{'t': 'x'}])])
    print(len(k.evaluate([{'t': 'score'}]).firings))
    """
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(script)], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "1", done.stderr
