"""`kinerja explain`: why an output is what it is."""

from __future__ import annotations

from pathlib import Path

import click

from ..engine import draw
from ..engine import explain as entries_of
from .asking import judgement_day, open_engine, read_document, shown_name
from .common import emit, guarded, json_option, on_option, rules_option, write_file


@click.command()
@click.argument("facts")
@click.option("--output", default="predikat", show_default=True, help="The output to explain.")
@click.option("--english", is_flag=True, help="Sentences, and the words of the drawing, in English.")
@click.option("--svg", "picture", metavar="FILE.svg", help="Also draw it with the case's values.")
@on_option
@rules_option
@json_option
@guarded
def explain(facts: str, output: str, english: bool, picture: str | None, on: str | None, rules: str | None, as_json: bool) -> None:
    """Every step that an output of the case FACTS.json rests on, in order, with file, line and article."""
    document = read_document(facts)
    with open_engine(rules) as engine:
        finding = engine.evaluate(document, judgement_day(on), file=shown_name(facts))
    entries = entries_of(finding, output)
    if picture is not None:
        write_file(Path(picture), draw(entries, output, engine.policy, "en" if english else "id"))
    if as_json:
        emit({"output": output, "trace": [entry.as_json() for entry in entries], "release": finding.release.as_json()})
        return
    for entry in entries:
        click.echo(f"– {entry.text_en if english else entry.text_id}")
    release = finding.release
    day = release.on or ("the latest rules" if english else "aturan terakhir")
    click.echo(f"{'Release' if english else 'Rilis'}: {release.title}, {release.fingerprint[:16]} ({day})")
