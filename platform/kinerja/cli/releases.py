"""`kinerja rules publish|log|at|touched`: releases of a city's rules; two people, two time axes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import click

from ..core.errors import InputError
from ..core.indonesian import long_date, money, number, rupiah
from ..core.numbers import display_text, english_number
from ..core.periods import parse_date
from ..services.rulebook import effects, publish, releases
from ..services.rulebook.effects import Effects
from ..services.staff import people
from ..services.views import Receipt
from .acting import acting, as_option
from .common import ENGLISH, city_option, emit, guarded, json_option, note

ACTS = {
    "submit": ("diajukan", "submitted"),
    "approve": ("diterbitkan", "published"),
    "refuse": ("ditolak", "refused"),
    "withdraw": ("ditarik", "withdrawn"),
}


@click.command("publish")
@click.argument("folder", type=click.Path(path_type=Path), required=False, metavar="[DIR]")
@click.option("--approve", "approved", metavar="FINGERPRINT", help="Approve a submitted release (another than its author).")
@click.option("--refuse", "refused", metavar="FINGERPRINT", help="Turn a submitted release down; needs --reason.")
@click.option("--withdraw", "withdrawn", metavar="FINGERPRINT", help="Take a release back; needs --reason.")
@click.option("--title", default="", help="What the release is called (default: the vocabulary's title).")
@click.option("--reason", default="", help="Why: for --refuse and --withdraw.")
@click.option("--adopt", is_flag=True, help="With --approve: the city adopts what its sources only recall or choose.")
@as_option
@city_option
@ENGLISH
@json_option
@guarded
def publish_command(
    folder: Path | None,
    approved: str | None,
    refused: str | None,
    withdrawn: str | None,
    title: str,
    reason: str,
    adopt: bool,
    account: str,
    city: str | None,
    english: bool,
    as_json: bool,
) -> None:
    """Submit the rules of DIR as a release; or approve, refuse or withdraw one. Submitting checks, runs the cases and proves."""
    if sum(one is not None for one in (folder, approved, refused, withdrawn)) != 1:
        raise InputError(
            "pilihan_tidak_jelas",
            "sebutkan satu: DIR, --approve, --refuse atau --withdraw",
            "give one: DIR, --approve, --refuse or --withdraw",
        )
    with acting(city, account) as context:
        told: Effects | None = None
        if folder is not None:
            receipt = publish.submit(context, folder, title)
        elif approved is not None:
            fingerprint = releases.find(context, approved)
            told = effects.of_release(context, fingerprint)
            receipt = publish.approve(context, fingerprint, adopt, effects=told)
        elif refused is not None:
            receipt = publish.refuse(context, releases.find(context, refused), _given(reason))
        else:
            receipt = publish.withdraw(context, releases.find(context, withdrawn or ""), _given(reason))
    if as_json:
        emit(_receipt(receipt, told))
        return
    click.echo(receipt.text_en if english else receipt.text_id)
    if told is not None:
        _tell(told, english)
    elif folder is not None and receipt.values.get("state") == "submitted":
        waits, who = ("waits for its approver", "ACCOUNT") if english else ("menunggu pejabat penetap", "AKUN")
        note(f"{waits}: kinerja rules publish --approve {receipt.values['fingerprint'][:12]} --as {who}")


@click.command("log")
@city_option
@ENGLISH
@json_option
@guarded
def log_command(city: str | None, english: bool, as_json: bool) -> None:
    """What was done to the city's releases, by whom, when and why."""
    with acting(city) as context:
        found = releases.log(context)
        names = people.called(event.actor for event in found)
    if as_json:
        emit([event.as_json() for event in found])
        return
    for event in found:
        touched = f", {event.touched} {'decisions touched' if english else 'keputusan tersentuh'}" if event.touched else ""
        why = f" – {event.note}" if event.note else ""
        act = f"{ACTS[event.act][english]} {'by' if english else 'oleh'} {names[event.actor]}"
        click.echo(f"{event.at:%Y-%m-%d %H:%M}  {event.fingerprint[:12]}  {act}: {event.title}{touched}{why}")


