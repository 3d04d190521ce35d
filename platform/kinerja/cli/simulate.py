"""`kinerja simulate`: today's rules against a draft, on a population or on the people of a city."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from ..core.errors import InputError
from ..core.indonesian import number
from ..policy import load_policy
from .acting import acting
from .asking import judgement_day
from .common import city_option, emit, existing_folder, guarded, json_option, note, on_option, rules_folder, write_file

INVENTED = 2_000


@click.command()
@click.option("--rules", "draft", required=True, metavar="DIR", help="The draft rules.")
@click.option("--against", metavar="DIR", help="The rules to compare with (default: the city's release, else rules/).")
@click.option("--population", "folder", metavar="DIR", help="The population (default: an invented one).")
@click.option("--ceiling", type=int, metavar="RUPIAH", help="What the monthly sum may not exceed.")
@click.option("--budget", metavar="FILE", help="Yearly ceilings by agency (as config/anggaran.toml of a city).")
@click.option("--year", type=int, metavar="YEAR", help="The year of the budget (default: the judgement day's).")
@city_option
@click.option("--as", "account", metavar="ACCOUNT", help="With --city: on the city's own people, as this account; kept there.")
@click.option("--people", is_flag=True, help="With --json: list those whom the draft touches.")
@click.option("--charts", metavar="DIR", help="Write the charts as SVG files.")
@click.option("--english", is_flag=True, help="Sentences in English.")
@on_option
@json_option
@guarded
def simulate(
    draft: str,
    against: str | None,
    folder: str | None,
    ceiling: int | None,
    budget: str | None,
    year: int | None,
    city: str | None,
    account: str | None,
    people: bool,
    charts: str | None,
    english: bool,
    on: str | None,
    as_json: bool,
) -> None:
    """Compute a population with the rules in force and with a draft: who moves, what it costs."""
    if city is not None and account is None:
        raise InputError(
            "akun_tidak_disebut",
            "--city menghitung pegawai kota itu dan menyimpannya di sana; sebagai siapa?",
            "--city computes the people of that city and keeps the simulation there; as whom?",
            remedy_id="tambahkan --as AKUN",
            remedy_en="add --as ACCOUNT",
        )
    if account is not None:
        document = _in_city(draft, city, account, people)
    else:
        document = _on_population(draft, against, folder, ceiling, budget, year, people, on)
    if charts is not None:
        from ..bulk.simulation import charts as drawn

        for name, svg in drawn(document, "en" if english else "id").items():
            write_file(Path(charts) / f"{name}.svg", svg, folders=True)
    if as_json:
        emit(document)
        return
    for line in report(document, "en" if english else "id"):
        click.echo(line)


def _on_population(
    draft: str,
    against: str | None,
    folder: str | None,
    ceiling: int | None,
    budget: str | None,
    year: int | None,
    people: bool,
    on: str | None,
) -> dict[str, Any]:
    from ..bulk.population import population
    from ..bulk.simulation import Budget
    from ..bulk.simulation import simulate as compare
    from ..services.pay.budgets import read_budget

    release, new = load_policy(rules_folder(against)), load_policy(existing_folder(draft))
    day = judgement_day(on)
    limits = Budget()
    if budget is not None:
        if year is None and day is None:
            raise InputError(
                "tahun_tidak_disebut",
                "anggaran tahun mana?",
                "the budget of which year?",
                remedy_id="sebutkan --year TAHUN atau --on TANGGAL",
                remedy_en="name --year YEAR or --on DATE",
            )
        limits = read_budget(Path(budget), year or (day.year if day else 0))
    with TemporaryDirectory(prefix="kinerja-penduduk-") as scratch:
        if folder is None:
            note(f"tanpa --population: {INVENTED} kasus rekaan")
            population(release, INVENTED, 1, Path(scratch))
        source = Path(scratch) if folder is None else existing_folder(folder)
        found = compare(release, new, source, on=day, ceiling=ceiling, budget=limits, note=note)
    document = found.as_json()
    if people:
        document["people"] = [
            {
                "key": one.key, "unit": one.unit, "from": one.before, "to": one.after,
                "yearly": {"before": one.year_before, "after": one.year_after},
            }
            for one in found.people
            if one.touched
        ]  # fmt: skip
    return document


def _in_city(draft: str, city: str | None, account: str, people: bool) -> dict[str, Any]:
    from ..services.rulebook import simulation

    with acting(city, account) as context:
        receipt = simulation.keep(context, load_policy(existing_folder(draft)), note)
        if receipt is None:
            raise InputError("belum_ada_kasus", "kota ini belum punya kasus", "this city has no case yet")
        kept = simulation.get(context, int(receipt.values["simulation"]))
        document = {"simulation": kept.id, **kept.document}
        if people:
            document["people"] = [
                {
                    "case": one.case, "nip": one.nip, "name": one.name, "unit": one.agency, "from": one.before, "to": one.after,
                    "yearly": {"before": one.money_before, "after": one.money_after},
                }
                for one in simulation.movers(context, int(receipt.values["simulation"]))
            ]  # fmt: skip
    return document


def report(document: Mapping[str, Any], language: str) -> Iterable[str]:
    """The document as lines: sentences, changed rules, and the tables that people ask for first."""
    from ..bulk.simulation import GROUPS

    english = language == "en"
    yield from document["sentences"][language]
    if document["rules"]:
        yield ""
        yield "Changes in the rules" if english else "Perubahan aturan"
        yield from (f"– {one['text'][language]}" for one in document["rules"])
    before, after, change = ("before", "after", "change") if english else ("sebelum", "sesudah", "selisih")
    band, money = document["main"]["band"], document["main"]["money"]
    spread = [one for one in document["distribution"] if one["output"] == band and not one["group"]]
    if spread:
        yield from _table([band, before, after], [[s["band"], number(s["before"]), number(s["after"])] for s in spread])
    a_month = "a month" if english else "sebulan"
    for group, titles in GROUPS.items():
        rows = [one for one in document["money"] if one["output"] == money and one["group"] == group]
        figures = [
            [m["value"], number(m["cases"]), *(number(m["monthly"][key]) for key in ("before", "after", "change"))] for m in rows
        ]
        head = [titles[english], "cases" if english else "kasus", f"{before} ({a_month})", after, change]
        yield from _table(head, figures)
    ceilings = [
        [c["unit"] or ("all" if english else "semua"), number(c["rupiah"]), number(c["after"]), _percent(c["used_percent"])]
        for c in document["budget"]["ceilings"]
    ]
    a_year = "budget a year" if english else "pagu setahun"
    yield from _table([GROUPS["unit"][english], a_year, after, "%"], ceilings)
    shares = [
        [f["value"], number(f["cases"]), *(number(f["top_percent"][key], 2) for key in ("before", "after"))]
        for f in document["fairness"]
        if f["group"] == "unit"
    ]
    best = "best two, % before" if english else "dua teratas, % sebelum"
    yield from _table([GROUPS["unit"][english], "employees" if english else "pegawai", best, after], shares)


def _percent(value: Fraction | None) -> str:
    return "–" if value is None else number(value, 2)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """After an empty line: first column to the left, figures to the right. Nothing without rows."""
    if not rows:
        return
    yield ""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()
