"""Accounts and their roles by unit; from an account to the actor that services check."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from ...core.errors import ConflictError, InputError
from ...store import models as db
from ...store.queries import objects
from ..acts import Done, changed, perform
from ..context import SYSTEM, WHOLE_CITY, Actor, Context, require
from ..views import Receipt
from .people import person_by_nip


def create_account(
    context: Context,
    username: str,
    password_hash: str,
    *,
    nip: str = "",
    email: str = "",
    roles: Iterable[tuple[str, str]] = (),
    uniquifier: str = "",
    key: str | None = None,
) -> Receipt:
    """Create an account. password_hash: made by the console (argon2); roles: (role, unit code or "" for the whole city).

    uniquifier: fixed only by the demo, for equal bytes. Raises ConflictError(`akun_sudah_ada`).
    """
    require(context, "accounts.edit", unit=WHOLE_CITY)
    wanted = list(roles)

    def work() -> Done:
        if db.User.get_or_none(db.User.username == username) is not None:
            raise ConflictError("akun_sudah_ada", f"akun {username} sudah ada", f"account {username} exists already")
        named = db.Person.get_or_none(db.Person.nip == username)
        if username == SYSTEM.id or (named is not None and username != nip):
            raise InputError(
                "nama_akun_terlarang",
                f"“{username}” adalah nama orang lain dalam buku catatan",
                f'"{username}" is somebody else\'s name in the ledger',
                remedy_id="pilih nama lain; NIP hanya untuk akun orangnya sendiri",
                remedy_en="choose another name; a NIP is for its own person's account only",
            )
        user = db.User.create(
            username=username, email=email or f"{username}@kinerja.invalid", password=password_hash,
            fs_uniquifier=uniquifier or uuid.uuid4().hex, person=person_by_nip(nip) if nip else None,
        )  # fmt: skip
        for role, unit in wanted:
            _grant(user, role, unit)
        payload = {"username": username, "nip": nip, "roles": [list(pair) for pair in wanted]}
        return Done(f"account:{username}", f"Akun {username} dibuat", f"Account {username} created", payload=payload)

    return perform(context, "account.create", work, key)


def set_roles(context: Context, username: str, roles: Iterable[tuple[str, str]], key: str | None = None) -> Receipt:
    """Replace the roles of an account; they hold from the next request on."""
    require(context, "accounts.edit", unit=WHOLE_CITY)
    wanted = list(roles)

    def work() -> Done:
        user = _user(username)
        granted = db.UserRole.select().where(db.UserRole.user == user.id)
        before = [[entry.name, entry.unit.code if entry.unit_id else ""] for entry in objects(granted)]
        update = db.User.update(version=db.User.version + 1)
        rows = update.where(db.User.id == user.id, db.User.version == user.version).execute()
        changed(rows, "akun ini baru saja diubah orang lain", "this account has just been changed by somebody else")
        db.UserRole.delete().where(db.UserRole.user == user.id).execute()
        for role, unit in wanted:
            _grant(user, role, unit)
        payload = {"username": username, "before": before, "after": [list(pair) for pair in wanted]}
        return Done(f"account:{username}", f"Peran {username} diubah", f"Roles of {username} changed", payload=payload)

    return perform(context, "account.roles", work, key)


def actor_of(user: Any) -> Actor:
    """The actor of an account as its roles stand now; one query. An inactive account has no roles."""
    if not user.active:
        return Actor(user.username)
    scopes: dict[str, frozenset[str]] = {}
    query = db.UserRole.select(db.Role.name, db.Unit.code).join(db.Role).switch(db.UserRole).join(db.Unit, "LEFT OUTER JOIN")
    held: Any = query.where(db.UserRole.user == user.id).tuples()
    for role, code in held:
        unit = frozenset([code]) if code is not None else frozenset[str]()
        earlier = scopes.get(role)
        # a role held in the whole city is not narrowed by holding it in a unit as well
        scopes[role] = unit if earlier is None else frozenset() if not earlier or not unit else earlier | unit
    person = user.person
    return Actor(person.name if person else user.username, person.nip if person else "", scopes)


def actor_by_name(username: str) -> Actor:
    """The actor of an account by its user name; NotFoundError-free callers use `actor_of`."""
    return actor_of(_user(username))


def actor_by_id(name: str) -> Actor:
    """The actor whom the ledger names so (NIP or account), with the roles their account has now; none where there is no account."""
    if name == SYSTEM.id:
        return SYSTEM
    user = db.User.select().join(db.Person).where(db.Person.nip == name).first() or db.User.get_or_none(db.User.username == name)
    if user is not None:
        return actor_of(user)
    person: Any = db.Person.get_or_none(db.Person.nip == name)
    return Actor(person.name, person.nip) if person is not None else Actor(name)


def _user(username: str) -> Any:
    user = db.User.get_or_none(db.User.username == username)
    if user is None:
        raise InputError("akun_tidak_ada", f"akun “{username}” tidak ada", f'no account "{username}"')
    return user


def _grant(user: Any, role: str, unit: str) -> None:
    if role not in db.ROLES:
        names = ", ".join(db.ROLES)
        raise InputError(
            "peran_tidak_dikenal", f"peran “{role}” tidak dikenal; ada: {names}", f'unknown role "{role}"; known: {names}'
        )
    found: Any = None
    if unit:
        found = db.Unit.get_or_none(db.Unit.code == unit)
        if found is None:
            raise InputError("unit_tidak_ada", f"unit “{unit}” tidak ada", f'no unit "{unit}"')
    row = db.Role.get_or_none(db.Role.name == role) or db.Role.create(name=role)
    db.UserRole.create(user=user, role=row, unit=found)
