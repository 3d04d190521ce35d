"""The list by which an approved run is paid. Every figure is read from the run's lines."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ...letters import Basis, CorrectionRow, DaftarTpp, PaymentRow, Person
from ...store import models as db
from ...store.queries import objects, rows
from ..context import Context
from ..papers.contents import letterhead, provenance
from ..papers.letterbook import frame, signatory_of, written
from .facts import month_words
from .lines import PAYMENT
from .payroll import approve

KIND = "daftar_tpp"


def issue_list(context: Context, case: Any) -> dict[str, Any]:
    """The `issue_letter` operation for `daftar_tpp`: approve the run and write its list."""
    run, lines = approve(context, case)
    organisation = context.city.organisation(context.city.today())
    unit = organisation.tree.nodes[run.agency_id]
    release = db.Release.get(db.Release.fingerprint == run.release)
    cited = [(release, entry["citations"]) for line in lines for step in line.steps for entry in step["trace"]]
    issue = frame(context, organisation, unit, KIND, release, cited)
    held = db.Position.select().where(db.Position.id << [line.position_id for line in lines])
    posts = {row.id: row for row in objects(held)}
    paid = [line for line in lines if line.kind == "payment"]
    corrected = [line for line in lines if line.kind == "correction"]
    content = DaftarTpp(
        letterhead=letterhead(context, unit), number=issue.number, month=month_words(run.month), place=context.city.settings.place,
        day=issue.day, signatory=signatory_of(issue),
        legal_basis=_basis(lines), rows=tuple(_payment(line, posts[line.position_id]) for line in paid),
        corrections=tuple(
            CorrectionRow(Person(line.person.name, line.person.nip), month_words(line.month), line.reason_id, line.amount)
            for line in corrected
        ),
        paid=_sum(paid), corrected=_sum(corrected), total=run.total,
        held=tuple(f"{line.person.name} ({line.reason_id})" for line in lines if line.kind == "held"),
        prepared=_name(run.computed_by), approved=context.actor.name, provenance=provenance(issue), sample=issue.sample,
        sample_reason=issue.sample_reason,
    ).content()  # fmt: skip
    name = f"Daftar Pembayaran TPP {month_words(run.month)} – {unit.short_name or unit.name}"
    letter = written(context, issue, case, content, name)
    db.PayRun.update(letter=letter.id).where(db.PayRun.id == run.id).execute()
    return {"nomor_daftar": letter.number}


def _payment(line: Any, post: Any) -> PaymentRow:
    outputs = outputs_of(line)
    facts = line.facts
    return PaymentRow(
        Person(line.person.name, line.person.nip, line.person.rank, post.title), int(facts["kasus.kelas_jabatan"]), line.rating,
        f"{facts['hari_dijabat']}/{facts['hari_sebulan']}", outputs["tpp_dasar.tpp_dasar"], outputs["tpp_bulanan.tpp_bruto"],
        outputs[f"{PAYMENT}.tpp_pokok"], outputs[f"{PAYMENT}.tpp_plt"], line.amount,
    )  # fmt: skip


def outputs_of(line: Any) -> Mapping[str, Any]:
    """ "tpp_bulanan.tpp_bruto" → value, of a stored line's decisions."""
    return {f"{step['decision']}.{name}": value for step in line.steps for name, value in step["outputs"].items()}


def _basis(lines: list[Any]) -> tuple[Basis, ...]:
    found: dict[tuple[str, str], Basis] = {}
    for line in lines:
        for step in line.steps:
            for entry in step["trace"]:
                for cited in entry["citations"]:
                    found.setdefault(
                        (cited["instrument"], cited["part"]), Basis(cited["instrument"], cited["part"], cited["status"])
                    )
    return tuple(found.values())


def _sum(lines: list[Any]) -> Fraction:
    return sum((line.amount for line in lines), Fraction(0))


def _name(actor: str) -> str:
    return str(dict(rows(db.Person.select(db.Person.nip, db.Person.name).where(db.Person.nip == actor))).get(actor, actor))
