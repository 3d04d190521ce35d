"""Who appraises whom, from the tree and dates alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinerja.services.appraisers import chain_of, without_mutual
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
    places = {KABID: (4, DAY), LAIN: (5, DAY)}
    chains = {person: chain_of(of, person, unit, day) for person, (unit, day) in places.items()}
    assert (names(chains[KABID])[0], names(chains[LAIN])[0]) == ("Lain", "Kabid")
    mended = without_mutual(of, places, chains)
    assert names(mended[KABID])[0] == "Lain"
    assert names(mended[LAIN]) == ("Kadis", "Sekda")
    assert "tidak boleh saling menilai" in mended[LAIN].note


def test_a_cycle_in_the_tree_does_not_hang() -> None:
    nodes = {1: UnitNode(1, "a", "A", "A", "division", 2, "", "", ""), 2: UnitNode(2, "b", "B", "B", "division", 1, "", "", "")}
    of = Organisation(UnitTree(nodes), {}, {}, {})
    assert chain_of(of, STAF, 1, DAY).obstacle is not None
