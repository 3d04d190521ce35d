"""Acting in a city from the command line: which city, as whom. Services check the actor's permissions as they do in the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ..bootstrap import open_city
from ..core.errors import InputError
from ..services import accounts
from ..services.context import SYSTEM, Context
from ..settings import find_city

as_option = click.option("--as", "account", metavar="ACCOUNT", required=True, help="Account to act as: user name or NIP.")


@contextmanager
def acting(city: str | None, account: str | None = None) -> Iterator[Context]:
    """The city of the option (or environment, or this folder), and the account's actor; None is the installation itself."""
    folder = find_city(city)
    if folder is None:
        raise InputError(
            "tidak_ada_kota",
            "perintah ini memerlukan kota",
            "this command needs a city",
            remedy_id="sebutkan --city DIR, misalnya --city var/demo",
            remedy_en="name one: --city DIR, for example --city var/demo",
        )
    with open_city(folder) as opened:
        yield Context(opened, accounts.actor_by_name(account) if account else SYSTEM)
