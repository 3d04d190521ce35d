"""What the demo has to show: letters printed, one number led back to its law, one case that is near a higher rating."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from fractions import Fraction
from itertools import zip_longest
from pathlib import Path
from typing import Any

from ..core.errors import KinerjaError
from ..core.indonesian import number, rupiah
from ..services.context import SYSTEM, Context
from ..services.openness import overview
from ..services.papers import printing
from ..services.papers.letterbook import DECREE, DOCUMENT
from ..services.reading import latest_evaluation
from ..store import models as db
from ..store.queries import rows
from .act import Sight
from .build import PASSWORD, reader_accounts
from .play import DAYS_BEFORE, Stage
from .summary import Summary

RATINGS = ("Sangat Baik", "Baik", "Butuh Perbaikan", "Kurang", "Sangat Kurang")
NAMED_DOCUMENTS = 12
LIFT_CANDIDATES = 40
PRINTED_AT_ONCE = 10
SHOWN_SERVICES = {"ktp_el": ("KTP-el", "menit", 1), "izin_penerimaan": ("Izin", "hari", 1440)}
"""Service → its word, and the unit its median is told in (minutes each); the first that has events is shown."""


def print_letters(stage: Stage, documents: int = NAMED_DOCUMENTS) -> list[Any]:
    """Print every Keputusan, and the Dokumen evaluasi of some named employees: one of each agency in turn. The rows printed."""
    reader = Context(stage.city, SYSTEM)
    chosen: list[Any] = list(db.Letter.select().where(db.Letter.kind == DECREE).order_by(db.Letter.id))
    by_unit: dict[int, list[Any]] = defaultdict(list)
    found: Any = db.Letter.select().where(db.Letter.kind == DOCUMENT).order_by(db.Letter.id)
    for row in found:
        by_unit[row.unit_id].append(row)
    in_turn = [row for turn in zip_longest(*by_unit.values()) for row in turn if row is not None]
    chosen.extend(in_turn[:documents])
    for start in range(0, len(chosen), PRINTED_AT_ONCE):
        printing.letter_files(reader, [row.id for row in chosen[start : start + PRINTED_AT_ONCE]])
        stage.progress(f"surat {min(start + PRINTED_AT_ONCE, len(chosen))}/{len(chosen)}")
    return [db.Letter.get_by_id(row.id) for row in chosen]


def summarise(stage: Stage, title: str, folder: Path, printed: list[Any], sights: tuple[Sight, ...] = ()) -> Summary:
    context = Context(stage.city, SYSTEM)
    counts = overview.overview(context, stage.cycle)
    evaluated = counts.evaluations
    service = next(code for code in SHOWN_SERVICES if code in counts.waiting)
    word, unit, minutes = SHOWN_SERVICES[service]
    events = db.ServiceEvent.select().where(db.ServiceEvent.service == service, db.ServiceEvent.finished.is_null(False)).count()
    return Summary(
        title=f"KINERJA · {stage.city.settings.city} · Penilaian Kinerja {title}",
        cases=counts.cases,
        agencies=counts.agencies,
        agreed=evaluated,
        evaluated=evaluated + _disagreements(),
        incidents=counts.incidents,
        ratings={rating: counts.by_rating[rating] for rating in RATINGS if rating in counts.by_rating},
        allowance=counts.allowance or Fraction(0),
        paid=evaluated,
        waiting=f"{word}: median {number(counts.waiting[service] / minutes, 2)} {unit} dari {number(events)} permohonan selesai",
        open_by_task=_open_tasks(),
        why=_why(),
        lift=_lift(stage),
        letters=_letters(printed, folder),
        sights=tuple(line for sight in sights for line in (sight.what, f"  → {sight.where}")),
        accounts=reader_accounts(stage.cast),
        password=PASSWORD,
        next_command=f"{_serve(folder)}   → http://127.0.0.1:8080/",
    )


def _serve(folder: Path) -> str:
    """./run serve opens the demo of the checkout; any other city is named."""
    return "./run serve" if folder == Path("var/demo") else f"kinerja serve --city {folder}"


def _disagreements() -> int:
    return int(db.Incident.select().where(db.Incident.code == "mesin_berbeda").count())


def _open_tasks() -> Mapping[str, int]:
    """Title of each open human task → how many, in the order of the process."""
    open_tasks = list(rows(db.Task.select(db.Task.task, db.Task.title).where(db.Task.state == "ready").order_by(db.Task.id)))
    counts = Counter(task for task, _ in open_tasks)
    titles: dict[str, str] = dict(open_tasks)
    return {titles[task]: counts[task] for task in DAYS_BEFORE if task in counts}


def _why() -> tuple[str, ...]:
    """The allowance of the first decided registry operator or officer, led back to the rows it comes from."""
    letter = (
        db.Letter.select(db.Letter)
        .join(db.Case, on=(db.Letter.case == db.Case.id))
        .join(db.Position)
        .where(db.Letter.kind == DOCUMENT, db.Position.code << ["operator_layanan_adminduk", "penata_perizinan"])
        .order_by(db.Letter.id)
        .first()
    )
    if letter is None:
        return ()
    evaluation = latest_evaluation(letter.case_id)
    trace = {entry["output"]: entry for entry in evaluation.finding["trace"] if not entry.get("item")}
    outputs = evaluation.finding["outputs"]
    lines = [f"Mengapa TPP {letter.case.person.name} {rupiah(outputs['tpp_bruto'])}?"]
    for output in ("tpp_bruto", "persen", "predikat"):
        entry = trace[output]
        lines.append(f"  {entry['text']['id']}")
    return tuple(lines)


def _lift(stage: Stage) -> tuple[str, ...]:
    """The case with the smallest change that reaches a higher rating, among the first that are below the top."""
    best: tuple[Fraction, int, Any, Any] | None = None
    candidates: Any = (
        db.Case.select(db.Case, db.Person)
        .join(db.Person, on=(db.Case.person == db.Person.id), attr="person")
        .where(db.Case.rating << ["Butuh Perbaikan", "Baik"])
        .order_by(db.Case.rating.desc(), db.Case.id)
        .limit(LIFT_CANDIDATES)
    )
    for case in candidates:
        evaluation = latest_evaluation(case.id)
        try:
            found = stage.city.whatif(evaluation.release.fingerprint, evaluation.facts, evaluation.on_day)
        except KinerjaError:
            continue
        changes = found.get("changes") or []
        if not changes:
            continue
        size = sum((abs(change["to"] - change["from"]) / max(abs(change["to"]), 1) for change in changes), Fraction(len(changes)))
        if best is None or size < best[0]:
            best = (size, case.id, case, found)
    if best is None:
        return ()
    _, _, case, found = best
    labels = {item.code: item.label_id for item in case.items}
    lines = [f"{case.person.name}: dari {found['now']} menjadi {found['next']} bila"]
    for change in found["changes"]:
        code = change["fact"].split(".")[1]
        lines.append(f"  {labels[code]} ({code}) dari {number(change['from'])} menjadi {number(change['to'])}")
    return tuple(lines)


def _letters(printed: list[Any], folder: Path) -> tuple[str, ...]:
    decrees = [row for row in printed if row.kind == DECREE]
    documents = [row for row in printed if row.kind == DOCUMENT]
    waiting = db.Letter.select().count() - len(printed)
    shown = [*decrees[:2], *documents[:2]]
    return (
        f"{len(decrees)} Keputusan dan {len(documents)} Dokumen evaluasi tercetak di {folder}/letters/"
        + (f" ({number(waiting)} dokumen lain dicetak saat dibuka)" if waiting else ""),
        *(f"  {folder}/letters/{row.pdf}  {row.number}" for row in shown),
    )
