"""`kinerja case assume`: what stands in for facts that no record gives, declared by HR, printed on letters as ASUMSI."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import click

from ..core.errors import InputError
from ..core.exactjson import loads
from ..core.numbers import display_text
from ..services.casework import cases
from .acting import acting, as_option
from .common import city_option, guarded, json_option
from .task import show_receipt


@click.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.argument("facts", metavar="FACT=VALUE", nargs=-1)
@click.option("--reason", default="", help="Why it may stand in, as letters print it.")
@as_option
@city_option
@json_option
@guarded
def assume(case_id: int, facts: tuple[str, ...], reason: str, account: str, city: str | None, as_json: bool) -> None:
    """Declare all that stands in for facts of the case which no record gives; without FACT, nothing does any more."""
    given = [_pair(text) for text in facts]
    if given and not reason.strip():
        raise InputError(
            "alasan_kosong",
            "sebuah asumsi perlu alasan",
            "an assumption needs a reason",
            remedy_id="tulis --reason …",
            remedy_en="write --reason …",
        )
    with acting(city, account) as context:
        known = context.city.policy(context.city.release().fingerprint).vocabulary.entities["kasus"].facts
        entries = [
            {
                "fact": name,
                "label": known[name].label.id if name in known else name,
                "value": value,
                "text": display_text(value) if type(value) is Fraction else str(value),
                "reason": reason.strip(),
            }
            for name, value in given
        ]
        show_receipt(cases.assume(context, case_id, entries), as_json)


def _pair(text: str) -> tuple[str, Any]:
    name, sign, value = text.partition("=")
    if not (name and sign and value):
        raise InputError(
            "bukan_pasangan",
            f"“{text[:80]}” bukan FAKTA=NILAI",
            f'"{text[:80]}" is no FACT=VALUE',
            remedy_id="tulis misalnya hari_absen=0",
            remedy_en="write for example hari_absen=0",
        )
    try:
        return name, loads(value)
    except InputError:  # no JSON: a word of the vocabulary
        return name, value
