"""What was decided and done, for those who administer and audit: cases, evaluations, letters, releases, incidents, ledger.

Guarded models: nothing here is edited; each changes only through the act that made it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from kinerja.store import models as db

from ..base import Register
from .scope import in_units, of_others, own_subjects

READERS = frozenset({"administrator", "auditor"})


class Record(Register):
    roles = READERS
    group = "Catatan"
    column_default_sort: ClassVar[Any] = ("id", True)


class CaseRegister(Record):
    joined = (
        (db.Person, db.Case.person, None),
        (db.Cycle, db.Case.cycle, None),
        (db.Position, db.Case.position, None),
        (db.Unit, db.Case.unit, None),
    )
    column_list = ("person.name", "person.nip", "cycle.title", "title", "position.title", "unit.name", "stage", "state", "rating")
    column_details_list = (
        *column_list,
        "subject",
        "first",
        "last",
        "chain_note",
        "assumptions",
        "opened_at",
        "closed_at",
        "version",
    )
    column_sortable_list: ClassVar[Any] = ("stage", "state", "rating")
    column_searchable_list = (db.Person.name, db.Person.nip)

    def scope(self, query: Any) -> Any:
        return of_others(in_units(query, db.Case.unit, self.roles))


class EvaluationRegister(Record):
    joined = (
        (db.Case, db.Evaluation.case, None),
        (db.Person, db.Case.person, db.Case),
        (db.Cycle, db.Case.cycle, db.Case),
        (db.Release, db.Evaluation.release, None),
    )
    column_list = ("id", "case.person.name", "case.cycle.title", "on_day", "release.title", "evaluated_at")
    column_details_list = (*column_list, "facts", "finding", "evidence")
    column_sortable_list: ClassVar[Any] = ("id", "on_day", "evaluated_at")

    def scope(self, query: Any) -> Any:
        return of_others(in_units(query, db.Case.unit, self.roles))


class JudgementRegister(Record):
    joined = ((db.Case, db.Judgement.case, None), (db.Person, db.Case.person, db.Case))
    column_list = ("case.person.name", "role", "aspect", "value", "author_name", "judged_at")
    column_details_list = (*column_list, "reason", "evidence", "author")
    column_sortable_list: ClassVar[Any] = ("role", "aspect", "judged_at")

    def scope(self, query: Any) -> Any:
        return of_others(in_units(query, db.Case.unit, self.roles))


class LetterRegister(Record):
    joined = ((db.Unit, db.Letter.unit, None),)
    column_list = ("number", "kind", "title", "unit.name", "issued_at", "issued_by", "sample")
    column_details_list = (*column_list, "register", "ordinal", "year", "template", "template_version", "sha256", "content")
    column_sortable_list: ClassVar[Any] = ("number", "kind", "issued_at")
    column_searchable_list = (db.Letter.number, db.Letter.title)

    def scope(self, query: Any) -> Any:
        return in_units(query, db.Letter.unit, self.roles)


class IncidentRegister(Record):
    joined = ((db.Case, db.Incident.case, None), (db.Person, db.Case.person, db.Case))
    column_list = ("id", "code", "case.person.name", "text_id", "state", "occurred_at", "settled_at")
    column_details_list = (*column_list, "text_en", "settled_by", "particulars")
    column_sortable_list: ClassVar[Any] = ("id", "code", "state", "occurred_at")

    def scope(self, query: Any) -> Any:
        return of_others(in_units(query, db.Case.unit, self.roles))


class ReleaseRegister(Record):
    roles = READERS | {"pejabat_kebijakan", "pejabat_penetap"}
    column_list = ("title", "fingerprint", "state", "author", "approver", "submitted_at", "published_at", "adopted")
    column_details_list = (*column_list, "note")
    column_sortable_list: ClassVar[Any] = ("title", "state", "submitted_at", "published_at")


class ImportRegister(Record):
    column_list = ("kind", "file", "sha256", "accepted", "imported_at")
    column_sortable_list: ClassVar[Any] = ("kind", "file")


class LedgerRegister(Record):
    column_list = ("seq", "at", "actor", "act", "subject")
    column_details_list = (*column_list, "payload", "previous", "hash")
    column_sortable_list: ClassVar[Any] = ("seq", "actor", "act", "subject")
    column_searchable_list = (db.LedgerEntry.actor, db.LedgerEntry.act, db.LedgerEntry.subject)
    column_default_sort: ClassVar[Any] = ("seq", True)

    def scope(self, query: Any) -> Any:
        return query.where(db.LedgerEntry.subject.not_in(own_subjects() or [""]))


LABELS = {
    "person.name": "Pegawai", "person.nip": "NIP", "cycle.title": "Siklus", "position.title": "Jabatan", "unit.name": "Unit",
    "stage": "Tahap", "state": "Keadaan", "rating": "Predikat", "first": "Mulai", "last": "Sampai",
    "chain_note": "Catatan penunjukan",
    "assumptions": "Asumsi", "opened_at": "Dibuka", "closed_at": "Ditutup", "version": "Versi", "id": "No.",
    "case.person.name": "Pegawai", "case.cycle.title": "Siklus", "on_day": "Tanggal acuan", "release.title": "Rilis aturan",
    "evaluated_at": "Dinilai", "facts": "Fakta", "finding": "Temuan", "evidence": "Bukti", "role": "Peran", "aspect": "Aspek",
    "value": "Nilai", "author_name": "Oleh", "judged_at": "Waktu", "reason": "Alasan", "author": "Pengaju", "number": "Nomor",
    "kind": "Jenis", "title": "Judul", "issued_at": "Terbit", "issued_by": "Oleh", "sample": "Contoh", "register": "Register",
    "ordinal": "Urut", "year": "Tahun", "template": "Templat", "template_version": "Versi templat", "sha256": "Sidik berkas",
    "content": "Isi", "code": "Kode", "text_id": "Keterangan", "text_en": "Keterangan (Inggris)", "occurred_at": "Terjadi",
    "settled_at": "Diselesaikan", "settled_by": "Oleh", "particulars": "Rincian", "fingerprint": "Sidik", "approver": "Pengesah",
    "submitted_at": "Diajukan", "published_at": "Disahkan", "adopted": "Ditetapkan kota", "note": "Catatan", "file": "Berkas",
    "accepted": "Diterima", "imported_at": "Waktu masuk", "seq": "Urut", "at": "Waktu", "actor": "Pelaku", "act": "Tindakan",
    "subject": "Terhadap", "payload": "Isi", "previous": "Sidik sebelumnya", "hash": "Sidik",
}  # fmt: skip
Record.column_labels = LABELS


def registers() -> tuple[Register, ...]:
    return (
        CaseRegister(db.Case, "Kasus", endpoint="register_case", url="/catatan/kasus"),
        JudgementRegister(db.Judgement, "Penilaian orang", endpoint="register_judgement", url="/catatan/penilaian"),
        EvaluationRegister(db.Evaluation, "Evaluasi aturan", endpoint="register_evaluation", url="/catatan/evaluasi"),
        IncidentRegister(db.Incident, "Insiden", endpoint="register_incident", url="/catatan/insiden"),
        LetterRegister(db.Letter, "Surat", endpoint="register_letter", url="/catatan/surat"),
        ReleaseRegister(db.Release, "Rilis aturan", endpoint="register_release", url="/catatan/rilis"),
        ImportRegister(db.Import, "Impor", endpoint="register_import", url="/catatan/impor"),
        LedgerRegister(db.LedgerEntry, "Buku besar", endpoint="register_ledger", url="/catatan/buku-besar"),
    )
