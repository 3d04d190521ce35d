"""Reactions: what fires, with which facts, under which key; rete against the naive matcher in any order of facts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from kinerja.core.errors import FindingsError, IncidentError, InputError
from kinerja.engine import Engine
from kinerja.engine.reactions import Happening, Reaction, Reactor, load_reactions
from kinerja.engine.reactions import rules as rules_module
from kinerja.engine.reactions.model import Window, period_name, period_of
from kinerja.engine.reactions.naive import Naive
from kinerja.engine.reactions.rules import ReactionRules, react

HERE = Path(__file__).parent
DAY = date(2026, 12, 31)


@pytest.fixture(scope="module")
def reactions() -> tuple[Reaction, ...]:
    return load_reactions(HERE / "reactions")


@pytest.fixture(scope="module")
def reactor(engine: Engine, reactions: tuple[Reaction, ...]) -> Reactor:
    return Reactor(engine, reactions)


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
    assert "reactions/pembinaan_dua_bulan.yaml:" in one.text_id
    assert one.text_en.startswith("Open coaching. Because of: ")


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


def some(random: Random) -> Iterator[Happening]:
    for number in range(random.randint(0, 14)):
        on = date(2025, 10, 1) + timedelta(random.randint(0, 440))
        kind = random.choice(
            ["nilai_bulanan", "nilai_bulanan", "absen", "absen", "capaian_berjalan", "perilaku", "bukti_kurang", "lain"]
        )
        values: dict[str, Any] = {
            "nilai_bulanan": {"nilai": Fraction(random.choice(["79.99", "80", "80.01", "50", "60", "119"]))},
            "absen": {
                "hari": Fraction(random.randint(0, 5)),
                "alasan": random.choice(["tanpa_keterangan", "tanpa_keterangan", "sakit"]),
            },
            "capaian_berjalan": {
                "kode": "A",
                "persen": Fraction(random.choice([99, 100, 101])),
                "sisa_hari": Fraction(random.choice([60, 61])),
            },
            "perilaku": {"rating": random.choice(["di_atas", "sesuai", "di_bawah"])},
            "bukti_kurang": {"kode": "B", "batas": on, "diingatkan": random.choice([None, True, False])},
            "lain": {},
        }[kind]
        yield Happening(f"h{number}", kind, on, values)


def test_rete_and_the_naive_matcher_agree_in_any_order(reactions: tuple[Reaction, ...]) -> None:
    naive, rete, random, matched = Naive(reactions), ReactionRules(reactions), Random(5), 0
    for _ in range(400):
        happenings = list(some(random))
        day = date(2026, 1, 1) + timedelta(random.randint(0, 365))
        expected = naive.match(happenings, day)
        for _ in range(2):
            random.shuffle(happenings)
            assert rete.match(happenings, day) == expected
        matched += len(expected)
    assert matched > 200
    rete.close()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: m.setattr(rules_module, "_inside", lambda one, window, day: one.on <= day),
        lambda m: m.setattr(rules_module, "period_of", lambda day, every: period_of(day, "week" if every == "month" else every)),
        lambda m: m.setattr(ReactionRules, "_following", lambda self, reaction, listed: {p: p + 1 for p in range(30_000)}),
        lambda m: m.setattr(ReactionRules, "_fire", lambda self, reaction, key, indexes: None),
    ],
    ids=["window", "period", "gap", "silent"],
)
def test_a_bug_in_one_matcher_is_caught(reactions: tuple[Reaction, ...], monkeypatch: pytest.MonkeyPatch, spoil: Any) -> None:
    spoil(monkeypatch)
    naive, rete, random = Naive(reactions), ReactionRules(reactions), Random(5)
    cases = [(list(some(random)), date(2026, 1, 1) + timedelta(random.randint(0, 365))) for _ in range(80)]
    assert any(rete.match(happenings, day) != naive.match(happenings, day) for happenings, day in cases)
    rete.close()


def test_a_difference_is_an_incident_with_the_facts(reactor: Reactor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Naive, "match", lambda self, happenings, day: ())
    with pytest.raises(IncidentError) as incident:
        reactor.react([month(1, "50"), month(2, "50")], DAY)
    assert incident.value.code == "mesin_berbeda"
    assert [fact["id"] for fact in incident.value.details["facts"]] == ["n2026-01", "n2026-02"]


def test_rules_are_kept_for_the_reactions_last_asked_of(reactions: tuple[Reaction, ...]) -> None:
    assert react(reactions, [month(1, "50"), month(2, "50")], DAY) != ()
    first = next(iter(rules_module._rules.values()))[1]
    react(reactions, [], DAY)
    assert next(iter(rules_module._rules.values()))[1] is first
    react(reactions[:1], [], DAY)
    assert next(iter(rules_module._rules.values()))[1] is not first


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("times: 2", "times: 1"), 9),
        (("event: nilai_bulanan", "event: lain"), 9),
        (("nilai < 80", "nilai <"), 9),
        (("act: task", "act: surat"), 10),
        (("in_a_row", "berturut"), 9),
        (("reaction: pembinaan_dua_bulan\n", ""), 1),
        (("type: number", "type: angka"), 7),
    ],
)
def test_a_malformed_file_is_named_with_its_line(tmp_path: Path, change: tuple[str, str], line: int) -> None:
    text = (HERE / "reactions" / "pembinaan_dua_bulan.yaml").read_text()
    assert change[0] in text
    (tmp_path / "reactions").mkdir()
    (tmp_path / "reactions" / "salah.yaml").write_text(text.replace(*change))
    with pytest.raises(FindingsError) as refusal:
        load_reactions(tmp_path / "reactions")
    assert refusal.value.place is not None
    assert refusal.value.place.file == "reactions/salah.yaml"
    assert refusal.value.place.line == line


def test_periods_and_windows() -> None:
    assert period_of(date(2026, 1, 1), "month") - period_of(date(2025, 12, 31), "month") == 1
    assert period_of(date(2026, 1, 5), "week") - period_of(date(2026, 1, 4), "week") == 1  # a Monday after a Sunday
    assert period_name(period_of(date(2026, 1, 1), "week"), "week") == "2026-W01"
    assert period_name(period_of(date(2026, 3, 9), "month"), "month") == "2026-03"
    assert period_name(period_of(date(2026, 3, 9), "day"), "day") == "2026-03-09"
    assert Window(months=1).first(date(2026, 3, 31)) == date(2026, 3, 1)
    assert Window(days=7).first(date(2026, 3, 8)) == date(2026, 3, 2)
    assert Window().first(date(2026, 3, 8)) == date.min
