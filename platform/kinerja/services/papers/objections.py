"""The decision on an objection, on paper: refused as soon as it is decided, upheld together with the new decision it led to.

What was asked, answered and decided stands in the tasks of `workflows/keberatan`; the figures before and after in the evaluations.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from ...core.errors import KinerjaError
from ...core.indonesian import long_date, number, rupiah
from ...letters import Basis, Change, KeputusanKeberatan, Reason, Signatory, level_words
from ...store import models as db
from ...store.queries import objects
from ..context import Context
from ..custody import worded
from ..evaluation.chaining import ask
from ..reading import latest_evaluation
from .contents import authority_of, letterhead, person_of, provenance
from .letterbook import DECREE, frame, issuing_unit, written

KIND, WINDOW = "keputusan_keberatan", "batas_keberatan"
READ, WRITE, ANSWER, DECIDE = "baca_hasil", "tulis_keberatan", "tanggapi_keberatan", "putuskan_keberatan"
SUPERIOR = "Atasan pejabat penilai"
UPHELD, REFUSED, OBJECTS = "dikabulkan", "ditolak", "keberatan"
FIGURES = (
    ("nilai_hasil_kerja", "Nilai hasil kerja"),
    ("hasil_kerja_akhir", "Hasil kerja"),
    ("predikat", "Predikat"),
    ("tpp_bruto", "TPP bruto sebulan"),
    ("angka_kredit", "Angka kredit"),
)


def on_decision(context: Context, case: Any) -> dict[str, Any]:
    """The `issue_letter` operation for `keputusan_keberatan`, when the superior has decided: a refusal is written now."""
    decided = _done(case, DECIDE)
    if decided is None or decided.answers["putusan_keberatan"] != REFUSED:
        return {}
    evaluation = latest_evaluation(case.id)
    return {"nomor_putusan": _write(context, case, evaluation, evaluation).number}


def after_remedy(context: Context, case: Any, evaluation: Any) -> None:
    """Once a case whose objection was upheld is decided anew: write the decision on the objection, with before and after."""
    decided = _done(case, DECIDE)
    if decided is None or decided.answers["putusan_keberatan"] != UPHELD or _known(case):
        return
    before = _disputed(case, evaluation)
    if before is not None:
        _write(context, case, before, evaluation)


def window(context: Context, case: Any, fingerprint: str) -> tuple[date, date, Reason | None]:
    """(day received, day filed, what the rules say of it) of the case's objection."""
    read = _done(case, READ)
    received, filed = read.ready_at.date(), read.done_at.date()
    try:
        asked = {"keberatan.tanggal_terima": received, "keberatan.tanggal_ajukan": filed}
        [step] = ask(context.city, fingerprint, WINDOW, asked, filed).steps
    except KinerjaError:
        return received, filed, None
    entry = step["trace"][-1]
    cited = entry["citations"][0]
    text = f"Hasil diterima {long_date(received)}, keberatan diajukan {long_date(filed)}: {entry['brief']['id']}"
    source = f"{entry['ref']}, {entry['file']}:{entry['line']}"
    return received, filed, Reason(text, source, f"{cited['instrument']} {cited['part']}".strip(), cited["status"])


def _write(context: Context, case: Any, before: Any, after: Any) -> Any:
    organisation = context.city.organisation(context.city.today())
    unit = issuing_unit(context, organisation, case)
    cited = [(row.release, entry["citations"]) for row in (before, after) for entry in row.finding["trace"]]
    issue = frame(context, organisation, unit, KIND, after.release, cited)
    written_by, answered, decided = (_done(case, task) for task in (WRITE, ANSWER, DECIDE))
    _, filed, in_time = window(context, case, after.release.fingerprint)
    superior = authority_of(case.superior, issue.day)
    ruling = Reason(decided.answers["alasan_putusan"], "putusan atasan pejabat penilai")
    proof = worded(case.id, written_by.answers["bukti_keberatan"])
    named = f"{written_by.answers['masukan_keberatan']}: " if written_by.answers.get("masukan_keberatan") else ""
    content = KeputusanKeberatan(
        letterhead=letterhead(context, unit), number=issue.number, cycle=case.cycle.title, place=context.city.settings.place,
        day=issue.day, signatory=Signatory(superior.position or SUPERIOR, superior.name, superior.nip, superior.rank),
        legal_basis=_basis(after), employee=person_of(case.person, case.position.title, case.unit.name),
        against=_against(case, before), filed=filed,
        statement=f"{named}{written_by.answers['uraian_keberatan']} (bukti: {proof})",
        explanation=answered.answers["tanggapan_penilai"] if answered else "tidak ada penjelasan",
        outcome=decided.answers["putusan_keberatan"], reasons=tuple(one for one in (in_time, ruling) if one),
        changes=changes(case, before, after), provenance=provenance(issue), sample=issue.sample, sample_reason=issue.sample_reason,
    ).content()  # fmt: skip
    letter = written(context, issue, case, content, f"Keputusan atas Keberatan {case.person.name}")
    db.LetterCase.create(letter=letter, case=case.id, evaluation=after.id, ordinal=1)
    return letter


