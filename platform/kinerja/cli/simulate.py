"""`kinerja simulate`: today's rules against a draft, on a population."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from ..bulk.simulate import GROUPS, Simulation
from ..core.indonesian import number
from ..policy import load_policy
from .asking import judgement_day
from .common import emit, existing_folder, guarded, json_option, note, on_option, rules_folder

INVENTED = 2_000


@click.command()
@click.option("--rules", "draft", required=True, metavar="DIR", help="The draft rules.")
@click.option("--against", metavar="DIR", help="The rules to compare with (default: the city's release, else rules/).")
@click.option("--population", "folder", metavar="DIR", help="The population (default: an invented one).")
@click.option("--ceiling", type=int, metavar="RUPIAH", help="What the monthly sum may not exceed.")
@click.option("--english", is_flag=True, help="Sentences in English.")
@on_option
@json_option
@guarded
def simulate(
    draft: str, against: str | None, folder: str | None, ceiling: int | None, english: bool, on: str | None, as_json: bool
) -> None:
    """Compute a population with the rules in force and with a draft: who moves, what it costs."""
    from ..bulk.population import population
    from ..bulk.simulate import simulate as compare

    release, new = load_policy(rules_folder(against)), load_policy(existing_folder(draft))
    day = judgement_day(on)
    if folder is not None:
        found = compare(release, new, existing_folder(folder), on=day, ceiling=ceiling, note=note)
    else:
        note(f"tanpa --population: {INVENTED} kasus rekaan")
        with TemporaryDirectory(prefix="kinerja-penduduk-") as scratch:
            population(release, INVENTED, 1, Path(scratch))
            found = compare(release, new, Path(scratch), on=day, ceiling=ceiling, note=note)
    if as_json:
        emit(found.as_json())
        return
    for line in report(found, "en" if english else "id"):
        click.echo(line)


def report(found: Simulation, language: str) -> Iterable[str]:
    english = language == "en"
    yield from found.sentences(language)
    if found.changes:
        yield ""
        yield "Changes in the rules" if english else "Perubahan aturan"
        yield from (f"– {change.line(language)}" for change in found.changes)
    before, after, change = ("before", "after", "change") if english else ("sebelum", "sesudah", "selisih")
    spread = [one for one in found.spreads if one.output == found.main_band and not one.group]
    if spread:
        yield ""
        yield from _table([found.main_band, before, after], [[s.band, number(s.before), number(s.after)] for s in spread])
    for group, (title_id, title_en) in GROUPS.items():
        rows = [one for one in found.money if one.output == found.main_money and one.group == group]
        if rows:
            yield ""
            title = title_en if english else title_id
            shown = [[m.value, number(m.cases), number(m.before), number(m.after), number(m.change)] for m in rows]
            yield from _table([title, "cases" if english else "kasus", before, after, change], shown)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterable[str]:
    """First column to the left, figures to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    for row in (head, ["-" * width for width in widths], *rows):
        cells = [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        yield "  ".join(cells).rstrip()
