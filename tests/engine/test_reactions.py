"""Reactions: what fires, with which facts, under which key; rete against the naive matcher in any order of facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any

import pytest

from kinerja.core.errors import IncidentError, InputError
from kinerja.engine import Engine
from kinerja.engine.reactions import Happening, Reaction, Reactor, react, run_reactions
from kinerja.engine.reactions import naive as naive_module
from kinerja.engine.reactions import rules as rules_module
from kinerja.engine.reactions.model import Window, period_name, period_of
from kinerja.engine.reactions.naive import Naive
from kinerja.engine.reactions.rules import ReactionRules, find
from kinerja.feel import parse_tests
from kinerja.policy import Policy
from kinerja.policy.bands import resolve
from kinerja.policy.model import Table
from kinerja.policy.reactions import InARow, Total

DAY = date(2026, 12, 31)


@pytest.fixture(scope="module")
def reactions(policy: Policy) -> tuple[Reaction, ...]:
    return policy.reactions


@pytest.fixture(scope="module")
def both(policy: Policy, city: Policy) -> tuple[Reaction, ...]:
    """Those of this folder and the shipped ones, by what the shipped decisions state; runs also through a narrow window."""
    shipped = [resolve(city, one, DAY) for one in city.reactions]
    runs = [(one, replace(one.form, times=2)) for one in shipped if isinstance(one.form, InARow)]
    narrow = [replace(one, name=f"dekat_{one.name}", window=Window(days=75), form=form) for one, form in runs]
    return (*policy.reactions, *(replace(one, name=f"kota_{one.name}") for one in shipped), *narrow)


@pytest.fixture(scope="module")
def reactor(engine: Engine) -> Reactor:
    return Reactor(engine)


def month(number: int, value: str, year: int = 2026, name: str = "") -> Happening:
    return Happening(name or f"n{year}-{number:02}", "nilai_bulanan", date(year, number, 28), {"nilai": Fraction(value)})


def absent(day: date, days: int, why: str = "tanpa_keterangan") -> Happening:
    return Happening(f"a{day}", "absen", day, {"hari": Fraction(days), "alasan": why})


def keys(reactor: Reactor, happenings: list[Happening], day: date = DAY) -> list[str]:
    return [one.match.key for one in reactor.react(happenings, day)]


def test_two_months_in_a_row_open_coaching_and_say_which(reactor: Reactor) -> None:
    (one,) = reactor.react([month(3, "79.99"), month(1, "81"), month(2, "60"), month(4, "80")], DAY)
    assert one.match.key == "pembinaan_dua_bulan:2026-03"
    assert one.match.facts == ("n2026-02", "n2026-03")
    assert (one.reaction.then.act, one.reaction.then.name, one.reaction.then.role) == ("task", "pembinaan", "pejabat_penilai")
    assert one.text_id.startswith(
        "Buka pembinaan. Sebabnya: nilai bulanan 28 Februari 2026 (nilai 60); nilai bulanan 28 Maret 2026 (nilai 79,99) ("
    )
    assert "rules/reactions/pembinaan_dua_bulan.yaml:" in one.text_id
    assert one.text_en.startswith("Open coaching. Because of: monthly score 2026-02-28 (nilai 60); ")


def test_a_missing_month_breaks_a_row_unless_it_is_skipped(reactor: Reactor) -> None:
    happenings = [month(1, "50"), month(3, "50"), month(5, "50")]
    assert keys(reactor, happenings) == ["rendah_meski_kosong:2026-05"]
    assert keys(reactor, [*happenings, month(2, "90")]) == []  # a good month between is no gap


def test_a_row_runs_over_the_turn_of_the_year(reactor: Reactor) -> None:
    assert keys(reactor, [month(12, "50", 2025), month(1, "50", 2026)], date(2026, 2, 1)) == ["pembinaan_dua_bulan:2026-01"]


def test_the_window_forgets(reactor: Reactor) -> None:
    happenings = [month(1, "50"), month(2, "50")]
    assert keys(reactor, happenings, date(2027, 1, 27)) == ["pembinaan_dua_bulan:2026-02"]
    assert keys(reactor, happenings, date(2027, 1, 28)) == []
    assert keys(reactor, happenings, date(2026, 2, 27)) == []  # not yet happened


def test_absences_reach_each_band_once(reactor: Reactor) -> None:
    first = [absent(date(2026, 1, 5), 2), absent(date(2026, 3, 5), 9, "sakit"), absent(date(2026, 2, 5), 1)]
    (three,) = reactor.react(first, DAY)
    assert three.match.key == "absen_pp94:2026:3"
    assert three.match.facts == ("a2026-01-05", "a2026-02-05")
    more = [*first, absent(date(2026, 6, 1), 5), absent(date(2025, 6, 1), 2)]
    assert keys(reactor, more) == ["absen_pp94:2026:3", "absen_pp94:2026:4", "absen_pp94:2026:7"]


def test_keys_stay_when_facts_come_later(reactor: Reactor) -> None:
    happenings = [month(2, "50"), month(3, "50"), absent(date(2026, 1, 5), 3)]
    before = keys(reactor, happenings)
    later = [*happenings, month(1, "40"), month(4, "40"), absent(date(2026, 1, 2), 1)]
    assert set(before) <= set(keys(reactor, later))


def test_a_run_keeps_its_name_when_the_window_has_left_its_beginning_behind(city: Policy) -> None:
    """Else the same bad stretch would open a second coaching once its first month is too old to count."""
    (shipped,) = [one for one in city.reactions if one.name == "pembinaan_dua_bulan"]
    happenings = [
        Happening(f"b{number}", "hasil_bulanan", date(2026, number, 28), {"nilai": Fraction(50)}) for number in range(2, 7)
    ]
    naive, rete = Naive((shipped,)), ReactionRules((shipped,))
    for day in (date(2026, 6, 30), date(2028, 2, 28), date(2028, 5, 27)):
        (found,) = naive.match(happenings, day)
        assert rete.match(happenings, day) == (found,)
        assert (found.key, found.facts) == ("pembinaan_dua_bulan:2026-02", ("b2", "b3", "b4", "b5", "b6"))
    assert naive.match(happenings, date(2028, 5, 28)) == rete.match(happenings, date(2028, 5, 28)) == ()  # one month is no row
    rete.close()


def test_several_kinds_together_within_their_days(reactor: Reactor) -> None:
    done = Happening("c", "capaian_berjalan", date(2026, 6, 1), {"kode": "A", "persen": Fraction(104), "sisa_hari": Fraction(200)})
    good = Happening("p", "perilaku", date(2026, 7, 31), {"rating": "sesuai"})
    late = Happening("q", "perilaku", date(2026, 8, 1), {"rating": "di_atas"})
    bad = Happening("r", "perilaku", date(2026, 6, 1), {"rating": "di_bawah"})
    assert keys(reactor, [late, good, bad, done]) == ["target_tercapai_dini:c+p"]


def test_a_reminder_only_near_the_deadline_and_once(reactor: Reactor) -> None:
    def missing(name: str, reminded: bool | None) -> Happening:
        return Happening(
            name, "bukti_kurang", date(2026, 12, 20), {"kode": "A", "batas": date(2026, 12, 31), "diingatkan": reminded}
        )

    happenings = [missing("x", None), missing("y", True), missing("z", False)]
    assert keys(reactor, happenings, date(2026, 12, 26)) == ["bukti_kurang:x", "bukti_kurang:z"]
    assert keys(reactor, happenings, date(2026, 12, 27)) == []


def test_reactions_not_in_force_do_not_fire(reactor: Reactor) -> None:
    assert keys(reactor, [month(1, "1", 2020), month(2, "1", 2020)], date(2020, 3, 1)) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"nilai": None}, "fakta_hilang"),
        ({"nilai": "50"}, "tipe_salah"),
        ({"nilai": Fraction(121)}, "di_luar_rentang"),
        ({"nilai": Fraction(1, 3)}, "terlalu_banyak_desimal"),
    ],
)
def test_bad_happenings_are_refused_by_name(reactor: Reactor, values: dict[str, Any], code: str) -> None:
    with pytest.raises(InputError) as refusal:
        reactor.react([Happening("n1", "nilai_bulanan", date(2026, 1, 1), values)], DAY)
    assert refusal.value.code == code
    assert refusal.value.details["fact"] == "n1.nilai"


def test_one_id_is_one_happening(reactor: Reactor) -> None:
    with pytest.raises(InputError) as refusal:
        reactor.react([month(1, "50"), month(1, "60")], DAY)
    assert refusal.value.code == "kode_ganda"


KINDS = (
    *("nilai_bulanan", "nilai_bulanan", "absen", "absen", "capaian_berjalan", "perilaku", "bukti_kurang", "lain"),
    *("hasil_bulanan", "hasil_bulanan", "kehadiran", "kehadiran", "kehadiran", "rating_perilaku", "batas_bukti", "bukti"),
)


def some(random: Random, day: date) -> Iterator[Happening]:
    """Up to 40 happenings of a few kinds around a day, dense enough for rows, sums and ties."""
    kinds = random.sample(KINDS, 4)
    dense = random.choice([30, 440])
    for number in range(random.randint(0, 40)):
        on = day - timedelta(random.randint(-16, dense))
        kind = random.choice(kinds)
        code, begun = random.choice("AB"), date(2026, random.choice([1, 7]), 1)
        rating = {"rating": random.choice(["di_atas", "sesuai", "di_bawah"])}
        values: dict[str, Any] = {
            "nilai_bulanan": {"nilai": Fraction(random.choice(["79.99", "80", "80.01", "50", "60", "119"]))},
            "hasil_bulanan": {"nilai": Fraction(random.choice(["79.9999", "80", "50", "60", "119"]))},
            "absen": {
                "hari": Fraction(random.randint(0, 5)),
                "alasan": random.choice(["tanpa_keterangan", "tanpa_keterangan", "sakit"]),
            },
            "kehadiran": {"tidak_masuk": random.random() < 0.95, "alasan_sah": random.random() < 0.05},
            "capaian_berjalan": {
                "kode": code,
                "persen": Fraction(random.choice([99, 100, 101])),
                "terendah": Fraction(random.choice([99, 100, 101])),
                "sisa_hari": Fraction(random.choice([59, 60, 61])),
            },
            "perilaku": rating,
            "rating_perilaku": rating,
            "bukti_kurang": {"kode": code, "batas": on, "diingatkan": random.choice([None, True, False])},
            "batas_bukti": {"kode": code, "mulai": begun},
            "bukti": {"kode": code, "mulai": begun, "ditahan": random.random() < 0.3},
            "lain": {},
        }[kind]
        yield Happening(f"h{number}", kind, on, values)


def cases(random: Random, count: int) -> Iterator[tuple[list[Happening], date]]:
    for _ in range(count):
        day = date(2026, 1, 1) + timedelta(random.randint(0, 365))
        yield list(some(random, day)), day


def test_rete_and_the_naive_matcher_agree_in_any_order(both: tuple[Reaction, ...]) -> None:
    """1,000 histories in three orders each; every reaction fires in many of them."""
    naive, rete, random, fired = Naive(both), ReactionRules(both), Random(5), Counter[str]()
    for happenings, day in cases(random, 1_000):
        expected = naive.match(happenings, day)
        for _ in range(3):
            random.shuffle(happenings)
            assert rete.match(happenings, day) == expected
        fired.update(match.reaction for match in expected)
    assert {one.name for one in both} == set(fired)
    assert min(fired.values()) >= 20, fired
    rete.close()


RETE_BUGS = {
    "window": lambda m: m.setattr(rules_module, "_inside", lambda one, window, day: one.on <= day),
    "period": lambda m: m.setattr(
        rules_module, "period_of", lambda day, every: period_of(day, "week" if every == "month" else every)
    ),
    "gap": lambda m: m.setattr(ReactionRules, "_following", lambda self, reaction, listed: {p: p + 1 for p in range(800_000)}),
    "silent": lambda m: m.setattr(ReactionRules, "_fire", lambda self, reaction, key, indexes: None),
    "first": lambda m: m.setattr(ReactionRules, "_earliest", ReactionRules._fire),
    "ahead": lambda m: m.setattr(rules_module, "_counts", lambda reaction, one, day: one.on <= day and one.kind in reaction.events),
}
NAIVE_BUGS = {
    "clause": lambda m: m.setattr(Naive, "_holds", lambda self, reaction, clause, one: one.kind == clause.kind),
    "total": lambda m: m.setattr(Naive, "_total", lambda self, reaction, form, near: ()),
    "period": lambda m: m.setattr(naive_module, "period_of", lambda day, every: period_of(day, "day")),
    "key": lambda m: m.setattr(naive_module, "missing_key", lambda form, due: due.id),
}


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoil", [*RETE_BUGS.values(), *NAIVE_BUGS.values()], ids=[*RETE_BUGS, *(f"naive-{n}" for n in NAIVE_BUGS)]
)
def test_a_bug_in_one_matcher_is_caught(both: tuple[Reaction, ...], monkeypatch: pytest.MonkeyPatch, spoil: Any) -> None:
    spoil(monkeypatch)
    naive, rete = Naive(both), ReactionRules(both)

    def differ(happenings: list[Happening], day: date) -> bool:
        try:
            return rete.match(happenings, day) != naive.match(happenings, day)
        except (KeyError, LookupError):
            return True

    assert any(differ(happenings, day) for happenings, day in cases(Random(5), 300))
    rete.close()


# ── the shipped ones ──────────────────────────────────────────────────────────────────────────────────────────────────
def days_absent(count: int) -> list[Happening]:
    values = {"tidak_masuk": True, "alasan_sah": False}
    return [Happening(f"a{n:02}", "kehadiran", date(2026, 1, 5) + timedelta(7 * n), values) for n in range(count)]


def test_the_shipped_cases_pass(city_engine: Engine) -> None:
    results = run_reactions(city_engine)
    assert [one.diagnostic().line("en") for one in results if not one.passed] == []
    assert {one.reaction for one in results} == {one.name for one in city_engine.policy.reactions}
    assert len(results) >= 20


def test_a_case_that_expects_something_else_fails_by_name(city_engine: Engine) -> None:
    result = run_reactions(city_engine)[0]
    wrong = replace(result, example=replace(result.example, expect=("2026:99",)))
    assert not wrong.passed
    assert "expected 2026:99, got" in wrong.diagnostic().text_en


def test_discipline_papers_follow_the_table_of_the_decision(city: Policy, city_engine: Engine) -> None:
    """Each band of the decision, on its first day, says the sanction that the decision says."""
    first: dict[str, int] = {}
    for count in range(1, 31):
        found = react(city_engine, days_absent(count), DAY)
        papers = [one for one in found if one.reaction.name == "absen_pp94"]
        said = city_engine.decide("hukuman_disiplin", {"hari_tanpa_alasan": count, "hari_berturut": 0}).outcome.outputs["hukuman"]
        assert [one.level for one in papers] == ([said] if said != "tidak_ada" else [])
        if papers:
            first.setdefault(papers[0].match.key, count)
    assert first == {f"absen_pp94:2026:{count}": count for count in (3, 4, 7, 11, 14, 17, 21, 25, 28)}


def test_a_changed_table_changes_the_reaction_with_it(city: Policy) -> None:
    [decision] = city.decisions["hukuman_disiplin"]
    table = decision.logic
    assert isinstance(table, Table)
    cells = {"[0..2]": "[0..3]", "3": "4", "[4..6]": "[5..6]"}
    rows = tuple(
        replace(row, cells=(replace(row.cells[0], tests=parse_tests(cells[row.cells[0].text])), *row.cells[1:]))
        if row.cells[0].text in cells
        else row
        for row in table.rows
    )
    other = replace(city, decisions={**city.decisions, decision.name: (replace(decision, logic=replace(table, rows=rows)),)})
    reaction = next(one for one in city.reactions if one.name == "absen_pp94")
    form = resolve(other, reaction, DAY).form
    assert isinstance(form, Total)
    assert form.at_least[:3] == (4, 5, 7)


def test_what_is_known_does_not_fire_again_and_sentences_carry_the_facts(city_engine: Engine) -> None:
    happenings = days_absent(4)
    (one,) = react(city_engine, happenings, DAY)
    assert one.text_id.startswith(
        "Siapkan berkas pemeriksaan disiplin. Tingkat: teguran tertulis. Sebabnya: hari kerja 5 Januari 2026 ("
    )
    assert "PP 94/2021" in one.text_id
    assert one.text_en.startswith(
        "Prepare the papers for a disciplinary examination. Level: teguran tertulis. Because of: working day"
    )
    assert [fact.id for fact in one.happenings] == ["a00", "a01", "a02", "a03"]
    assert react(city_engine, happenings, DAY, {one.match.key}) == ()


def test_a_difference_is_an_incident_with_the_facts(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Naive, "match", lambda self, happenings, day: ())
    with pytest.raises(IncidentError) as incident:
        reactor.react([month(1, "50"), month(2, "50")], DAY)
    assert incident.value.code == "mesin_berbeda"
    assert [fact["id"] for fact in incident.value.details["facts"]] == ["n2026-01", "n2026-02"]


def test_rules_are_kept_for_the_reactions_last_asked_of(reactions: tuple[Reaction, ...]) -> None:
    assert find(reactions, [month(1, "50"), month(2, "50")], DAY) != ()
    first = next(iter(rules_module._rules.values()))[1]
    find(reactions, [], DAY)
    assert next(iter(rules_module._rules.values()))[1] is first
    find(reactions[:1], [], DAY)
    assert next(iter(rules_module._rules.values()))[1] is not first


def test_periods_and_windows() -> None:
    assert period_of(date(2026, 1, 1), "month") - period_of(date(2025, 12, 31), "month") == 1
    assert period_of(date(2026, 1, 5), "week") - period_of(date(2026, 1, 4), "week") == 1  # a Monday after a Sunday
    assert period_name(period_of(date(2026, 1, 1), "week"), "week") == "2026-W01"
    assert period_name(period_of(date(2026, 3, 9), "month"), "month") == "2026-03"
    assert period_name(period_of(date(2026, 3, 9), "day"), "day") == "2026-03-09"
    assert Window(months=1).first(date(2026, 3, 31)) == date(2026, 3, 1)
    assert Window(days=7).first(date(2026, 3, 8)) == date(2026, 3, 2)
    assert Window().first(date(2026, 3, 8)) == date.min