def changes(case: Any, before: Any, after: Any) -> tuple[Change, ...]:
    """The inputs that came out otherwise, then the main figures, also those that stayed."""
    found = []
    old, new = ({row["kode"]: row.get("realisasi") for row in one.facts["indikator"]} for one in (before, after))
    found += [Change(f"Realisasi {code}", _figure(old[code]), _figure(new.get(code))) for code in old if old[code] != new.get(code)]
    behaviour = [one.facts["kasus"].get("perilaku_kerja") for one in (before, after)]
    if behaviour[0] != behaviour[1]:
        found.append(Change("Perilaku kerja", *(level_words(one) for one in behaviour)))
    for name, label in FIGURES:
        was, now = (one.finding["outputs"].get(name) for one in (before, after))
        if was is not None or now is not None:
            found.append(Change(label, *(_figure(one, money=name == "tpp_bruto") for one in (was, now))))
    return tuple(found)


def _figure(value: Any, money: bool = False) -> str:
    if value is None:
        return "–"
    if isinstance(value, Fraction):
        return rupiah(value) if money else number(value)
    return level_words(value) if isinstance(value, str) else str(value)


def _against(case: Any, evaluation: Any) -> str:
    """Number of the Keputusan that states this evaluation."""
    letter: Any = _decrees(case).where(db.LetterCase.evaluation == evaluation.id).order_by(db.Letter.id.desc()).first()
    return f"Keputusan Nomor {letter.number}" if letter else "hasil evaluasi kinerja"


def _disputed(case: Any, evaluation: Any) -> Any:
    """The evaluation that was objected to: of the last Keputusan before the one that states `evaluation`."""
    links = (
        db.LetterCase.select(db.LetterCase, db.Evaluation, db.Release)
        .join(db.Letter)
        .switch(db.LetterCase)
        .join(db.Evaluation)
        .join(db.Release)
        .where(db.LetterCase.case == case.id, db.Letter.kind == DECREE, db.LetterCase.evaluation < evaluation.id)
    )
    link: Any = links.order_by(db.Letter.id.desc()).first()
    return None if link is None else link.evaluation


def _decrees(case: Any) -> Any:
    return db.Letter.select().join(db.LetterCase).where(db.LetterCase.case == case.id, db.Letter.kind == DECREE)


def _known(case: Any) -> bool:
    return bool(db.Letter.select().where(db.Letter.case == case.id, db.Letter.kind == KIND).exists())


def _done(case: Any, task: str) -> Any:
    """The last time the task was done; of the readings, the one that led to the objection."""
    done = db.Task.select().where(db.Task.case == case.id, db.Task.task == task, db.Task.done_at.is_null(False))
    found = [row for row in objects(done.order_by(db.Task.id.desc())) if task != READ or row.answers["tanggapan"] == OBJECTS]
    return found[0] if found else None


def _basis(evaluation: Any) -> tuple[Basis, ...]:
    found: dict[tuple[str, str], Basis] = {}
    for entry in evaluation.finding["trace"]:
        for cited in entry["citations"]:
            found.setdefault((cited["instrument"], cited["part"]), Basis(cited["instrument"], cited["part"], cited["status"]))
    return tuple(found.values())
