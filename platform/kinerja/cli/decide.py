"""`kinerja decide`: one decision, or a file of them."""

from __future__ import annotations

from typing import Any

import click

from ..core.errors import InputError, KinerjaError, Place
from ..core.exactjson import loads
from ..engine import Engine
from .asking import judgement_day, lines_of, not_both, open_engine, read, shown_name, standing
from .common import emit, guarded, json_object, json_option, on_option, rules_option


@click.command()
@click.argument("decision", required=False)
@click.option("--input", "given", metavar="JSON|@FILE", help="The decision's inputs as a JSON object, or @ and a file.")
@click.option("--batch", metavar="FILE.json", help="Instead of DECISION: a list of {id, decision, given}.")
@on_option
@rules_option
@json_option
@guarded
def decide(decision: str | None, given: str | None, batch: str | None, on: str | None, rules: str | None, as_json: bool) -> None:
    """Take one DECISION through both engines: outputs, matched rows, citations, trace."""
    day = judgement_day(on)
    if batch is not None:
        not_both(decision, given)
        questions = loads(read(batch), file=shown_name(batch))
        if not isinstance(questions, list):
            raise _no_list(shown_name(batch))
        with open_engine(rules) as engine:
            emit({"results": _batch(engine, questions, batch, day)})
        return
    if not decision:
        raise InputError(
            "argumen_kurang",
            "sebutkan keputusan, atau --batch berkas",
            "name a decision, or --batch a file",
            remedy_id="misalnya: kinerja decide mutu_pelayanan --input '{\"ikm\": 88.31}'",
            remedy_en="for example: kinerja decide mutu_pelayanan --input '{\"ikm\": 88.31}'",
        )
    inputs = json_object(given, "--input")
    with open_engine(rules) as engine:
        finding = engine.decide(decision, inputs, day, file=given[1:] if given and given.startswith("@") else "--input")
    if as_json:
        rows = [{"decision": name, "rows": list(ids)} for name, _, ids in finding.outcome.rows]
        emit({"decision": decision, **finding.as_json(), "rows": rows})
        return
    for line in lines_of(finding):
        click.echo(line)


def _batch(engine: Engine, questions: list[Any], file: str, day: Any) -> list[dict[str, Any]]:
    """Answers in order; a question that cannot be read or answered has its error instead of outputs."""
    answers: list[dict[str, Any]] = []
    asked: list[tuple[int, tuple[str, Any, Any]]] = []
    for number, question in enumerate(questions, 1):
        named = isinstance(question, dict) and isinstance(question.get("decision"), str)
        answers.append({"id": question.get("id") if isinstance(question, dict) else None})
        if named:
            asked.append((number - 1, (question["decision"], question.get("given", {}), day)))
        else:
            answers[-1]["error"] = _no_question(shown_name(file), number).as_json()
    for (position, _), result in zip(asked, engine.decide_many(question for _, question in asked), strict=True):
        if isinstance(result, KinerjaError):
            answers[position]["error"] = standing(result, Place(shown_name(file))).as_json()
        else:
            answers[position]["outputs"] = result.outcome.outputs
    return answers


def _no_question(file: str, number: int) -> InputError:
    return InputError(
        "bentuk_salah",
        f"butir {number} harus {{id, decision, given}}",
        f"entry {number} must be {{id, decision, given}}",
        place=Place(file),
        remedy_id="sebutkan nama keputusannya",
        remedy_en="name its decision",
    )


def _no_list(file: str) -> InputError:
    return InputError(
        "bentuk_salah",
        "isinya harus daftar {id, decision, given}",
        "a list of {id, decision, given} is expected",
        place=Place(file),
        remedy_id="mulai dengan [ dan tutup dengan ]",
        remedy_en="begin with [ and end with ]",
    )
