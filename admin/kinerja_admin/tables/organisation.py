"""Units, posts, people and assignments: read by those who need them, changed by editors through the services alone."""

from __future__ import annotations

from typing import Any, ClassVar

from flask import flash, url_for
from wtforms import BooleanField, DateField, IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from kinerja.services.staff import history
from kinerja.services.staff.amend import amend
from kinerja.services.staff.people import AssignmentEntry, PersonEntry, PositionEntry, UnitEntry, assign, establish
from kinerja.store import models as db

from ..base import Register, TokenForm
from ..session import context
from ..texts import _
from .fields import Choice, CompetencyField, UnitPicker, required
from .scope import in_units

READERS = frozenset({"administrator", "bkpsdm", "auditor"})
EDITORS = frozenset({"administrator", "bkpsdm"})


class Organisation(Register):
    """what: the table's name in the services; closed: fields that are set when a row is made and stay."""

    roles = READERS
    editors = EDITORS
    group = "Organisasi"
    what: ClassVar[str] = ""
    closed: ClassVar[tuple[str, ...]] = ()

    details_template = "kinerja/organisation.html"

    def save(self, pk: int | None, values: dict[str, Any], version: int | None) -> int:
        if pk is None:
            return self.add(values)
        since = values.pop("since", None)
        open_values = {name: value for name, value in self.amended(values).items() if name not in self.closed}
        receipt = amend(context(), self.what, pk, version or 0, open_values, since=since)
        if receipt.values.get("touched"):
            flash(_("Perubahan ini menyentuh %(n)s kasus yang sudah berjalan.", n=len(receipt.values["touched"])), "warning")
        return pk

    def render(self, template: str, **values: Any) -> str:
        if template == self.details_template:
            values |= self.beside(values["model"])
        return super().render(template, **values)

    def beside(self, model: Any) -> dict[str, Any]:
        """What stands beside a row's own columns: how it came to be so."""
        if self.what not in history.MODELS:
            return {}
        return {"changes": history.history_of(context(), self.what, model.id), "told": history.told, "may_open": True}

    def amended(self, values: dict[str, Any]) -> dict[str, Any]:
        """The form's values as columns."""
        return values

    def add(self, values: dict[str, Any]) -> int:
        raise NotImplementedError

    def create_form(self, obj: Any = None) -> Any:
        form = super().create_form(obj)
        if "since" in form:
            del form["since"]
        return form

    def edit_form(self, obj: Any = None) -> Any:
        form = super().edit_form(obj)
        for name in self.closed:
            del form[name]
        return form


def since_field() -> DateField:
    """The day on which a changed status or class begins; no column of the row."""
    return DateField(
        label="Berlaku sejak",
        description="Hari kelas atau status baru mulai berlaku. Kosongkan bila hanya membetulkan data: dianggap selalu demikian.",
        validators=[Optional()],
    )


class UnitForm(TokenForm):
    code = StringField(label="Kode", validators=required(40))
    name = StringField(label="Nama", validators=required(200))
    short_name = StringField(label="Nama singkat", validators=[Length(max=60)])
    kind = Choice(label="Jenis", values=db.UNIT_KINDS)
    parent = UnitPicker(label="Unit induk", blank=True)
    head_title = StringField(label="Sebutan kepala unit", validators=[Length(max=200)])
    address = StringField(label="Alamat", validators=[Length(max=300)])
    contact = StringField(label="Kontak", validators=[Length(max=200)])
    active = BooleanField(label="Aktif", default=True)


class UnitRegister(Organisation):
    what, closed = "unit", ("code",)
    form = UnitForm
    column_list = ("code", "name", "short_name", "kind", "active")
    column_details_list = (*column_list, "parent", "head_title", "address", "contact", "version")
    column_sortable_list: ClassVar[Any] = ("code", "name", "kind")
    column_searchable_list = (db.Unit.code, db.Unit.name)
    column_default_sort: ClassVar[Any] = "code"

    def scope(self, query: Any) -> Any:
        return in_units(query, db.Unit.id, self.roles)

    def beside(self, model: Any) -> dict[str, Any]:
        return super().beside(model) | {"map_url": url_for("orgmap.index", unit=model.code)}

    def amended(self, values: dict[str, Any]) -> dict[str, Any]:
        parent = values["parent"]
        return values | {"parent": db.Unit.get(db.Unit.code == parent) if parent else None}

    def add(self, values: dict[str, Any]) -> int:
        wanted = {name: values[name] for name in ("code", "name", "short_name", "kind", "head_title", "address", "contact")}
        establish(context(), units=[UnitEntry(**wanted, parent=values["parent"] or "")])
        return int(db.Unit.get(db.Unit.code == values["code"]).id)


class PositionForm(TokenForm):
    code = StringField(label="Kode jenis jabatan", description="Nama yang dipakai standar kinerja.", validators=required(80))
    unit = UnitPicker(label="Unit")
    title = StringField(label="Nama jabatan", validators=required(200))
    job_class = IntegerField(label="Kelas jabatan", validators=[InputRequired(), NumberRange(1, 17)])
    since = since_field()
    kind = Choice(label="Jenis", values=db.POSITION_KINDS)
    level = StringField(label="Jenjang", validators=[Length(max=40)], filters=[lambda text: text or None])
    leads_unit = BooleanField(label="Memimpin unit")
    formation = IntegerField(label="Formasi", default=1, validators=[NumberRange(1, 10_000)])
    competency = CompetencyField(label="Kompetensi yang diminta", description="Nama:tingkat, dipisah titik koma; tingkat 1–5.")


