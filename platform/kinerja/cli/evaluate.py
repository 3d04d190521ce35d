"""`kinerja evaluate`: a whole case, or a file of them."""

from __future__ import annotations

from datetime import date

import click

from ..core.errors import InputError, KinerjaError
from ..core.exactjson import dumps
from ..engine import Engine
from .asking import judgement_day, lines_of, not_both, open_engine, read_document, read_lines, shown_name, standing
from .common import emit, guarded, json_option, on_option, rules_option


@click.command()
@click.argument("facts", required=False)
@click.option("--batch", metavar="FILE.jsonl", help="Instead of FACTS: one case a line, each with an id.")
@on_option
@rules_option
@json_option
@guarded
def evaluate(facts: str | None, batch: str | None, on: str | None, rules: str | None, as_json: bool) -> None:
    """Take a case (FACTS.json, or - for standard input) through both engines."""
    day = judgement_day(on)
    if batch is not None:
        not_both(facts)
        with open_engine(rules) as engine:
            _batch(engine, batch, day)
        return
    if not facts:
        raise InputError(
            "argumen_kurang",
            "sebutkan berkas fakta, - untuk masukan standar, atau --batch berkas",
            "name a facts file, - for standard input, or --batch a file",
            remedy_id="misalnya: kinerja evaluate fakta.json",
            remedy_en="for example: kinerja evaluate facts.json",
        )
    document = read_document(facts)
    with open_engine(rules) as engine:
        finding = engine.evaluate(document, day, file=shown_name(facts))
    if as_json:
        emit(finding.as_json())
        return
    for line in lines_of(finding):
        click.echo(line)


def _batch(engine: Engine, name: str, day: date | None) -> None:
    """One JSON answer a line, in order; a case that fails has {id, error}."""
    cases = list(read_lines(name))
    results = engine.evaluate_many((case for _, _, case in cases if not isinstance(case, KinerjaError)), day)
    for place, identifier, case in cases:
        result = case if isinstance(case, KinerjaError) else next(results)
        answer = {"error": standing(result, place).as_json()} if isinstance(result, KinerjaError) else result.as_json()
        click.echo(dumps({"id": identifier, **answer}))
