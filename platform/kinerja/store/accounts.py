"""Accounts of the console, with the columns Flask-Security reads (5.9), and roles bound to units."""

from __future__ import annotations

import peewee

from .base import Record, Versioned
from .fields import InstantField, ShortField
from .people import Person, Unit

ROLES = ("administrator", "bkpsdm", "tim_evaluasi", "pejabat_kebijakan", "pejabat_penetap", "auditor", "pegawai")


class Role(Record):
    name = ShortField(max_length=40, unique=True)
    description = ShortField(max_length=200, default="")
    permissions = peewee.TextField(null=True)

    def __str__(self) -> str:
        return str(self.name)


class User(Versioned):
    """An account of the console. person None: nobody who works here, such as the installation's administrator.

    Nothing reads or writes confirmed_at, the second factor's columns (tf_*, mf_*, totp_counter), failed_logins and locked_until:
    guessing is braked by the console, and there is no second factor.
    """

    email = ShortField(max_length=200, unique=True)
    username = ShortField(max_length=80, unique=True)
    password = ShortField(max_length=255, null=True)
    active = peewee.BooleanField(default=True)
    fs_uniquifier = ShortField(max_length=64, unique=True)
    confirmed_at = peewee.DateTimeField(null=True)
    person = peewee.ForeignKeyField(Person, null=True, backref="users", on_delete="RESTRICT")
    language = ShortField(max_length=5, default="id")
    tf_primary_method = ShortField(max_length=64, null=True)
    tf_totp_secret = ShortField(max_length=255, null=True)
    tf_phone_number = ShortField(max_length=128, null=True)
    mf_recovery_codes = peewee.TextField(null=True)
    totp_counter = peewee.BigIntegerField(null=True)
    failed_logins = peewee.IntegerField(default=0)
    locked_until = InstantField(null=True)

    def __str__(self) -> str:
        return str(self.username)


class UserRole(Record):
    """unit None: the role holds in the whole city; else in that unit and all below it."""

    user = peewee.ForeignKeyField(User, backref="roles", on_delete="CASCADE")
    role = peewee.ForeignKeyField(Role, backref="users", on_delete="CASCADE")
    unit = peewee.ForeignKeyField(Unit, null=True, backref="user_roles", on_delete="RESTRICT")

    @property
    def name(self) -> str:
        """Flask-Security asks each element of `user.roles` for its name."""
        return str(self.role.name)


class Receipt(Record):
    """What a state-changing call answered, by its idempotency key: the same key gets the same answer."""

    key = ShortField(max_length=120, unique=True)
    act = ShortField(max_length=80)
    actor = ShortField(max_length=80)
    answer = peewee.TextField()
    issued_at = InstantField()
