"""Accounts and their roles. An administrator opens accounts and gives roles; the services keep both in the ledger."""

from __future__ import annotations

from typing import Any, ClassVar

from flask_security import hash_password
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from kinerja.core.errors import ConflictError
from kinerja.services.staff import accounts
from kinerja.store import models as db

from ..base import Register, TokenForm
from ..security import LEAST_PASSWORD
from ..session import context
from ..texts import word
from .fields import RolePicker, UnitPicker, required


def grants(account: Any) -> Any:
    """The roles of an account, each with its unit."""
    held = db.UserRole.select(db.UserRole, db.Role, db.Unit).join(db.Role).switch(db.UserRole)
    return held.join(db.Unit, "LEFT OUTER JOIN").where(db.UserRole.user == account.id)


class AccountForm(TokenForm):
    username = StringField(label="Nama akun", validators=[*required(80), Regexp(r"[a-z0-9][a-z0-9._-]*\Z")])
    nip = StringField(label="NIP", description="Kosongkan untuk akun yang bukan pegawai.", validators=[Length(max=18)])
    password = PasswordField(
        label="Kata sandi awal",
        description="Paling sedikit dua belas huruf.",
        validators=[InputRequired(), Length(LEAST_PASSWORD, 128)],
    )
    held = RolePicker(label="Peran")
    unit = UnitPicker(label="Berlaku di unit", blank=True, description="Kosongkan untuk seluruh kota.")


class AccountRegister(Register):
    """Accounts without their secrets."""

    roles = frozenset({"administrator", "auditor"})
    editors = frozenset({"administrator"})
    group = "Organisasi"
    form = AccountForm
    joined = ((db.Person, db.User.person, None),)
    column_list = ("username", "person.name", "person.nip", "roles_held", "active")
    column_details_list = (*column_list, "language", "version")
    column_sortable_list: ClassVar[Any] = ("username",)
    column_searchable_list = (db.User.username,)
    column_default_sort: ClassVar[Any] = "username"

    def edit_form(self, obj: Any = None) -> Any:
        form = super().edit_form(obj)
        for name in ("username", "nip", "password"):
            del form[name]
        return form

    def fill(self, form: Any, model: Any) -> None:
        entries = list(grants(model))
        form.held.data = [entry.name for entry in entries]
        form.unit.data = next((entry.unit.code for entry in entries if entry.unit_id), "")

    def save(self, pk: int | None, values: dict[str, Any], version: int | None) -> int:
        held = [(role, values["unit"] or "") for role in values["held"] or []]
        if pk is None:
            secret = hash_password(values["password"])
            accounts.create_account(context(), values["username"], secret, nip=values["nip"].strip(), roles=held)
            return int(db.User.get(db.User.username == values["username"]).id)
        account = db.User.get_by_id(pk)
        if account.version != version:
            raise ConflictError("sudah_berubah", "akun ini baru saja diubah orang lain", "this account has just been changed")
        accounts.set_roles(context(), account.username, held)
        return pk

    def text(self, model: Any, name: str) -> str:
        if name == "roles_held":
            return "; ".join(word("role", one.name) + (f" ({one.unit.code})" if one.unit_id else "") for one in grants(model))
        return super().text(model, name)


LABELS = {
    "username": "Nama akun", "person.name": "Pegawai", "person.nip": "NIP", "roles_held": "Peran", "active": "Aktif",
    "language": "Bahasa", "version": "Versi",
}  # fmt: skip
AccountRegister.column_labels = LABELS


def registers() -> tuple[Register, ...]:
    return (AccountRegister(db.User, "Akun", endpoint="register_account", url="/organisasi/akun"),)
