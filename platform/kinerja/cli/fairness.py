"""`kinerja fairness report|achievement|set-aside`: ratings against the pattern, leniency, calibration, and setting aside."""

from __future__ import annotations

from typing import Any

import click

from ..core.indonesian import number
from ..services.evaluation import calibration
from ..services.evaluation.decide import storable
from ..services.openness import fairness as fairly
from ..services.openness.fairness import FairnessReport, Groups
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option
from .task import show_receipt


@click.group()
def fairness() -> None:
    """Fairness before signing: distribution, leniency, calibration."""


@fairness.command()
@click.argument("code")
@as_option
@city_option
@json_option
@guarded
def report(code: str, account: str, city: str | None, as_json: bool) -> None:
    """The report of a cycle. Groups below the rules' minimum are hidden, with those that would give them away."""
    with acting(city, account) as context:
        found = fairly.report(context, code)
    if as_json:
        emit(storable(_document(found)))
        return
    click.echo(f"{found.title}: {found.people} kasus berpredikat")
    click.echo("Sebaran dan pola")
    for check in found.patterns:
        counts = ", ".join(f"{rating} {people}" for rating, people in check.counts.items() if people)
        click.echo(f"  {check.name}: {counts} – {check.state.replace('_', ' ')}")
        if check.override is not None and check.override.holds:
            click.echo(f"    dikesampingkan oleh {check.override.author}: {check.override.reason}")
    for title, groups in (("Kelonggaran penilai", found.appraisers), ("Kelonggaran perangkat daerah", found.units)):
        click.echo(f"{title} (rata-rata kota {number(found.mean, 2)})")
        for line in groups.shown:
            mark = "" if line.mark == fairly.USUAL else f"  ← {line.mark}"
            figures = f"rata-rata {number(line.mean, 2)}, selisih tersisa {number(line.drawn, 2)}"
            click.echo(f"  {line.name} ({line.people} orang): {figures}{mark}")
        if groups.hidden:
            click.echo(f"  tidak ditampilkan: {groups.hidden} kelompok, {groups.hidden_people} orang")
    whole = found.calibration[-1]
    click.echo(f"Kalibrasi: {whole.up} naik, {whole.down} turun dari {whole.people}")


@fairness.command()
@click.argument("code")
@click.argument("unit")
@click.argument("achievement")
@click.option("--evidence", required=True, help="The document that says so.")
@as_option
@city_option
@json_option
@guarded
def achievement(code: str, unit: str, achievement: str, evidence: str, account: str, city: str | None, as_json: bool) -> None:
    """Record what a unit achieved in a cycle (Istimewa, Baik, …)."""
    with acting(city, account) as context:
        show_receipt(calibration.record_achievement(context, code, unit, achievement, evidence), as_json)


@fairness.command("set-aside")
@click.argument("code")
@click.argument("unit")
@click.option("--reason", required=True)
@click.option("--evidence", default="", help="Minutes or a file name.")
@as_option
@city_option
@json_option
@guarded
def set_aside(code: str, unit: str, reason: str, evidence: str, account: str, city: str | None, as_json: bool) -> None:
    """Let a unit's ratings stand although they do not follow the pattern, with the reason."""
    with acting(city, account) as context:
        show_receipt(calibration.set_aside(context, code, unit, reason, evidence), as_json)


def _document(found: FairnessReport) -> dict[str, Any]:
    return {
        "cycle": found.cycle,
        "people": found.people,
        "least": found.least,
        "mean": found.mean,
        "within": found.within,
        "between": found.between,
        "patterns": [
            {
                "unit": check.unit,
                "counts": dict(check.counts),
                "achievement": check.achievement or None,
                "follows": check.follows,
                "binding": check.binding,
                "state": check.state,
                "set_aside": None
                if check.override is None
                else {"reason": check.override.reason, "by": check.override.author, "holds": check.override.holds},
            }
            for check in found.patterns
        ],
        "hidden_units": {"groups": found.hidden_units, "people": found.hidden_people},
        "appraisers": _groups(found.appraisers),
        "units": _groups(found.units),
        "calibration": [
            {"unit": move.unit or None, "people": move.people, "up": move.up, "down": move.down,
             "before": dict(move.before), "after": dict(move.after)}
            for move in found.calibration
        ],
    }  # fmt: skip


def _groups(groups: Groups) -> dict[str, Any]:
    return {
        "shown": [
            {"code": line.code, "name": line.name, "people": line.people, "mean": line.mean, "gap": line.gap,
             "drawn": line.drawn, "mark": line.mark}
            for line in groups.shown
        ],
        "hidden": {"groups": groups.hidden, "people": groups.hidden_people},
    }  # fmt: skip
