"""`kinerja case amend|answer`: an agreed plan changed by one side and agreed to by the other."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

import click

from ..core.errors import InputError
from ..core.numbers import parse_number
from ..services.casework import amending
from ..services.casework.amendment import Amendment, Edit, NewItem
from .acting import acting, as_option
from .common import city_option, guarded, json_option
from .task import show_receipt

NEW = ("code", "label", "polarity", "target", "weight", "unit")


@click.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.option("--target", "targets", multiple=True, metavar="CODE=NUMBER", help="A new target; LOW..HIGH for a range.")
@click.option("--weight", "weights", multiple=True, metavar="CODE=NUMBER", help="A new weight; all of them still add up to 100.")
@click.option("--remove", "removed", multiple=True, metavar="CODE", help="An indicator that comes out.")
@click.option("--add", "added", multiple=True, metavar="CODE;LABEL;POLARITY;TARGET;WEIGHT;UNIT", help="An indicator that comes in.")
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day from which it holds.")
@click.option("--reason", required=True)
@as_option
@city_option
@json_option
@guarded
def amend(
    case_id: int,
    targets: tuple[str, ...],
    weights: tuple[str, ...],
    removed: tuple[str, ...],
    added: tuple[str, ...],
    since: datetime,
    reason: str,
    account: str,
    city: str | None,
    as_json: bool,
) -> None:
    """Propose a change of an agreed plan; it holds once the other side agrees."""
    wanted = amendment(targets, weights, removed, added, since.date(), reason)
    with acting(city, account) as context:
        show_receipt(amending.propose(context, case_id, wanted), as_json)


@click.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.option("--agree/--refuse", required=True)
@click.option("--reason", default="", help="Needed to refuse.")
@as_option
@city_option
@json_option
@guarded
def answer(case_id: int, agree: bool, reason: str, account: str, city: str | None, as_json: bool) -> None:
    """Agree to the change of a plan that waits, or refuse it; who proposed it takes it back by refusing."""
    with acting(city, account) as context:
        show_receipt(amending.answer(context, case_id, agree, reason), as_json)


def amendment(
    targets: tuple[str, ...], weights: tuple[str, ...], removed: tuple[str, ...], added: tuple[str, ...], since: date, reason: str
) -> Amendment:
    """Raises InputError for what is not CODE=NUMBER, or not the six parts of a new indicator."""
    ends = {code: text.partition("..") for code, text in map(_pair, targets)}
    heavy = {code: parse_number(text) for code, text in map(_pair, weights)}
    edits = {
        code: Edit(
            parse_number(ends[code][0]) if code in ends else None,
            parse_number(ends[code][2]) if code in ends and ends[code][1] else None,
            heavy.get(code),
        )
        for code in dict.fromkeys((*ends, *heavy))
    }
    return Amendment(reason, since, edits, tuple(map(_new, added)), removed)


def _pair(text: str) -> tuple[str, str]:
    code, separator, value = text.partition("=")
    if not separator or not code.strip() or not value.strip():
        raise InputError("bukan_kode_angka", f"“{text}” bukan KODE=ANGKA", f'"{text}" is not CODE=NUMBER')
    return code.strip(), value.strip()


def _new(text: str) -> NewItem:
    parts = [part.strip() for part in text.split(";")]
    if len(parts) != len(NEW):
        raise InputError(
            "indikator_baru_tidak_sah",
            f"“{text}” bukan KODE;NAMA;POLARITAS;TARGET;BOBOT;SATUAN",
            f'"{text}" is not CODE;LABEL;POLARITY;TARGET;WEIGHT;UNIT',
        )
    low, separator, high = parts[3].partition("..")
    upper: Fraction | None = parse_number(high) if separator else None
    return NewItem(parts[0], parts[1], parts[2], parse_number(low), parse_number(parts[4]), parts[5], upper)
