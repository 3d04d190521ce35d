"""`kinerja notice list|read`: what processes told an account."""

from __future__ import annotations

from dataclasses import asdict

import click

from ..core.indonesian import long_date
from ..services import notices
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option, note


@click.group()
def notice() -> None:
    """Notices: what happened in cases that concern the account."""


@notice.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@as_option
@city_option
@json_option
@guarded
def list_notices(limit: int, account: str, city: str | None, as_json: bool) -> None:
    """The account's notices, unread first."""
    with acting(city, account) as context:
        found = notices.mine(context, limit)
    if as_json:
        emit([asdict(view) for view in found])
        return
    for view in found:
        click.echo(f"{'*' if view.read_at is None else ' '} {view.id:>6}  {long_date(view.created_at.date())}  {view.text}")
    if not found:
        click.echo("belum ada kabar")


@notice.command()
@click.argument("notice_id", metavar="[ID]", type=int, required=False)
@as_option
@city_option
@guarded
def read(notice_id: int | None, account: str, city: str | None) -> None:
    """Mark one notice as read, or all of them."""
    with acting(city, account) as context:
        if notice_id is None:
            note(f"{notices.mark_all_read(context)} kabar ditandai sudah dibaca")
        else:
            note(notices.mark_read(context, notice_id) or "sudah dibaca")
