"""`kinerja case plan`: the plan of an appraisal, as it is agreed and was talked about."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from ..core.indonesian import long_date, number
from ..services.casework import amending, plans
from ..services.casework import cascade as cascades
from ..services.casework.bounds import Bounds
from ..services.evaluation.shares import arithmetic
from ..services.papers.plannotes import change_words
from ..services.papers.planpaper import plan_pdf
from ..services.views import ItemView, PlanView
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option
from .task import show_receipt


@click.command()
@click.argument("case_id", metavar="CASE", type=int)
@as_option
@city_option
@json_option
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Write the SKP form to this file.")
@guarded
def plan(case_id: int, pdf: Path | None, account: str, city: str | None, as_json: bool) -> None:
    """The plan of a case: indicators, expected behaviour, who read and agreed what and when, what was said about it."""
    with acting(city, account) as context:
        if pdf is not None:
            pdf.parent.mkdir(parents=True, exist_ok=True)
            pdf.write_bytes(plan_pdf(context, case_id))
            click.echo(str(pdf), err=True)
        found = plans.plan_of(context, case_id)
        limits = amending.limits(context, case_id)
    if as_json:
        emit(document(found) | {"perubahan": None if limits is None else _limits(limits)})
        return
    for item in found.items:
        click.echo(f"{item.code}  {item.label_id}: target {target_text(item)}, bobot {number(item.weight)} %")
        if divided := arithmetic(item.share, item.target, item.target_high)[0]:
            click.echo(f"    bagian periode: {divided}")
        if above := found.serves.get(item.code):
            click.echo(f"    mendukung {above.code} {above.label_id} ({above.person})")
        for below in found.served_by.get(item.code, ()):
            click.echo(f"    didukung {below.code} ({below.person}, kasus {below.case})")
    for one in found.expectations:
        click.echo(f"perilaku {one.label_id}: {one.text}")
    if found.understood:
        click.echo(f"standar dibaca dan dipahami: {found.understood[0]}, {long_date(found.understood[1].date())}")
    for version in found.versions:
        answer = f"; {version.state} oleh {version.answered_name}" if version.answered_at else f"; {version.state}"
        click.echo(f"versi {version.number}: diajukan {version.proposed_name}, {long_date(version.proposed_at.date())}{answer}")
        if version.number > 1:
            click.echo(f"    sejak {long_date(version.since)}: {'; '.join(map(change_words, version.changes))}. {version.reason}")
    if limits is not None:
        known = f"; realisasi sudah diketahui: {', '.join(sorted(limits.known))}" if limits.known else ""
        click.echo(f"dapat diubah sampai {long_date(limits.last_day)}, sisa {limits.left} perubahan{known}")
    for said in found.talk:
        click.echo(f"{said.at:%Y-%m-%d} {said.author_name}{' ' + said.item if said.item else ''}: {said.text}")


def target_text(item: ItemView) -> str:
    high = f"–{number(item.target_high)}" if item.target_high is not None else ""
    return f"{number(item.target)}{high} {item.unit}".strip()


def _limits(found: Bounds) -> dict[str, Any]:
    return {
        "sampai": found.last_day, "tepat_waktu": found.in_time, "disepakati": found.agreed, "sisa": found.left,
        "realisasi_diketahui": sorted(found.known),
    }  # fmt: skip


def document(found: PlanView) -> dict[str, Any]:
    """The plan as one JSON object."""
    return {
        "case": found.case,
        "agreed": found.agreed,
        "indikator": [
            {
                "kode": i.code, "label": i.label_id, "target": i.target, "target_atas": i.target_high, "bobot": i.weight,
                "satuan": i.unit, "bagian": i.share, "perhitungan": arithmetic(i.share, i.target, i.target_high)[0],
                "mendukung": _link(found.serves.get(i.code)),
                "didukung": [_link(one) for one in found.served_by.get(i.code, ())],
            }
            for i in found.items
        ],
        "ekspektasi": [{"nilai": e.value, "label": e.label_id, "ekspektasi": e.text, "khusus": e.own} for e in found.expectations],
        "standar_dipahami": None if found.understood is None else {"oleh": found.understood[0], "at": found.understood[1]},
        "versi": [asdict(version) for version in found.versions],
        "hasil_atasan": [{"kode": code, "label": label} for code, label, _ in found.offered],
        "dialog": [asdict(said) for said in found.talk],
    }  # fmt: skip


def _link(one: cascades.Link | None) -> dict[str, Any] | None:
    return None if one is None else {"case": one.case, "kode": one.code, "label": one.label_id, "pegawai": one.person}


@click.command()
@click.argument("case_id", metavar="CASE", type=int)
@click.argument("code", metavar="CODE")
@click.argument("target", metavar="TARGET")
@as_option
@city_option
@json_option
@guarded
def serve(case_id: int, code: str, target: str, account: str, city: str | None, as_json: bool) -> None:
    """Say which result of the superior an indicator serves: its code, or - for none."""
    with acting(city, account) as context:
        show_receipt(cascades.serve(context, case_id, code, target), as_json)


@click.command()
@click.argument("cycle", metavar="CYCLE")
@click.argument("unit", metavar="UNIT")
@as_option
@city_option
@json_option
@guarded
def cascade(cycle: str, unit: str, account: str, city: str | None, as_json: bool) -> None:
    """The plans of a unit as they serve one another; what of a leader's nobody serves is marked."""
    with acting(city, account) as context:
        found = cascades.tree(context, cycle, unit)
    if as_json:
        emit({"cycle": cycle, "unit": unit, "pohon": [_node(one) for one in found]})
        return
    for one in found:
        _lines(one, "")


def _lines(node: cascades.Node, indent: str) -> None:
    click.echo(f"{indent}{node.person}, {node.position} (kasus {node.case})")
    for code, label, _, above, served, bare in node.items:
        upward = f" → {above.code}" if above else ""
        mark = " [belum didukung siapa pun]" if bare else f" ← {len(served)}" if served else ""
        click.echo(f"{indent}  {code} {label}{upward}{mark}")
    for one in node.below:
        _lines(one, indent + "    ")


def _node(node: cascades.Node) -> dict[str, Any]:
    return {
        "case": node.case, "nip": node.nip, "pegawai": node.person, "jabatan": node.position, "unit": node.unit,
        "indikator": [
            {
                "kode": code, "label": label, "mendukung": _link(above), "didukung": [_link(one) for one in served],
                "tanpa_dukungan": bare,
            }
            for code, label, _, above, served, bare in node.items
        ],
        "bawahan": [_node(one) for one in node.below],
    }  # fmt: skip
