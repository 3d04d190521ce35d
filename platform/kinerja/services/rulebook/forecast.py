"""After a cycle: what a release was said to change when it was simulated, beside what was decided; by agency, with the reasons.

Two evaluations of one person are compared by the facts they were given, so a difference has a name: other rules, another plan,
other actuals, another behaviour rating, other attendance, another post, or nobody there on one of the two sides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import peewee

from ...bulk.simulation import SMALLEST, TOGETHER
from ...core.errors import NotFoundError
from ...core.indonesian import number, rupiah
from ...store import models as db
from ...store.queries import objects, rows
from ..context import Context, require
from ..reading import load_cycle
from .roster import ended
from .simulation import Simulated, get

SAME, RULES, PLAN, RESULT, BEHAVIOUR, ATTENDANCE, POST, UNKNOWN, NEW, GONE = (
    "sama", "aturan", "rencana", "realisasi", "perilaku", "kehadiran", "jabatan", "tanpa_evaluasi", "baru", "keluar",
)  # fmt: skip
REASONS = {
    SAME: ("seperti diperkirakan", "as forecast"),
    RULES: ("diputus dengan rilis lain", "decided by another release"),
    PLAN: ("rencana berubah", "another plan"),
    RESULT: ("realisasi berubah", "other actuals"),
    BEHAVIOUR: ("penilaian orang berubah", "other judgements of people"),
    ATTENDANCE: ("kehadiran berubah", "other attendance"),
    POST: ("jabatan atau masa berubah", "another post or period"),
    UNKNOWN: ("belum dievaluasi saat diperkirakan", "not evaluated when it was forecast"),
    NEW: ("tidak ada dalam perkiraan", "not in the forecast"),
    GONE: ("diperkirakan, tidak diputus", "forecast, not decided"),
}
"""Why a person's outcome is another than was forecast; the first that holds counts."""

