"""Who is asking: the signed-in account as the services' actor, read anew at each request."""

from __future__ import annotations

from typing import cast

from flask import current_app, g
from flask_security import current_user

from kinerja.core.errors import ForbiddenError
from kinerja.services.city import City
from kinerja.services.context import Actor, Context
from kinerja.services.staff.accounts import actor_of
from kinerja.store.models import Person


def city() -> City:
    return cast(City, current_app.extensions["kinerja_city"])


def signed_in() -> bool:
    return bool(current_user.is_authenticated)


def context() -> Context:
    """The city and the signed-in actor; raise ForbiddenError when nobody is signed in."""
    if "context" not in g:
        if not signed_in():
            raise ForbiddenError(
                "belum_masuk",
                "Anda belum masuk",
                "you are not signed in",
                remedy_id="masuk dengan akun Anda",
                remedy_en="sign in with your account",
            )
        g.context = Context(city(), actor_of(current_user))
    return cast(Context, g.context)


def who(id: str) -> str:
    """The name of whoever the records name by NIP; anything else as it stands. Each is looked up once a request."""
    if not (id.isascii() and id.isdigit()):
        return id
    names: dict[str, str] = g.setdefault("names", {})
    if id not in names:
        person = Person.get_or_none(Person.nip == id)
        names[id] = id if person is None else person.name
    return names[id]


def actor() -> Actor:
    return context().actor
