"""`kinerja audit verify`: does the ledger still hold?"""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from ..core.errors import InputError
from ..services.openness import audit as auditing
from ..store.ledger import Head
from .acting import acting
from .common import city_option, emit, guarded, json_option


@click.group()
def audit() -> None:
    """The ledger: append-only, each entry chained to the one before."""


@audit.command()
@click.option(
    "--head", metavar="SEQ:HASH", help="A head kept outside (exported earlier): a cut or rewritten chain is then caught too."
)
@city_option
@json_option
@guarded
def verify(head: str | None, city: str | None, as_json: bool) -> None:
    """Recompute the chain and read all evidence again; exit 1 names the first bad entry, and files gone or altered."""
    with acting(city) as context:
        report = auditing.verify_ledger(context, _head(head) if head else None)
        last = auditing.ledger_head(context)
        files, troubles = auditing.verify_evidence(context)
    chained = report.bad is None and report.reason_en == auditing.REASONS[""][1]
    sound = chained and not troubles
    if as_json:
        emit(
            {
                "sound": sound,
                "entries": report.count,
                "head": f"{last.seq}:{last.hash}",
                "bad": report.bad,
                "reason": {"id": report.reason_id, "en": report.reason_en},
                "evidence": {"files": files, "troubles": [asdict(one) for one in troubles]},
            }
        )
        sys.exit(0 if sound else 1)
    if chained:
        click.echo(f"buku besar utuh: {report.count} catatan, kepala {last.seq}:{last.hash}")
    else:
        where = f" pada catatan {report.bad}" if report.bad is not None else ""
        click.echo(f"buku besar TIDAK utuh{where}: {report.reason_id}")
    click.echo(f"berkas bukti: {files}" + ("" if troubles else ", semuanya utuh"))
    for one in troubles:
        case = f" pada kasus {one.case}" if one.case is not None else ""
        click.echo(f"  {one.code}: {one.name or 'berkas'} {one.sha256[:16]}{case}")
    sys.exit(0 if sound else 1)


@audit.command()
@click.option("--sample", type=click.IntRange(1), metavar="N", help="How many of tonight's draw (default: all decisions).")
@city_option
@json_option
@guarded
def recompute(sample: int | None, city: str | None, as_json: bool) -> None:
    """Compute past decisions anew from their stored facts, each on its release; one that differs becomes an incident, exit 1."""
    from ..services.rulebook import selfaudit

    with acting(city) as context:
        receipt = selfaudit.audit(context, sample)
    different = receipt.values["different"]
    if as_json:
        emit(dict(receipt.values))
    else:
        click.echo(receipt.text_id)
        for incident in receipt.values["incidents"]:
            click.echo(f"  insiden {incident}")
    sys.exit(1 if different else 0)


def _head(text: str) -> Head:
    seq, separator, digest = text.partition(":")
    if not separator or not seq.isdecimal() or len(digest) != 64:
        raise InputError(
            "kepala_tidak_sah",
            f"“{text[:80]}” bukan kepala buku besar",
            f'"{text[:80]}" is not a ledger head',
            remedy_id="tulis NOMOR:SIDIK seperti dicetak oleh kinerja audit verify",
            remedy_en="write SEQ:HASH as kinerja audit verify prints it",
        )
    return Head(int(seq), digest)