_FACTS = {"menit_terlambat": ATTENDANCE, "hari_absen": ATTENDANCE, "perilaku_kerja": BEHAVIOUR}
_ORDER = (PLAN, RESULT, BEHAVIOUR, ATTENDANCE, POST)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was forecast or decided for one person. money: of a month, rupiah."""

    band: str
    money: int
    evaluation: int | None


@dataclass(frozen=True, slots=True)
class AgencyForecast:
    """bands: band → (forecast, decided). money: (forecast, decided) of a month. reasons: why → people; "" of the city is all."""

    agency: str
    people: tuple[int, int]
    bands: Mapping[str, tuple[int, int]]
    money: tuple[int, int]
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Forecast:
    """agencies: the city ("") first. Those with fewer than five people stand together."""

    cycle: str
    title: str
    simulation: Simulated
    agencies: tuple[AgencyForecast, ...]

    def sentences(self, language: str = "id") -> list[str]:
        return [said[language == "en"] for said in _said(self)]

    def as_json(self) -> dict[str, Any]:
        return {
            "cycle": self.cycle,
            "simulation": self.simulation.id,
            "release": self.simulation.draft,
            "made_at": self.simulation.made_at,
            "agencies": [
                {
                    "unit": one.agency, "people": _pair(one.people), "money": _pair(one.money),
                    "bands": {band: _pair(counts) for band, counts in one.bands.items()}, "reasons": dict(one.reasons),
                }
                for one in self.agencies
            ],
            "sentences": {"id": self.sentences("id"), "en": self.sentences("en")},
        }  # fmt: skip


def cycles(context: Context) -> tuple[tuple[str, str], ...]:
    """(code, title) of the cycles that have a forecast to look back on, the newest first."""
    require(context, "simulation.read")
    found = db.Cycle.select(db.Cycle).order_by(db.Cycle.last.desc(), db.Cycle.id.desc())
    return tuple((cycle.code, cycle.title) for cycle in found if _simulated(cycle) is not None)


def actual(context: Context, code: str) -> Forecast:
    """Forecast against actual of a cycle; NotFoundError(`belum_ada_perkiraan`) when its release was never simulated."""
    require(context, "simulation.read")
    cycle = load_cycle(code)
    row = _simulated(cycle)
    if row is None:
        raise NotFoundError(
            "belum_ada_perkiraan",
            f"rilis yang dipakai siklus {code} tidak pernah disimulasikan",
            f"the release that cycle {code} rests on was never simulated",
            remedy_id="simulasikan rancangan sebelum diajukan; perkiraannya lalu dapat dibandingkan",
            remedy_en="simulate a draft before it is submitted; its forecast can then be compared",
        )
    simulation = get(context, row.id)
    people = list(_people(row, cycle, simulation.document["main"]))
    sizes = Counter(agency for agency, *_ in people)
    small = {agency for agency, size in sizes.items() if size < SMALLEST}
    rest = sorted((agency for agency in sizes if agency not in small), key=lambda agency: (sizes[agency], agency))
    while small and rest and sum(sizes[agency] for agency in small) < SMALLEST:
        small.add(rest.pop(0))
    order = {"": 0, TOGETHER: 2}
    groups: dict[str, list[_Person]] = {"": people}
    for one in people:
        groups.setdefault(TOGETHER if one[0] in small else one[0], []).append(one)
    listed = sorted(groups, key=lambda agency: (order.get(agency, 1), agency))
    return Forecast(code, cycle.title, simulation, tuple(_agency(agency, groups[agency]) for agency in listed))


_Person = tuple[str, Outcome | None, Outcome | None, str]
"""(agency, forecast, decided, why)."""


def _simulated(cycle: Any) -> Any:
    """Of the release that most of the cycle's evaluations rest on: the last made before it was published, else the first."""
    counts = (
        db.Evaluation.select(db.Evaluation.release, peewee.fn.COUNT(db.Evaluation.id))
        .join(db.Case)
        .where(db.Case.cycle == cycle)
        .group_by(db.Evaluation.release)
    )
    ranked = sorted(rows(counts), key=lambda row: (-row[1], -row[0]))
    if not ranked:
        return None
    release: Any = db.Release.get_by_id(ranked[0][0])
    found = list(db.Simulation.select().where(db.Simulation.draft == release.fingerprint).order_by(db.Simulation.id))
    before = [one for one in found if release.published_at is None or one.made_at <= release.published_at]
    return before[-1] if before else found[0] if found else None


def _people(row: Any, cycle: Any, main: Mapping[str, str]) -> Iterator[_Person]:
    """Each person's forecast beside the decision. Somebody with two cases in a cycle is compared agency by agency."""
    forecast = {
        (nip, agency): Outcome(after, int(month_after), None if evaluation is None else int(evaluation))
        for nip, evaluation, agency, _, after, _, month_after, *_ in row.people
    }
    decided = dict(_decided(cycle, main))
    releases = dict(rows(db.Release.select(db.Release.id, db.Release.fingerprint)))
    held = _evaluations([one.evaluation for one in (*forecast.values(), *decided.values()) if one.evaluation is not None])
    for key in sorted({*forecast, *decided}):
        before, after = forecast.get(key), decided.get(key)
        yield key[1], before, after, _why(row.draft, before, after, held, releases)


def _decided(cycle: Any, main: Mapping[str, str]) -> Iterator[tuple[tuple[str, str], Outcome]]:
    table = db.Evaluation
    newest = table.select(peewee.fn.MAX(table.id)).join(db.Case).where(db.Case.cycle == cycle).group_by(table.case)
    query = (
        table.select(table.id, table.finding, db.Person.nip, db.Unit.code, db.Case.id, db.Case.state, db.Case.rating)
        .join(db.Case)
        .join(db.Person, on=(db.Case.person == db.Person.id))
        .switch(db.Case)
        .join(db.Unit, on=(db.Case.agency == db.Unit.id))
        .where(table.id.in_(newest))
    )
    for id, finding, nip, agency, *case in rows(query):
        if ended(*case):
            continue
        outputs = finding["outputs"]
        yield (nip, agency), Outcome(str(outputs.get(main["band"], "–")), int(outputs.get(main["money"]) or 0), id)


