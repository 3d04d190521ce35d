"""“Simulasi”: drafts of rules on the city's own people, as they were kept, and what their cycles then decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from markupsafe import Markup

from kinerja.bulk.simulation import GROUPS, TOGETHER, charts
from kinerja.services.context import allowed
from kinerja.services.rulebook import forecast, simulation
from kinerja.services.rulebook.simulation import Simulated
from kinerja.store.models import Unit

from ..base import Desk, expose, row_id
from ..session import context
from ..texts import _, language, pick, word


@dataclass(frozen=True, slots=True)
class Shown:
    """A simulation laid out for `_simulation.html`. names: agency code → what people call it."""

    view: Simulated
    document: Mapping[str, Any]
    sentences: tuple[str, ...]
    charts: Mapping[str, Markup]
    names: Mapping[str, str]
    money: Mapping[str, list[Mapping[str, Any]]]
    bands: tuple[str, ...]
    moves: Mapping[str, list[Mapping[str, Any]]]


def lay_out(found: Simulated) -> Shown:
    """The figures of the main band and the main money, by group; charts in the reader's language."""
    document = found.document
    band, money = document["main"]["band"], document["main"]["money"]
    names = {unit.code: unit.short_name or unit.name for unit in Unit.select(Unit.code, Unit.name, Unit.short_name)}
    drawn = charts(document, language(), names)
    main = [one for one in document["money"] if one["output"] == money]
    return Shown(
        found,
        document,
        tuple(document["sentences"][language()]),
        {name: Markup(svg) for name, svg in drawn.items()},  # noqa: S704 - drawn and escaped by the simulation package
        names | {TOGETHER: _("kelompok di bawah %(n)s orang", n=document["hidden"]["smallest"])},
        {group: [one for one in main if one["group"] == group] for group in ("", *GROUPS)},
        tuple(one["band"] for one in document["distribution"] if one["output"] == band and not one["group"]),
        {
            group: [one for one in document["movers"]["by_group"] if one["group"] == group and one["output"] == band]
            for group in GROUPS
        },
    )


def may_see_people() -> bool:
    return allowed(context(), "simulation.people")


class SimulationDesk(Desk):
    roles: ClassVar[frozenset[str]] = frozenset({"administrator", "bkpsdm", "pejabat_kebijakan", "pejabat_penetap", "auditor"})

    @expose("/")
    def index(self) -> str:
        return self.render(
            "kinerja/simulations.html", found=simulation.listed(context()), cycles=forecast.cycles(context()), word=word
        )

    @expose("/<simulation_id>")
    def show(self, simulation_id: str) -> str:
        found = simulation.get(context(), row_id(simulation_id))
        people = simulation.movers(context(), row_id(simulation_id)) if may_see_people() else None
        return self.render("kinerja/simulation.html", shown=lay_out(found), people=people)

    @expose("/siklus/<code>")
    def cycle(self, code: str) -> str:
        found = forecast.actual(context(), code)
        names = {unit.code: unit.short_name or unit.name for unit in Unit.select(Unit.code, Unit.name, Unit.short_name)}
        return self.render(
            "kinerja/forecast.html",
            found=found,
            sentences=found.sentences(language()),
            names=names | {TOGETHER: _("kelompok di bawah %(n)s orang", n=5)},
            reasons={name: pick({"id": id, "en": en}) for name, (id, en) in forecast.REASONS.items()},
        )
