"""`kinerja case …`: an appraisal's plan, remarks, progress with evidence, disputes; papers for an examination."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from ..core.indonesian import long_date
from ..services.casework import discipline as papers
from ..services.casework import evidence as kept
from ..services.casework import monitoring
from ..store.monitoring import NOTE_KINDS
from .acting import acting, as_option
from .amend import amend, answer
from .assume import assume
from .common import city_option, emit, guarded, json_option, new_file
from .common import note as note_to_stderr
from .plan import cascade, plan, serve
from .proof import evidence_given, evidence_option
from .task import show_receipt


@click.group()
def case() -> None:
    """An appraisal while it runs: its plan; remarks, feedback; disputed actuals; papers where absences reach a band."""


for command in (plan, serve, cascade, amend, answer, assume):
    case.add_command(command)


@case.command()
@click.argument("case_id", metavar="CASE", type=int)
@as_option
@city_option
@json_option
@guarded
def monitor(case_id: int, account: str, city: str | None, as_json: bool) -> None:
    """Remarks and disputes of a case, and targets past their date without an actual."""
    with acting(city, account) as context:
        found = monitoring.monitoring(context, case_id)
    if as_json:
        emit(asdict(found) | {"expired": sorted(found.expired)})
        return
    for note in found.notes:
        about = f" {note.item}" if note.item else ""
        proof = f" [{note.evidence}]" if note.evidence else ""
        click.echo(f"{note.at:%Y-%m-%d} {note.author_name}, {note.kind.replace('_', ' ')}{about}: {note.text}{proof}")
    for one in found.disputes:
        click.echo(f"sanggahan {one.id} atas {one.item} ({one.state}): {one.reason}{' → ' + one.decision if one.decision else ''}")
    for code in sorted(found.expired):
        click.echo(f"{code}: lewat waktu tanpa realisasi")


@case.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.argument("kind", type=click.Choice(NOTE_KINDS))
@click.argument("text")
@click.option("--item", default="", metavar="CODE", help="The indicator it is about.")
@evidence_option
@as_option
@city_option
@json_option
@guarded
def note(case_id: int, kind: str, text: str, item: str, evidence: str, account: str, city: str | None, as_json: bool) -> None:
    """Write progress, feedback, coaching, a quarter review, or a word on the plan."""
    with acting(city, account) as context:
        proof = evidence_given(context.city.settings, evidence)
        show_receipt(monitoring.note(context, case_id, kind, text, item, proof), as_json)


@case.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.argument("text")
@click.option("--item", default="", metavar="CODE", help="The indicator it is about.")
@click.option("--value", default=None, metavar="NUMBER", help="What the indicator has come to; needs --item and --evidence.")
@evidence_option
@as_option
@city_option
@json_option
@guarded
def progress(
    case_id: int, text: str, item: str, value: str | None, evidence: str, account: str, city: str | None, as_json: bool
) -> None:
    """Say how far the work is, with evidence, and record the actual of an indicator that is reported."""
    number = monitoring.read_actual(value or "")
    with acting(city, account) as context:
        proof = evidence_given(context.city.settings, evidence)
        show_receipt(monitoring.note(context, case_id, monitoring.PROGRESS, text, item, proof, number), as_json)


@case.command("evidence")
@click.argument("case_id", metavar="CASE", type=int)
@click.option("--get", "wanted", metavar="SHA256", help="Write this file (the beginning of its hash) to --out.")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE")
@as_option
@city_option
@json_option
@guarded
def evidence_files(case_id: int, wanted: str | None, out: Path | None, account: str, city: str | None, as_json: bool) -> None:
    """The evidence files of a case, with where else the same file was given; or one of them, checked, written to FILE."""
    with acting(city, account) as context:
        found = kept.files(context, case_id)
        if wanted is not None and out is not None:
            chosen = next((view.sha256 for view in found if view.sha256.startswith(wanted)), wanted)
            _, data, _ = kept.read(context, case_id, chosen)
            new_file(out, data)
            note_to_stderr(f"{out}: {len(data)} byte")
            return
    if as_json:
        emit([asdict(view) for view in found])
        return
    for view in found:
        click.echo(f"{view.sha256[:16]}  {view.name} ({view.size} byte) {view.added_name}, {long_date(view.added_at.date())}")
        if view.elsewhere:
            cases = ", ".join(map(str, view.open))
            click.echo(f"  ! berkas yang sama diberikan pada {view.elsewhere} kasus lain{': ' + cases if cases else ''}")
    if not found:
        click.echo("tidak ada berkas bukti")


@case.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.argument("item", metavar="CODE")
@click.option("--reason", required=True)
@evidence_option
@as_option
@city_option
@json_option
@guarded
def dispute(case_id: int, item: str, reason: str, evidence: str, account: str, city: str | None, as_json: bool) -> None:
    """Say that the actual of an indicator is wrong: it is held, and used in no evaluation, until decided."""
    with acting(city, account) as context:
        show_receipt(monitoring.dispute(context, case_id, item, reason, evidence_given(context.city.settings, evidence)), as_json)


@case.command()
@click.argument("dispute_id", metavar="DISPUTE", type=int)
@click.option("--upheld/--dismissed", required=True)
@click.option("--reason", required=True)
@as_option
@city_option
@json_option
@guarded
def decide(dispute_id: int, upheld: bool, reason: str, account: str, city: str | None, as_json: bool) -> None:
    """Decide a dispute: upheld, the actual stays out; dismissed, it counts again."""
    with acting(city, account) as context:
        show_receipt(monitoring.decide_dispute(context, dispute_id, upheld, reason), as_json)


@case.command()
@click.argument("case_id", metavar="CASE", type=int)
@as_option
@city_option
@json_option
@guarded
def discipline(case_id: int, account: str, city: str | None, as_json: bool) -> None:
    """Begin the papers that propose an examination of an employee's absences; HR then does the task. It imposes nothing."""
    with acting(city, account) as context:
        show_receipt(papers.begin(context, case_id), as_json)
