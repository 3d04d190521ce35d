"""Who appraises whom: derived from the organisation tree and dates, never chosen from a list.

The appraiser is the holder of the leading post of the employee's unit (of the parent unit for a leader), the superior the
appraiser's own. A vacancy or absence never blocks: an acting holder, else the next authority above, with the reason in words.
Nobody appraises themselves, each other (be it through others), or somebody they have a declared tie with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ...store.queries import Organisation, Seat

MUTUAL = "tidak boleh saling menilai"
RING = "dinilai, lewat orang lain, oleh pegawai ini"
KIND_ORDER = {"definitif": 0, "plt": 1, "plh": 2}
KIND_WORDS = {"plt": "Plt.", "plh": "Plh."}


@dataclass(frozen=True, slots=True)
class Authority:
    """A person and the seat by which they decide; reasons: why not the nearest seat, in Indonesian."""

    seat: Seat
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chain:
    """appraiser, superior: None when the tree gives none; then obstacle says why and what to do (Indonesian, English)."""

    appraiser: Authority | None
    superior: Authority | None
    obstacle: tuple[str, str] | None = None

    @property
    def note(self) -> str:
        reasons = (*(self.appraiser.reasons if self.appraiser else ()), *(self.superior.reasons if self.superior else ()))
        return "; ".join(dict.fromkeys(reasons))


def chain_of(organisation: Organisation, person: int, unit: int, day: date, barred: Mapping[int, str] | None = None) -> Chain:
    """The chain of a person in a unit on a day. barred: people who may not take part → why, in Indonesian."""
    excluded = {person: "tidak boleh menilai diri sendiri"} | dict(barred or {})
    excluded |= {other: "mempunyai benturan kepentingan yang dinyatakan" for own, other in organisation.ties if own == person}
    appraiser = authority(organisation, unit, day, excluded)
    if appraiser is None:
        return Chain(None, None, _obstacle(organisation, unit, "pejabat penilai", "appraiser"))
    excluded[appraiser.seat.person] = ""
    start = appraiser.seat.unit
    superior = authority(organisation, start, day, excluded)
    if superior is None:
        return Chain(appraiser, None, _obstacle(organisation, start, "atasan pejabat penilai", "appraiser's superior"))
    return Chain(appraiser, superior)


def superior_of(
    organisation: Organisation, person: int, unit: int, appraiser: int, day: date, barred: Mapping[int, str]
) -> Authority | None:
    """The nearest lawful superior of an appraiser who stays: above the unit that they lead, or the person's own."""
    excluded = {person: "", appraiser: ""} | dict(barred)
    excluded |= {other: "mempunyai benturan kepentingan yang dinyatakan" for own, other in organisation.ties if own == person}
    led = (
        node.id
        for node in organisation.tree.chain(unit)
        if any(s.person == appraiser for s in organisation.leaders.get(node.id, ()))
    )
    return authority(organisation, next(led, unit), day, excluded)


def authority(organisation: Organisation, unit: int, day: date, excluded: dict[int, str]) -> Authority | None:
    """The nearest lawful authority from a unit upwards; None when nobody is left. excluded: person → why not ("" needs no word)."""
    reasons: list[str] = []
    for node in organisation.tree.chain(unit):
        title = organisation.led_titles.get(node.id)
        if title is None:
            continue
        holders = sorted(
            (seat for seat in organisation.leaders.get(node.id, ()) if seat.holds(day)), key=lambda seat: KIND_ORDER[seat.kind]
        )
        if not holders:
            reasons.append(f"jabatan {title} lowong")
        for seat in holders:
            ruled_out = excluded.get(seat.person)
            absence = organisation.absence(seat.person, day)
            if ruled_out is None and absence is None:
                acting = [f"{title} dijabat {KIND_WORDS[seat.kind]} {seat.name}"] if seat.kind != "definitif" else []
                return Authority(seat, (*reasons, *acting))
            if ruled_out is None:
                reasons.append(f"{seat.name} ({title}) berhalangan: {absence}")
            elif ruled_out and not _ordinary(seat, ruled_out):
                reasons.append(f"{seat.name} ({title}) {ruled_out}")
    return None


def _ordinary(seat: Seat, ruled_out: str) -> bool:
    """A definitive leader looking up from their own unit is the ordinary case, not worth a reason."""
    return ruled_out == "tidak boleh menilai diri sendiri" and seat.kind == "definitif"


def _obstacle(organisation: Organisation, unit: int, role_id: str, role_en: str) -> tuple[str, str]:
    chain = organisation.tree.chain(unit)
    top = chain[-1] if chain else None
    title = organisation.led_titles.get(top.id, top.name) if top else "pimpinan"
    return (
        f"tidak ada {role_id} yang sah di atas unit ini; isi jabatan {title}, tunjuk Plt./Plh., atau pindahkan unitnya",
        f"no lawful {role_en} above this unit; fill the post {title}, appoint an acting holder, or place the unit under another",
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A chain that is asked for: of a person who serves in a unit on a day."""

    person: int
    unit: int
    day: date


def chains_of(organisation: Organisation, wanted: Iterable[Wanted], given: Iterable[tuple[int, int]] = ()) -> dict[Wanted, Chain]:
    """The chains of many people in one period, in which nobody is appraised by somebody they appraise, be it through others.

    Whoever comes first by id keeps the nearest authority; where another's nearest would close a ring, the next lawful one is named.
    given: (appraiser or superior, appraised) of the same period that stand already. Superiors count as appraisers do.
    """
    rated_by: dict[int, set[int]] = {}
    for rater, person in given:
        rated_by.setdefault(person, set()).add(rater)
    found: dict[Wanted, Chain] = {}
    for one in sorted(wanted, key=lambda want: (want.person, want.day, want.unit)):
        barred: dict[int, str] = {}
        while True:
            chain = chain_of(organisation, one.person, one.unit, one.day, barred)
            over = [found.seat.person for found in (chain.appraiser, chain.superior) if found is not None]
            ring = next((other for other in over if _above(rated_by, other, one.person)), None)
            if ring is None:
                break
            barred[ring] = MUTUAL if one.person in rated_by.get(ring, ()) else RING
        rated_by.setdefault(one.person, set()).update(over)
        found[one] = chain
    return found


def _above(rated_by: dict[int, set[int]], start: int, person: int) -> bool:
    """Whether a person stands above another in the chains so far: appraises them, or somebody who does."""
    seen, rest = {start}, [start]
    while rest:
        for appraiser in rated_by.get(rest.pop(), ()):
            if appraiser == person:
                return True
            if appraiser not in seen:
                seen.add(appraiser)
                rest.append(appraiser)
    return False
