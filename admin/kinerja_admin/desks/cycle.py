"""“Papan siklus”: where the cases of a cycle stand, by stage and agency, how ratings spread, and the list behind each number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from kinerja.services.casework import cases
from kinerja.services.context import allowed
from kinerja.services.cycles import cycle
from kinerja.services.views import CaseSummary, CycleStatus
from kinerja.store.models import STAGES

from ..base import Desk, expose
from ..session import context, signed_in

PAGE = 25
EVERYONE = 1_000_000
USUAL = ("perencanaan", "pelaksanaan", "penilaian", "evaluasi", "penetapan", "tindak_lanjut", "selesai")
TONES = {"Sangat Baik": "best", "Baik": "good", "Butuh Perbaikan": "mid", "Kurang": "low", "Sangat Kurang": "worst"}


@dataclass(frozen=True, slots=True)
class Line:
    """One agency: stage → number of cases."""

    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Share:
    """One rating in the spread; start: how many cases stand before it on the bar."""

    name: str
    tone: str
    count: int
    start: int


def lines(found: Iterable[CaseSummary]) -> tuple[Line, ...]:
    counts: dict[str, Counter[str]] = {}
    for case in found:
        counts.setdefault(case.agency, Counter())[case.stage] += 1
    return tuple(Line(name, counts[name]) for name in sorted(counts))


def shares(by_rating: Mapping[str, int]) -> tuple[Share, ...]:
    result: list[Share] = []
    start = 0
    for name in (*TONES, *(other for other in by_rating if other not in TONES)):
        count = by_rating.get(name, 0)
        result.append(Share(name, TONES.get(name, "none"), count, start))
        start += count
    return tuple(result)


def newest(found: Iterable[CycleStatus]) -> CycleStatus | None:
    """The cycle people work in: the last open one, else the last."""
    ordered = sorted(found, key=lambda status: (status.state == "open", status.last, status.code))
    return ordered[-1] if ordered else None


def chosen_filters() -> dict[str, str]:
    return {name: text for name in ("cari", "unit", "tahap", "predikat") if (text := request.args.get(name, "")[:100])}


def fits(case: CaseSummary, chosen: Mapping[str, str]) -> bool:
    text = f"{case.person} {case.nip} {case.position} {case.unit}".casefold()
    return (
        all(part in text for part in chosen.get("cari", "").casefold().split())
        and chosen.get("unit", case.agency) == case.agency
        and chosen.get("tahap", case.stage) == case.stage
        and chosen.get("predikat", case.rating) == case.rating
    )


def page_number() -> int:
    asked = request.args.get("hal", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and 0 < len(asked) < 6 and int(asked) > 0 else 1


class CycleDesk(Desk):
    def is_accessible(self) -> bool:
        return signed_in() and allowed(context(), "case.list") and allowed(context(), "overview.read")

    @expose("/")
    def index(self) -> Any:
        status = newest(cycle.list_cycles(context()))
        if status is None:
            return self.render("kinerja/cycle.html", status=None)
        everyone = cases.list_cases(context(), cases.Filter(cycle=status.code), limit=EVERYONE)
        chosen = chosen_filters()
        found = [case for case in everyone if fits(case, chosen)]
        page, pages = page_number(), max(1, -(-len(found) // PAGE))
        page = min(page, pages)
        return self.render(
            "kinerja/cycle.html",
            status=status,
            stages=[stage for stage in STAGES if stage in USUAL or status.by_stage.get(stage)],
            rows=lines(everyone),
            ratings=shares(status.by_rating),
            rating_total=sum(status.by_rating.values()),
            cases=found[(page - 1) * PAGE : page * PAGE],
            found=len(found),
            chosen=chosen,
            page_no=page,
            pages=pages,
        )