class PositionRegister(Organisation):
    what, closed = "position", ("code", "unit")
    form = PositionForm
    joined = ((db.Unit, db.Position.unit, None),)
    column_list = ("title", "code", "unit.name", "job_class", "kind", "level", "leads_unit")
    column_details_list = (*column_list, "formation", "competency", "version")
    column_sortable_list: ClassVar[Any] = ("title", "code", "job_class")
    column_searchable_list = (db.Position.title, db.Position.code)
    column_default_sort: ClassVar[Any] = "title"

    def scope(self, query: Any) -> Any:
        return in_units(query, db.Position.unit, self.roles)

    def text(self, model: Any, name: str) -> str:
        return history.told(model.competency) if name == "competency" else super().text(model, name)

    def add(self, values: dict[str, Any]) -> int:
        wanted = {name: values[name] for name in ("code", "title", "unit", "job_class", "kind", "level", "formation")}
        asked = tuple((one["name"], one["level"]) for one in values["competency"])
        establish(context(), positions=[PositionEntry(**wanted, leads=values["leads_unit"], competency=asked)])
        unit = db.Unit.get(db.Unit.code == values["unit"])
        where = (db.Position.code == values["code"], db.Position.unit == unit, db.Position.job_class == values["job_class"])
        return int(db.Position.get(*where).id)


class PersonForm(TokenForm):
    nip = StringField(label="NIP", description="Delapan belas angka.", validators=required(18))
    name = StringField(label="Nama", validators=required(200))
    status = Choice(label="Status", values=db.PERSON_STATUSES)
    since = since_field()
    rank = StringField(label="Pangkat, golongan", validators=[Length(max=80)])
    email = StringField(label="Surel", validators=[Length(max=200)])
    active = BooleanField(label="Aktif", default=True)


class PersonRegister(Organisation):
    what, closed = "person", ("nip",)
    form = PersonForm
    column_list = ("name", "nip", "status", "rank", "active")
    column_details_list = (*column_list, "email", "version")

    def beside(self, model: Any) -> dict[str, Any]:
        return super().beside(model) | {"person_url": url_for("staff.show", nip=model.nip)}

    column_sortable_list: ClassVar[Any] = ("name", "nip", "status")
    column_searchable_list = (db.Person.name, db.Person.nip)
    column_default_sort: ClassVar[Any] = "name"

    def scope(self, query: Any) -> Any:
        seated = db.Assignment.select(db.Assignment.person).join(db.Position)
        inside = in_units(seated, db.Position.unit, self.roles)
        return query if inside is seated else query.where(db.Person.id.in_(inside))

    def add(self, values: dict[str, Any]) -> int:
        wanted = {name: values[name] for name in ("nip", "name", "status", "rank", "email")}
        establish(context(), people=[PersonEntry(**wanted)])
        return int(db.Person.get(db.Person.nip == values["nip"]).id)


class AssignmentForm(TokenForm):
    nip = StringField(label="NIP pegawai", validators=required(18))
    position = StringField(label="Kode jenis jabatan", validators=required(80))
    unit = UnitPicker(label="Unit")
    first = DateField(label="Mulai", validators=[InputRequired()])
    last = DateField(label="Sampai", description="Kosongkan bila masih berjalan.", validators=[Optional()])
    kind = Choice(label="Jenis", values=db.ASSIGNMENT_KINDS)


class AssignmentRegister(Organisation):
    what, closed = "assignment", ("nip", "position", "unit")
    form = AssignmentForm
    joined = (
        (db.Person, db.Assignment.person, None),
        (db.Position, db.Assignment.position, None),
        (db.Unit, db.Position.unit, db.Position),
    )
    column_list = ("person.name", "person.nip", "position.title", "position.unit.name", "first", "last", "kind")
    column_details_list = (*column_list, "version")
    column_sortable_list: ClassVar[Any] = ("first", "last", "kind")
    column_searchable_list = (db.Person.name, db.Person.nip)

    def scope(self, query: Any) -> Any:
        return in_units(query, db.Position.unit, self.roles)

    def add(self, values: dict[str, Any]) -> int:
        assign(context(), AssignmentEntry(**values))
        person = db.Person.get(db.Person.nip == values["nip"])
        newest = db.Assignment.select().where(db.Assignment.person == person, db.Assignment.first == values["first"])
        return int(newest.order_by(db.Assignment.id.desc()).get().id)


LABELS = {
    "code": "Kode", "name": "Nama", "short_name": "Nama singkat", "kind": "Jenis", "active": "Aktif", "parent": "Unit induk",
    "head_title": "Sebutan kepala unit", "address": "Alamat", "contact": "Kontak", "version": "Versi", "title": "Nama jabatan",
    "unit.name": "Unit", "job_class": "Kelas jabatan", "level": "Jenjang", "leads_unit": "Memimpin unit", "formation": "Formasi",
    "competency": "Kompetensi yang diminta",
    "nip": "NIP", "status": "Status", "rank": "Pangkat, golongan", "email": "Surel", "person.name": "Pegawai", "person.nip": "NIP",
    "position.title": "Jabatan", "position.unit.name": "Unit", "first": "Mulai", "last": "Sampai",
}  # fmt: skip
Organisation.column_labels = LABELS


def registers() -> tuple[Register, ...]:
    return (
        UnitRegister(db.Unit, "Unit", endpoint="register_unit", url="/organisasi/unit"),
        PositionRegister(db.Position, "Jabatan", endpoint="register_position", url="/organisasi/jabatan"),
        PersonRegister(db.Person, "Pegawai", endpoint="register_person", url="/organisasi/pegawai"),
        AssignmentRegister(db.Assignment, "Penugasan", endpoint="register_assignment", url="/organisasi/penugasan"),
    )
