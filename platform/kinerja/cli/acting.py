"""Acting in a city from the command line: which city, as whom. Services check the actor's permissions as they do in the console."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from ..bootstrap import open_city
from ..services.context import SYSTEM, Context
from ..services.staff import accounts
from .common import city_folder

as_option = click.option("--as", "account", metavar="ACCOUNT", required=True, help="Account to act as: user name or NIP.")


@contextmanager
def acting(city: str | None, account: str | None = None) -> Iterator[Context]:
    """The city of the option (or environment, or this folder), and the account's actor; None is the installation itself."""
    with open_city(city_folder(city)) as opened:
        yield Context(opened, accounts.actor_by_name(account) if account else SYSTEM)
