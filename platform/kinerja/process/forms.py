"""Forms of human tasks: a YAML file says what is asked and why; `Form.clean` turns what a person typed into exact values.

A form is data, shown by the console and the command line alike. It names its choices, its limits and which answers become
judgements on record; it never computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from typing import Any

from ..core.errors import InputError, KinerjaError, Place
from . import answers
from .conditions import Condition
from .planstep import PlanStep

FIELD_TYPES = ("choice", "text", "long_text", "number", "boolean", "date", "evidence", "rubric")
Vocabulary = Callable[[str], Sequence[str]]
"""From a fact's full name ("kasus.perilaku_kerja") to the values the vocabulary allows it."""


@dataclass(frozen=True, slots=True)
class Text:
    """The same words in Indonesian and English."""

    id: str
    en: str

    def get(self, language: str) -> str:
        return self.en if language == "en" else self.id

    def __bool__(self) -> bool:
        return bool(self.id)


NO_TEXT = Text("", "")
COMMENT, EVIDENCE = Text("Komentar", "Comment"), Text("Bukti", "Evidence")


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class Field:
    """One question. range: lowest and highest number, both allowed. options_from: the fact whose values are the choices, the
    options then only label them. required_when: a condition over the form's own answers."""

    name: str
    label: Text
    type: str
    place: Place
    required: bool = False
    options: tuple[Option, ...] = ()
    options_from: str = ""
    min_length: int = 0
    max_length: int = 0
    low: Fraction | None = None
    high: Fraction | None = None
    scale: int = 0
    help: Text = NO_TEXT
    default: str = ""
    required_when: Condition | None = None
    decision: str = ""
    part: str = ""

    def choices(self, vocabulary: Vocabulary | None = None) -> tuple[Option, ...]:
        """The options to show. Raise InputError(`kosakata_tidak_ada`) when they come from a vocabulary that is not given."""
        if not self.options_from:
            return self.options
        if vocabulary is None:
            raise InputError(
                "kosakata_tidak_ada",
                f"pilihan “{self.name}” berasal dari {self.options_from}, tetapi kosakata tidak diberikan",
                f'the choices of "{self.name}" come from {self.options_from}, but no vocabulary is given',
                place=self.place,
            )
        labels = {option.value: option.label for option in self.options}
        return tuple(Option(value, labels.get(value, _humanised(value))) for value in vocabulary(self.options_from))


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a rubric asks about, as a rule file states it: an input of the rubric's decision."""

    name: str
    label: Text
    low: Fraction | None
    high: Fraction | None
    scale: int


