"""`kinerja task list|show|do`: human tasks of every process, from the command line."""

from __future__ import annotations

from typing import Any

import click

from ..core.clock import last_day
from ..core.errors import InputError
from ..core.indonesian import long_date, number
from ..process.forms import Field
from ..services.casework import tasks
from ..services.context import Context
from ..services.views import Receipt, TaskPage, TaskView
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_object, json_option
from .proof import evidence_given


@click.group()
def task() -> None:
    """Human tasks: what waits for whom, and doing it."""


@task.command("list")
@as_option
@city_option
@json_option
@guarded
def list_tasks(account: str, city: str | None, as_json: bool) -> None:
    """The open tasks of the account, the oldest due first."""
    with acting(city, account) as context:
        found = tasks.desk(context)
    if as_json:
        emit([_row(view) for view in found])
        return
    for view in found:
        due = f"  tenggat {long_date(last_day(view.due))}{' (terlambat)' if view.overdue else ''}" if view.due else ""
        click.echo(f"{view.id:>6}  {view.title} – {_about(view)}{due}")
    if not found:
        click.echo("tidak ada tugas yang menunggu")


@task.command()
@click.argument("task_id", metavar="ID", type=int)
@as_option
@city_option
@json_option
@guarded
def show(task_id: int, account: str, city: str | None, as_json: bool) -> None:
    """A task with its form and what one must know to do it."""
    with acting(city, account) as context:
        page = tasks.page(context, task_id)
    if as_json:
        emit(_page(page))
        return
    view = page.task
    click.echo(f"{view.title} – {_about(view)}")
    for answer in page.answers:
        click.echo(f"  {answer.title} ({answer.author}, {long_date(answer.at.date())})")
        for label, _, words, _ in answer.fields:
            click.echo(f"    {label}: {words}")
    for item in page.items:
        actual = "belum dinilai" if item.actual is None else number(item.actual)
        click.echo(f"  {item.code}  {item.label_id}: realisasi {actual}, target {number(item.target)} {item.unit} ({item.place})")
    if page.form is None:
        return
    click.echo(f"\n{page.form.title.id}\n{page.form.intro.id}\n")
    for name, question in page.form.fields.items():
        options = [value for value, _, _ in page.choices.get(name, ())]
        if question.type == "rubric":
            click.echo(f"  {question.label.id} (dihitung aturan {question.decision}):")
            continue
        hint = f" [{' | '.join(options)}]" if options else f" <{question.type}{_range(question)}>"
        click.echo(f"  {name}={'…' if question.required else ''}{hint}  {question.label.id}")
    click.echo(f"\nkerjakan: kinerja task do {task_id} --as {account} NAMA=NILAI … (atau --answers @BERKAS.json)")


@task.command("do")
@click.argument("task_id", metavar="ID", type=int)
@click.argument("answers", metavar="[NAME=VALUE]…", nargs=-1)
@click.option("--answers", "document", metavar="JSON|@FILE", help="Answers as one JSON object {name: value}, or @ and a file.")
@as_option
@city_option
@json_option
@guarded
def do(task_id: int, answers: tuple[str, ...], document: str | None, account: str, city: str | None, as_json: bool) -> None:
    """Do a task with the answers of its form."""
    given = json_object(document, "--answers") | dict(_answer(text) for text in answers)
    with acting(city, account) as context:
        receipt = tasks.complete(context, task_id, _with_files(context, task_id, given))
    show_receipt(receipt, as_json)


def _with_files(context: Context, task_id: int, given: dict[str, Any]) -> dict[str, Any]:
    """Answers "@FILE" to questions about evidence, as the files they name."""
    if not any(isinstance(value, str) and value.startswith("@") for value in given.values()):
        return given
    form = tasks.page(context, task_id).form
    asked = {name for name, question in form.fields.items() if question.type == "evidence"} if form else set()
    settings = context.city.settings
    return {
        name: evidence_given(settings, value) if name in asked and isinstance(value, str) and value.startswith("@") else value
        for name, value in given.items()
    }


def show_receipt(receipt: Receipt, as_json: bool) -> None:
    """What an act answered; the same shape for every act."""
    if as_json:
        emit(
            {
                "act": receipt.act,
                "subject": receipt.subject,
                "at": receipt.at,
                "seq": receipt.seq,
                "hash": receipt.hash,
                "text": {"id": receipt.text_id, "en": receipt.text_en},
                "held": receipt.held,
                "values": dict(receipt.values),
            }
        )
    else:
        click.echo(f"{receipt.text_id} (buku besar no. {receipt.seq}, {receipt.hash[:12]})")


def _range(question: Field) -> str:
    return f" {number(question.low)}..{number(question.high)}" if question.low is not None and question.high is not None else ""


def _about(view: TaskView) -> str:
    """Whom or what a task is about, in one line."""
    place = view.agency or "seluruh kota"
    return f"{view.person}, {view.position} ({place})" if view.position else f"{view.person} ({place})"


def _answer(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise InputError(
            "jawaban_tidak_sah",
            f"“{text}” bukan NAMA=NILAI",
            f'"{text}" is not NAME=VALUE',
            remedy_id="lihat nama isian dengan: kinerja task show ID",
            remedy_en="see the field names with: kinerja task show ID",
        )
    return name, value


def _row(view: TaskView) -> dict[str, Any]:
    names = (
        "id",
        "task",
        "title",
        "role",
        "stage",
        "state",
        "case_id",
        "cycle",
        "nip",
        "person",
        "position",
        "unit",
        "agency",
        "due",
        "overdue",
        "subject",
    )
    return {name: getattr(view, name) for name in names}


def _page(page: TaskPage) -> dict[str, Any]:
    form = page.form
    return {
        "task": _row(page.task),
        "form": None
        if form is None
        else {
            "title": {"id": form.title.id, "en": form.title.en},
            "intro": {"id": form.intro.id, "en": form.intro.en},
            "fields": [
                {
                    "name": name,
                    "type": question.type,
                    "required": question.required,
                    "label": {"id": question.label.id, "en": question.label.en},
                    "options": [value for value, _, _ in page.choices.get(name, ())],
                    **({"range": [question.low, question.high], "scale": question.scale} if question.type == "number" else {}),
                    **({"decision": question.decision} if question.decision else {}),
                    **({"part": question.part} if question.part else {}),
                }
                for name, question in form.fields.items()
            ],
        },
        "indikator": [
            {"kode": i.code, "label": i.label_id, "target": i.target, "bobot": i.weight, "realisasi": i.actual, "place": i.place}
            for i in page.items
        ],
        "jawaban": [
            {
                "task": a.task,
                "oleh": a.author,
                "at": a.at,
                "isian": [{"label": label, "nilai": words} for label, _, words, _ in a.fields],
            }
            for a in page.answers
        ],
        "penilaian": [
            {"peran": j.role, "aspek": j.aspect, "nilai": j.value, "alasan": j.reason, "bukti": j.evidence, "oleh": j.author_name}
            | ({} if j.rubric is None else {"rubrik": {"keputusan": j.rubric.decision, "kriteria": list(j.rubric.scores)}})
            for j in page.judgements
        ],
    }