def _evaluations(ids: Iterable[int]) -> dict[int, tuple[int, Mapping[str, Any]]]:
    """Id → (release id, facts), some hundreds at a time."""
    listed = sorted(set(ids))
    found: dict[int, tuple[int, Mapping[str, Any]]] = {}
    table = db.Evaluation
    for start in range(0, len(listed), 500):
        query = table.select(table.id, table.release, table.facts).where(table.id.in_(listed[start : start + 500]))
        found |= {row.id: (row.release_id, row.facts) for row in objects(query)}
    return found


def _why(
    draft: str,
    before: Outcome | None,
    after: Outcome | None,
    held: Mapping[int, tuple[int, Mapping[str, Any]]],
    releases: Mapping[int, str],
) -> str:
    if before is None or after is None:
        return NEW if before is None else GONE
    if (before.band, before.money) == (after.band, after.money):
        return SAME
    release, facts = held[after.evaluation or 0]
    if releases.get(release) != draft:
        return RULES
    if before.evaluation is None:
        return UNKNOWN
    changed = set(_changed(held[before.evaluation][1], facts))
    return next((reason for reason in _ORDER if reason in changed), RULES)


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for fact in {**before["kasus"], **after["kasus"]}:
        if before["kasus"].get(fact) != after["kasus"].get(fact):
            yield _FACTS.get(fact, POST)
    old, new = (
        [{key: value for key, value in item.items() if key != "realisasi"} for item in one.get("indikator", ())]
        for one in (before, after)
    )
    if old != new:
        yield PLAN
    elif before.get("indikator") != after.get("indikator"):
        yield RESULT
    if before.get("penilaian") != after.get("penilaian"):
        yield BEHAVIOUR


def _agency(agency: str, people: list[_Person]) -> AgencyForecast:
    forecast = [before for _, before, _, _ in people if before is not None]
    decided = [after for _, _, after, _ in people if after is not None]
    bands = [Counter(one.band for one in side) for side in (forecast, decided)]
    names = sorted({*bands[0], *bands[1]})
    return AgencyForecast(
        agency,
        (len(forecast), len(decided)),
        {band: (bands[0][band], bands[1][band]) for band in names},
        (sum(one.money for one in forecast), sum(one.money for one in decided)),
        {reason: count for reason in REASONS if (count := sum(1 for *_, why in people if why == reason))},
    )


def _pair(pair: tuple[int, int]) -> dict[str, int]:
    return {"forecast": pair[0], "actual": pair[1], "change": pair[1] - pair[0]}


def _said(found: Forecast) -> Iterator[tuple[str, str]]:
    """(Indonesian, English) of each thing there is to say."""
    whole = found.agencies[0]
    expected, paid = whole.money
    everyone, same = sum(whole.reasons.values()), whole.reasons.get(SAME, 0)
    yield (
        f"Dari {number(everyone)} pegawai, {number(same)} berakhir seperti diperkirakan ketika rilis ini disimulasikan.",
        f"Of {everyone:,} employees, {same:,} ended as was forecast when this release was simulated.",
    )
    for reason, count in whole.reasons.items():
        if reason != SAME:
            yield f"{number(count)} pegawai: {REASONS[reason][0]}.", f"{count:,} employees: {REASONS[reason][1]}."
    for band, (was, now) in whole.bands.items():
        if was != now:
            yield (
                f"{band}: diperkirakan {number(was)}, diputus {number(now)}.",
                f"{band}: forecast {was:,}, decided {now:,}.",
            )
    apart, above = abs(paid - expected), paid > expected
    word = "sama dengan", "as"
    if apart:
        word = f"{rupiah(apart)} {'di atas' if above else 'di bawah'}", f"Rp {apart:,} {'above' if above else 'below'} the"
    yield (
        f"Uang sebulan {rupiah(paid)}, {word[0]} perkiraan {rupiah(expected)}.",
        f"Money of a month Rp {paid:,}, {word[1]} forecast Rp {expected:,}.",
    )