@click.command("at")
@click.argument("day", metavar="DATE")
@click.option("--known", metavar="DATE", help="By the release in force at the end of that day (default: now).")
@city_option
@ENGLISH
@json_option
@guarded
def at_command(day: str, known: str | None, city: str | None, english: bool, as_json: bool) -> None:
    """Which release, and which versions of its decisions and figures, hold on DATE."""
    on = parse_date(day)
    with acting(city) as context:
        holding = releases.at(context, on, parse_date(known) if known else None)
    if as_json:
        emit(holding.as_json())
        return
    release = f"{holding.release[:12]} – {holding.title}"
    click.echo(f"release {release}; in force on {on}:" if english else f"rilis {release}; yang berlaku pada {long_date(on)}:")
    outside = "(not in force)" if english else "(di luar masa berlakunya)"
    for name, (place, held) in holding.decisions.items():
        click.echo(f"  {name}  {place}" + ("" if held else f"  {outside}"))
    for name, value in holding.parameters.items():
        click.echo(f"  {name} = {_value(value, english)}")
    click.echo(f"  {'standards' if english else 'standar'}: " + ", ".join(holding.standards))


@click.command("touched")
@click.argument("fingerprint", metavar="FINGERPRINT")
@click.option("--since", metavar="DATE", help="Only cases judged on that day or later.")
@as_option
@city_option
@ENGLISH
@json_option
@guarded
def touched_command(fingerprint: str, since: str | None, account: str, city: str | None, english: bool, as_json: bool) -> None:
    """Which decisions a release would decide otherwise: each latest evaluation again, from its stored facts."""
    day: date | None = parse_date(since) if since else None
    with acting(city, account) as context:
        found = effects.of_release(context, releases.find(context, fingerprint), day)
    if as_json:
        emit(found.as_json())
        return
    _tell(found, english)


def _tell(found: Effects, english: bool) -> None:
    for one in found.touched:
        moves = "; ".join(f"{move.output} {_value(move.before, english)} → {_value(move.after, english)}" for move in one.moves)
        click.echo(f"  {one.person} ({one.agency}, {one.cycle}): {(one.error_en if english else one.error_id) or moves}")
    for (before, after), count in found.bands.items():
        click.echo(f"  {before} → {after}: {count} {'cases' if english else 'kasus'}")
    for output, amount in found.money.items():
        between = f"difference {output}: {money(english_number(amount))}" if english else f"selisih {output}: {rupiah(amount)}"
        click.echo(f"  {between}")
    counted = len(found.touched), found.computed, found.waiting
    if english:
        note("{} of {} decisions touched; {} cases not evaluated yet".format(*counted))
    else:
        note("{} dari {} keputusan tersentuh; {} kasus belum dievaluasi".format(*counted))


def _given(reason: str) -> str:
    if not reason.strip():
        raise InputError("alasan_kosong", "sebutkan alasannya dengan --reason", "give the reason with --reason")
    return reason


def _receipt(receipt: Receipt, told: Effects | None) -> dict[str, Any]:
    document = {"act": receipt.act, "seq": receipt.seq, "hash": receipt.hash, "at": receipt.at, "values": dict(receipt.values)}
    return document if told is None else document | {"effects": told.as_json()}


def _value(value: Any, english: bool) -> str:
    if isinstance(value, Mapping):
        return ", ".join(
            f"{display_text(key) if not isinstance(key, str) else key}: {_value(entry, english)}" for key, entry in value.items()
        )
    if value is None or isinstance(value, str):
        return value or "–"
    if isinstance(value, bool):
        return ("yes" if value else "no") if english else "ya" if value else "tidak"
    return english_number(value) if english else number(value)
