"""An objection is to one input of the case, chosen from what the case rests on; upheld, that input alone is mended.

The disputed figure comes right with the superior's decision, which names it; a rating of people is given anew by those whose it is
(`workflows/penilaian-kinerja` leads there). What the letters say of it stands in `papers.objections`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any

from ...core.indonesian import number
from ...core.numbers import display_text
from ...process import Form, Text
from ...process.forms import Option
from ...store import models as db
from ..context import Context
from ..evaluation.measure import TEAM, correct
from ..papers.objections import DECIDE, UPHELD, WRITE
from ..reading import item_views

SUBJECT, INPUT, RIGHT = "pokok_keberatan", "masukan_keberatan", "nilai_seharusnya"
FIGURE, BEHAVIOUR, QUALITY = "realisasi", "perilaku", "mutu"
WHOLE = Option("Perilaku kerja", Text("Perilaku kerja", "Work behaviour"))
MOST = 10
"""A figure so many times as high as target and record is a slip of the finger."""


def form_for(context: Context, case: Any, task: Any, form: Form) -> Form:
    """The forms of an objection as they are asked of one case: its inputs to choose from, and the figure that is decided on."""
    if case.cycle_id is None:
        return form
    if task.task == WRITE and INPUT in form.fields:
        fields = {name: question for name, question in form.fields.items() if name != SUBJECT}
        fields[INPUT] = replace(fields[INPUT], type="choice", options=_inputs(case), min_length=0, max_length=0)
        return replace(form, fields=fields)
    if task.task == DECIDE and RIGHT in form.fields:
        fields = dict(form.fields)
        item = _disputed(case)
        if item is None:
            del fields[RIGHT]
        else:
            recorded = item.actual if item.actual is not None else Fraction(0)
            highest = max(item.target, item.target_high or Fraction(0), recorded) * MOST
            high = Fraction(100) if item.unit == "persen" else highest or fields[RIGHT].high
            said = f"{item.code} {item.label_id}", f"{item.code} {item.label_en}"
            words = fields[RIGHT].label
            fields[RIGHT] = replace(
                fields[RIGHT], low=Fraction(0), high=high, scale=4,
                label=Text(f"{words.id}: {said[0]}", f"{words.en}: {said[1]}"),
                help=Text(
                    f"Tercatat {number(recorded)} {item.unit}. {fields[RIGHT].help.id}",
                    f"On record {display_text(recorded)} {item.unit}. {fields[RIGHT].help.en}",
                ),
            )  # fmt: skip
        return replace(form, fields=fields)
    return form


def completed(case: Any, task: Any, values: dict[str, Any]) -> dict[str, Any]:
    """The answers with the kind of input that was chosen, by which the process knows where to go on."""
    if task.task != WRITE or case.cycle_id is None or values.get(INPUT) is None:
        return values
    chosen = next((item for item in item_views(case.id) if item.code == values[INPUT]), None)
    return {**values, SUBJECT: BEHAVIOUR if chosen is None else QUALITY if chosen.source == TEAM else FIGURE}


def record_step(context: Context, case: Any, task: Any, values: Mapping[str, Any], at: datetime) -> None:
    """What the superior's decision does to the figure that it found wrong, within the transaction of the task."""
    if task.task != DECIDE or values.get("putusan_keberatan") != UPHELD or values.get(RIGHT) is None:
        return
    item = _disputed(case)
    if item is not None:
        correct(context, case, item.id, values[RIGHT], str(values["alasan_putusan"]), at)


def _inputs(case: Any) -> tuple[Option, ...]:
    return (WHOLE, *(_option(item) for item in item_views(case.id)))


def _option(item: Any) -> Option:
    told = (
        ("", "") if item.actual is None else (f": {number(item.actual)} {item.unit}", f": {display_text(item.actual)} {item.unit}")
    )
    return Option(
        item.code, Text(f"{item.code} {item.label_id}{told[0]}".rstrip(), f"{item.code} {item.label_en}{told[1]}".rstrip())
    )


def _disputed(case: Any) -> Any:
    """The indicator whose figure the case's objection is to; None where it is to something else."""
    written: Any = (
        db.Task.select()
        .where(db.Task.case == case.id, db.Task.task == WRITE, db.Task.state == "done")
        .order_by(db.Task.id.desc())
        .first()
    )
    if written is None or written.answers.get(SUBJECT) != FIGURE:
        return None
    return next((item for item in item_views(case.id) if item.code == written.answers.get(INPUT)), None)