@dataclass(frozen=True, slots=True)
class Record:
    """A judgement to keep: who judges (peran) which aspect, and the fields that hold value, reason and evidence."""

    peran: str
    aspek: str
    nilai: str
    alasan: str
    bukti: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """intro: why this is asked. next: what happens once it is sent. bulk: field → answer given when many are answered at once;
    empty where each is to be answered on its own. confidential: answers are kept without who gave them, and the process is not
    told them. plan: what it does to the plan of its case."""

    name: str
    title: Text
    intro: Text
    fields: Mapping[str, Field]
    place: Place
    records: tuple[Record, ...] = ()
    submit: Text = field(default=Text("Kirim", "Submit"))
    next: Text = NO_TEXT
    bulk: Mapping[str, str] = field(default_factory=dict)
    confidential: bool = False
    plan: PlanStep | None = None

    def clean(self, submitted: Mapping[str, Any], vocabulary: Vocabulary | None = None) -> dict[str, Any]:
        """Exact values of every field (None where left empty); names that are not fields are ignored.

        submitted: field → what was typed (text; from JSON also Fraction, bool, date, None).
        Raises FormError with one named error a field, all of them at once.
        """
        values: dict[str, Any] = {}
        errors: dict[str, KinerjaError] = {}
        for name, question in self.fields.items():
            try:
                values[name] = answers.read(question, submitted.get(name), vocabulary)
            except KinerjaError as error:
                errors[name] = error
                values[name] = None
        for name, question in self.fields.items():
            unanswered = name not in errors and values[name] in (None, False) and question.type != "rubric"
            if unanswered and self._must_answer(question, values):
                errors[name] = answers.missing(question)
        if errors:
            raise FormError(self, errors)
        return values

    def opened(self, criteria: Callable[[str], Sequence[Criterion]]) -> Form:
        """The form with each rubric laid out: score, comment and evidence of every criterion, the latter two as required as it.

        criteria: of a decision. The rubric itself stays, to hold the total, which nobody types.
        """
        fields: dict[str, Field] = {}
        for name, question in self.fields.items():
            if question.type == "rubric":
                fields[name] = replace(question, required=False, required_when=None)
                for criterion in criteria(question.decision):
                    fields.update({part.name: part for part in _asked(question, criterion)})
            else:
                fields[name] = question
        return replace(self, fields=fields)

    @staticmethod
    def unreadable(name: str, place: Place) -> Form:
        """Stands for a form file with errors, so that only those are reported and not that the form is missing."""
        return Form(name, NO_TEXT, NO_TEXT, {}, place)

    @staticmethod
    def _must_answer(question: Field, values: Mapping[str, Any]) -> bool:
        return question.required or (question.required_when is not None and question.required_when.holds(values, question.place))

    def judgements(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
        """The judgements among cleaned values: {peran, aspek, nilai, alasan, bukti}; a record whose value is empty is left out."""
        return tuple(entry for _, entry in self.recorded(values))

    def recorded(self, values: Mapping[str, Any]) -> tuple[tuple[Record, dict[str, Any]], ...]:
        """Each record that got a value, with its judgement."""
        return tuple(
            (
                record,
                {
                    "peran": record.peran,
                    "aspek": record.aspek,
                    "nilai": values[record.nilai],
                    "alasan": values.get(record.alasan),
                    "bukti": values.get(record.bukti) if record.bukti else None,
                },
            )
            for record in self.records
            if values.get(record.nilai) is not None
        )

    def defaults(self) -> dict[str, str]:
        return {name: question.default for name, question in self.fields.items() if question.default}


class FormError(InputError):
    """Answers that cannot be taken. fields: field name → its error."""

    http_status = 422

    def __init__(self, form: Form, errors: Mapping[str, KinerjaError]) -> None:
        labels = ", ".join(form.fields[name].label.id for name in errors)
        labels_en = ", ".join(form.fields[name].label.en for name in errors)
        super().__init__(
            "isian_belum_benar",
            f"isian belum benar: {labels}",
            f"these answers need mending: {labels_en}",
            remedy_id="; ".join(f"{form.fields[name].label.id}: {error.text_id}" for name, error in errors.items()),
            remedy_en="; ".join(f"{form.fields[name].label.en}: {error.text_en}" for name, error in errors.items()),
            fields={name: {"code": error.code, "id": error.text_id, "en": error.text_en} for name, error in errors.items()},
        )
        self.fields = dict(errors)


def criterion_fields(rubric: str, criterion: str) -> tuple[str, str, str]:
    """Names of the fields in which a rubric asks one criterion: score, comment, evidence."""
    stem = f"{rubric}_{criterion}"
    return stem, f"{stem}_komentar", f"{stem}_bukti"


def _asked(rubric: Field, criterion: Criterion) -> tuple[Field, ...]:
    score, comment, evidence = criterion_fields(rubric.name, criterion.name)

    def about(what: Text) -> Text:
        return Text(f"{criterion.label.id}: {what.id.lower()}", f"{criterion.label.en}: {what.en.lower()}")

    common: dict[str, Any] = {
        "place": rubric.place,
        "required": rubric.required,
        "required_when": rubric.required_when,
        "part": rubric.name,
    }
    return (
        Field(
            score, criterion.label, "number", low=criterion.low, high=criterion.high, scale=criterion.scale,
            default=rubric.default, **common,
        ),
        Field(comment, about(COMMENT), "long_text", min_length=rubric.min_length, max_length=rubric.max_length, **common),
        Field(evidence, about(EVIDENCE), "evidence", **common),
    )  # fmt: skip


def _humanised(value: str) -> Text:
    words = value.replace("_", " ").capitalize()
    return Text(words, words)


def shown(question: Field, value: Any, language: str = "id") -> str:
    """A cleaned value as a reader sees it: a choice by its label, a number with a decimal comma, a date in words."""
    if isinstance(value, str) and question.type == "choice":
        for option in question.options:
            if option.value == value:
                return option.label.get(language)
        return _humanised(value).get(language)
    if isinstance(value, str) and question.type == "date":  # as a stored answer keeps it
        return answers.shown(date.fromisoformat(value), language)
    return answers.shown(value, language)
