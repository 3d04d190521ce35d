"""`kinerja tck`: conformance to the DMN standard, measured with its Technology Compatibility Kit."""

from __future__ import annotations

from typing import Any

import click

from .common import emit, existing_folder, guarded, json_option


@click.command()
@click.argument("folder", metavar="DIR")
@json_option
@guarded
def tck(folder: str, as_json: bool) -> None:
    """Run the DMN TCK's folders below DIR (compliance-level-*/NNNN-name) and print, per level, the results that agree."""
    from ..dmn.tck import run

    report = run(existing_folder(folder)).as_json()
    if as_json:
        emit(report)
        return
    for name, level in report["levels"].items():
        click.echo(
            f"level {name}: {_share(level, 'passed', 'total')} nodes, {_share(level, 'value_passed', 'value_total')} with a value"
        )
    for failure in report["failures"]:
        click.echo(f"{failure['case']} {failure['node']}: expected {failure['expected']}, got {failure['got']}")


def _share(level: dict[str, Any], passed: str, total: str) -> str:
    percent = 100 * level[passed] / level[total] if level[total] else 100
    return f"{level[passed]}/{level[total]} ({percent:.1f} %)"
