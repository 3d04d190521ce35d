"""Who appraises whom, from the tree and dates alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kinerja.services.staff.appraisers import Wanted, chain_of, chains_of
from kinerja.store.queries import Organisation, Seat, UnitNode, UnitTree

DAY = date(2026, 6, 30)
LONG_AGO = date(2020, 1, 1)
WALI, SEKDA, KADIS, KABID, STAF, LAIN = 1, 2, 3, 4, 5, 6
NAMES = {WALI: "Wali", SEKDA: "Sekda", KADIS: "Kadis", KABID: "Kabid", STAF: "Staf", LAIN: "Lain"}
UNITS = {1: ("pemkot", None), 2: ("setda", 1), 3: ("dinas", 2), 4: ("bidang", 3), 5: ("bidang-lain", 3)}
LED = {1: "Wali Kota", 2: "Sekretaris Daerah", 3: "Kepala Dinas", 4: "Kepala Bidang", 5: "Kepala Bidang Lain"}


def seat(person: int, unit: int, kind: str = "definitif", first: date = LONG_AGO, last: date | None = None) -> Seat:
    return Seat(person, f"{person:018d}", NAMES[person], unit, LED[unit], unit, True, kind, first, last)


USUAL = {1: (seat(WALI, 1),), 2: (seat(SEKDA, 2),), 3: (seat(KADIS, 3),), 4: (seat(KABID, 4),), 5: (seat(LAIN, 5),)}


def organisation(leaders: dict[int, tuple[Seat, ...]] | None = None, **changes: Any) -> Organisation:
    nodes = {id: UnitNode(id, code, code.title(), code, "agency", parent, "", "", "") for id, (code, parent) in UNITS.items()}
    return Organisation(UnitTree(nodes), leaders or USUAL, LED, changes.get("absences", {}), changes.get("ties", frozenset()))


def names(chain: Any) -> tuple[str | None, str | None]:
    return tuple(one.seat.name if one else None for one in (chain.appraiser, chain.superior))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("person", "unit", "expected"),
    [
        (STAF, 4, ("Kabid", "Kadis")),
        (KABID, 4, ("Kadis", "Sekda")),
        (KADIS, 3, ("Sekda", "Wali")),
    ],
)
def test_the_ordinary_chain_needs_no_word(person: int, unit: int, expected: tuple[str, str]) -> None:
    chain = chain_of(organisation(), person, unit, DAY)
    assert names(chain) == expected
    assert chain.note == ""
    assert chain.obstacle is None


def test_a_vacancy_passes_to_the_next_authority_with_its_reason() -> None:
    chain = chain_of(organisation(USUAL | {4: ()}), STAF, 4, DAY)
    assert names(chain) == ("Kadis", "Sekda")
    assert chain.note == "jabatan Kepala Bidang lowong"


def test_an_ended_assignment_is_a_vacancy_from_the_next_day() -> None:
    leaders = USUAL | {4: (seat(KABID, 4, last=date(2026, 3, 31)),)}
    assert names(chain_of(organisation(leaders), STAF, 4, date(2026, 3, 31))) == ("Kabid", "Kadis")
    assert names(chain_of(organisation(leaders), STAF, 4, date(2026, 4, 1))) == ("Kadis", "Sekda")


def test_an_acting_holder_appraises_and_is_named_as_acting() -> None:
    chain = chain_of(organisation(USUAL | {4: (seat(LAIN, 4, "plt"),)}), STAF, 4, DAY)
    assert names(chain) == ("Lain", "Kadis")
    assert chain.note == "Kepala Bidang dijabat Plt. Lain"


def test_absence_passes_to_the_daily_acting_holder_then_upwards() -> None:
    away = {KABID: ((date(2026, 6, 1), date(2026, 7, 1), "cuti besar"),)}
    leaders = USUAL | {4: (seat(KABID, 4), seat(LAIN, 4, "plh"))}
    chain = chain_of(organisation(leaders, absences=away), STAF, 4, DAY)
    assert names(chain) == ("Lain", "Kadis")
    assert chain.note == "Kabid (Kepala Bidang) berhalangan: cuti besar; Kepala Bidang dijabat Plh. Lain"
    assert names(chain_of(organisation(absences=away), STAF, 4, DAY)) == ("Kadis", "Sekda")


def test_nobody_appraises_themselves_as_acting_superior() -> None:
    leaders = USUAL | {3: (seat(KABID, 3, "plt"),)}
    chain = chain_of(organisation(leaders), KABID, 4, DAY)
    assert names(chain) == ("Sekda", "Wali")
    assert "Kabid (Kepala Dinas) tidak boleh menilai diri sendiri" in chain.note


def test_one_person_is_not_both_appraiser_and_superior() -> None:
    leaders = USUAL | {4: (seat(KADIS, 4, "plt"),)}
    assert names(chain_of(organisation(leaders), STAF, 4, DAY)) == ("Kadis", "Sekda")


def test_a_declared_tie_is_passed_over() -> None:
    chain = chain_of(organisation(ties=frozenset({(STAF, KABID), (KABID, STAF)})), STAF, 4, DAY)
    assert names(chain) == ("Kadis", "Sekda")
    assert "benturan kepentingan" in chain.note


def test_an_impossible_chain_says_what_to_do() -> None:
    chain = chain_of(organisation(USUAL | {1: ()}), KADIS, 3, DAY)
    assert names(chain) == ("Sekda", None)
    assert chain.obstacle is not None
    assert "isi jabatan Wali Kota" in chain.obstacle[0]
    assert "fill the post Wali Kota" in chain.obstacle[1]


def test_two_heads_acting_for_each_other_do_not_appraise_each_other() -> None:
    leaders = USUAL | {4: (seat(LAIN, 4, "plt"),), 5: (seat(KABID, 5, "plt"),)}
    of = organisation(leaders)
    kabid, lain = Wanted(KABID, 4, DAY), Wanted(LAIN, 5, DAY)
    assert names(chain_of(of, KABID, 4, DAY))[0] == "Lain"
    assert names(chain_of(of, LAIN, 5, DAY))[0] == "Kabid"
    mended = chains_of(of, [lain, kabid])
    assert names(mended[kabid])[0] == "Lain"
    assert names(mended[lain]) == ("Kadis", "Sekda")
    assert "tidak boleh saling menilai" in mended[lain].note


def test_three_heads_in_a_ring_are_parted() -> None:
    """The head of each of three divisions acts in the next: the ring is opened where its last member passes upwards."""
    third = replace(seat(KABID, 5, "plt"), unit=6, position=6, title="Kepala Bidang Ketiga")
    leaders = USUAL | {4: (seat(LAIN, 4, "plt"),), 5: (seat(STAF, 5, "plt"),), 6: (third,)}
    nodes = dict(organisation().tree.nodes)
    nodes[6] = UnitNode(6, "bidang-ketiga", "Bidang Ketiga", "B3", "division", 3, "", "", "")
    of = Organisation(UnitTree(nodes), leaders, LED | {6: "Kepala Bidang Ketiga"}, {}, frozenset())
    mended = chains_of(of, [Wanted(KABID, 4, DAY), Wanted(LAIN, 5, DAY), Wanted(STAF, 6, DAY)])
    by = {want.person: names(chain)[0] for want, chain in mended.items()}
    assert by == {KABID: "Lain", STAF: "Kabid", LAIN: "Kadis"}, "the last by id passes upwards"
    assert any("lewat orang lain" in chain.note for chain in mended.values())


def test_cases_that_stand_already_count() -> None:
    of = organisation()
    mended = chains_of(of, [Wanted(STAF, 4, DAY)], given=[(STAF, KABID)])
    assert names(mended[Wanted(STAF, 4, DAY)]) == ("Kadis", "Sekda")
    assert "tidak boleh saling menilai" in mended[Wanted(STAF, 4, DAY)].note


# ── any organisation ──────────────────────────────────────────────────────────────────────────────────────────────────
@st.composite
def organisations(draw: st.DrawFn) -> tuple[Organisation, list[Wanted]]:
    """A tree of units whose posts are held, acted in, doubled or empty, with absences and ties; people who are to be appraised."""
    count = draw(st.integers(1, 7))
    people = range(1, draw(st.integers(2, 8)) + 1)
    person = st.sampled_from(people)
    nodes, leaders, titles = {}, {}, {}
    for unit in range(1, count + 1):
        parent = draw(st.integers(1, unit - 1)) if unit > 1 else None
        nodes[unit] = UnitNode(unit, f"u{unit}", f"U{unit}", f"U{unit}", "division", parent, "", "", "")
        if draw(st.booleans()) or unit == 1:
            titles[unit] = f"Kepala {unit}"
            held = draw(
                st.lists(st.tuples(person, st.sampled_from(["definitif", "plt", "plh"])), max_size=3, unique_by=lambda x: x[0])
            )
            leaders[unit] = tuple(
                Seat(who, f"{who:018d}", f"P{who}", unit, titles[unit], unit, True, kind, LONG_AGO, None) for who, kind in held
            )
    away = dict.fromkeys(draw(st.sets(person, max_size=2)), ((DAY, DAY, "cuti"),))
    pairs = draw(st.sets(st.tuples(person, person).filter(lambda pair: pair[0] != pair[1]), max_size=3))
    ties = frozenset(pairs) | frozenset((b, a) for a, b in pairs)
    wanted = [Wanted(who, draw(st.integers(1, count)), DAY) for who in people]
    return Organisation(UnitTree(nodes), leaders, titles, away, ties), wanted


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(organisations())
def test_in_any_organisation_duties_hold_and_nobody_is_blocked_without_need(drawn: tuple[Organisation, list[Wanted]]) -> None:
    of, wanted = drawn
    found = chains_of(of, wanted)
    assert set(found) == set(wanted)
    over = {want.person: {one.seat.person for one in (chain.appraiser, chain.superior) if one} for want, chain in found.items()}
    for want, chain in found.items():
        for authority in (chain.appraiser, chain.superior):
            if authority is not None:
                assert authority.seat.person != want.person, "nobody decides on themselves"
                assert (want.person, authority.seat.person) not in of.ties, "nobody decides on those they are tied to"
                assert of.absence(authority.seat.person, DAY) is None
        if chain.appraiser and chain.superior:
            assert chain.appraiser.seat.person != chain.superior.seat.person
        assert (chain.obstacle is None) == (chain.appraiser is not None and chain.superior is not None)
        if chain.obstacle is not None:
            assert "isi jabatan" in chain.obstacle[0], "an obstacle says what to do"
        assert not _reaches(over, want.person, want.person), "nobody is decided on, through others, by somebody they decide on"
        if chain.appraiser is None:
            above = {seat.person for node in of.tree.chain(want.unit) for seat in of.leaders.get(node.id, ())}
            lawful = {
                person for person in above
                if person != want.person and (want.person, person) not in of.ties and of.absence(person, DAY) is None
                and not _reaches(over, person, want.person)
            }  # fmt: skip
            assert not lawful, "a vacancy or a conflict never blocks while somebody lawful is left"


def _reaches(over: dict[int, set[int]], start: int, person: int) -> bool:
    """Whether the person stands above another: appraises or confirms them, or somebody who does."""
    seen, rest = set(), [start]
    while rest:
        for one in over.get(rest.pop(), set()) - seen:
            seen.add(one)
            rest.append(one)
    return person in seen


def test_a_cycle_in_the_tree_does_not_hang() -> None:
    nodes = {1: UnitNode(1, "a", "A", "A", "division", 2, "", "", ""), 2: UnitNode(2, "b", "B", "B", "division", 1, "", "", "")}
    of = Organisation(UnitTree(nodes), {}, {}, {})
    assert chain_of(of, STAF, 1, DAY).obstacle is not None
