"""`kinerja bulk`: the policy on a whole population."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..core.errors import InputError
from ..core.indonesian import number
from ..policy import Policy, load_policy
from .asking import judgement_day
from .common import city_option, emit, existing_folder, guarded, json_option, note, on_option, rules_folder, rules_option

if TYPE_CHECKING:
    from ..bulk.single import Refusal
    from ..services.rulebook.populations import Written

CITY_FACTS = "fakta"


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option(
    "--out", "target", required=True, metavar="DIR", type=click.Path(path_type=Path, file_okay=False), help="Where the results go."
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "numpy", "duckdb", "python"]),
    default="auto",
    show_default=True,
    help="numpy: in columns; duckdb: one SQL query; python: one case at a time; auto: the first that can.",
)
@click.option("--base", metavar="DIR", help="The --out of a run of other rules on the same files; what they share is copied.")
@click.option("--explain", "case", metavar="CASE", help="Explain a case of a run that is done; nothing else is computed.")
@click.option("--output", default="predikat", show_default=True, help="With --explain: the output to explain.")
@city_option
@click.option("--as", "account", metavar="ACCOUNT", help="Instead of DIR: the city's cases, written to OUT/fakta, as this account.")
@click.option("--cycle", metavar="CODE", help="With --as: which cycle (default: the latest that is evaluated).")
@on_option
@rules_option
@json_option
@guarded
def bulk(
    folder: str | None, target: Path, engine: str, base: str | None, case: str | None, output: str, city: str | None,
    account: str | None, cycle: str | None, on: str | None, rules: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Take every case of DIR (kasus.parquet, indikator.parquet, penilaian.parquet), or of a city, through the rules.

    Writes hasil.parquet, items.parquet and errors.parquet; a case that fails is in errors only.
    """
    from ..bulk import run

    day = judgement_day(on)
    refused: tuple[tuple[str, Refusal], ...] = ()
    if account is not None:
        policy, source = None if rules is None else load_policy(rules_folder(rules)), target / CITY_FACTS
        policy, written = _from_city(city, account, cycle, policy, source)
        day, refused = day or written.on, written.refused
    else:
        policy, source = load_policy(rules_folder(rules)), _population(folder, target)
    if case is not None:
        _explain(policy, source, target, case, output, day, as_json)
        return
    report = run(
        policy, source, target, engine=engine, on=day, note=note, refused=refused, base=existing_folder(base) if base else None
    )
    if as_json:
        emit(report.as_json())
        return
    unanswered = report.cases - report.answered  # not `failed`: items of cases that there are not are errors too
    click.echo(f"{number(report.cases)} kasus: {number(report.answered)} terjawab, {number(unanswered)} gagal")
    for code, count in report.errors.items():
        click.echo(f"  {code}: {number(count)}")
    if report.strata is not None:
        without = report.strata["without_answer"]
        some = f", {number(without)} di antaranya tanpa jawaban: lihat errors_unit.parquet" if without else ""
        click.echo(f"{number(report.strata['units'])} unit{some}")
    for file in report.files:
        click.echo(str(target / file))


def _population(folder: str | None, target: Path) -> Path:
    """The folder that is named, else the facts that an earlier run with --as left."""
    if folder is None and (target / CITY_FACTS).is_dir():
        return target / CITY_FACTS
    if folder is None:
        raise InputError(
            "populasi_tidak_disebut",
            "tidak disebut populasi mana yang dihitung",
            "no population is named",
            remedy_id="sebutkan folder yang berisi kasus.parquet, atau --as AKUN untuk kasus kota ini",
            remedy_en="name a folder that holds kasus.parquet, or --as ACCOUNT for this city's cases",
        )
    return existing_folder(folder)


def _from_city(city: str | None, account: str, cycle: str | None, policy: Policy | None, folder: Path) -> tuple[Policy, Written]:
    """The city's cases as files; its release in force, unless other rules are named."""
    from ..services.rulebook.populations import write_cases
    from .acting import acting

    with acting(city, account) as context:
        chosen = policy or context.city.policy(context.city.release().fingerprint)
        return chosen, write_cases(context, chosen, folder, cycle)


def _explain(policy: Policy, source: Path, target: Path, case: str, output: str, day: date | None, as_json: bool) -> None:
    from ..bulk.why import why

    found = why(policy, source, target, case, output, day)
    if as_json:
        trace = [entry.as_json() for entry in found.entries]
        emit({"case": case, "error": dict(found.error)} if found.error else {"case": case, "output": output, "trace": trace})
    elif found.error:
        click.echo(f"{found.error['code']}: {found.error['message']}")
    else:
        for entry in found.entries:
            click.echo(f"– {entry.text_id}")
