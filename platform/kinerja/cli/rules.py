"""`kinerja rules`: check, show and test the rule files of a folder. Exit status 1 when anything is found wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from ..core.clock import SystemClock, today
from ..core.exactjson import dumps
from ..core.periods import parse_date
from ..policy import CheckReport, Diagnostic, Policy, Severity, as_json, as_text, check_policy, located, run_examples

FOLDER = click.argument("folder", type=click.Path(path_type=Path), default="rules")
AS_JSON = click.option("--json", "as_document", is_flag=True, help="One JSON document on stdout.")
ENGLISH = click.option("--en", "english", is_flag=True, help="English sentences.")


@click.group()
def rules() -> None:
    """Rule files: check, show, test."""


@rules.command()
@FOLDER
@click.option("--today", "day", default=None, help="Day for expiry and review alarms (default: today).")
@ENGLISH
@AS_JSON
def check(folder: Path, day: str | None, english: bool, as_document: bool) -> None:
    """Report everything that is wrong with the rule files of FOLDER."""
    report = check_policy(folder, _day(day))
    if as_document:
        click.echo(dumps(_report_json(report), indent=2))
    else:
        _print(located(folder, report.diagnostics), english)
        click.echo(_summary(report, english), err=True)
    if report.errors:
        raise SystemExit(1)


@rules.command()
@FOLDER
@AS_JSON
def show(folder: Path, as_document: bool) -> None:
    """Show the policy of FOLDER as text, or as JSON with its fingerprint."""
    policy = _policy(folder, as_document)
    click.echo(dumps(as_json(policy), indent=2) if as_document else as_text(policy), nl=as_document)


@rules.command()
@FOLDER
@ENGLISH
@AS_JSON
def test(folder: Path, english: bool, as_document: bool) -> None:
    """Run the worked cases of FOLDER through both engines."""
    from ..engine import Engine

    policy = _policy(folder, as_document)
    with Engine(policy) as engine:
        run = run_examples(policy, engine.decide)
    failed = run.failed
    if as_document:
        click.echo(
            dumps(
                {
                    "fingerprint": policy.fingerprint,
                    "passed": len(run.results) - len(failed),
                    "failed": [result.diagnostic().as_json() for result in failed],
                    "unhit": [found.as_json() for found in run.unhit],
                },
                indent=2,
            )
        )
    else:
        _print(located(folder, (*(result.diagnostic() for result in failed), *run.unhit)), english)
        passed = len(run.results) - len(failed)
        click.echo(f"{passed}/{len(run.results)} " + ("cases pass" if english else "kasus lulus"), err=True)
    if failed:
        raise SystemExit(1)


def _day(written: str | None) -> date:
    return parse_date(written) if written else today(SystemClock())


def _policy(folder: Path, as_document: bool) -> Policy:
    """The policy, or the diagnostics and exit status 1."""
    report = check_policy(folder)
    if report.policy is None:
        _stop(folder, report, as_document)
    return report.policy


def _stop(folder: Path, report: CheckReport, as_document: bool) -> NoReturn:
    if as_document:
        click.echo(dumps(_report_json(report), indent=2))
    else:
        _print(located(folder, report.errors), english=False)
    raise SystemExit(1)


def _report_json(report: CheckReport) -> dict[str, Any]:
    return {
        "fingerprint": report.policy.fingerprint if report.policy else None,
        "errors": len(report.errors),
        "diagnostics": [found.as_json() for found in report.diagnostics],
    }


def _print(found: Iterable[Diagnostic], english: bool) -> None:
    for diagnostic in found:
        click.echo(diagnostic.line("en" if english else "id"))


def _summary(report: CheckReport, english: bool) -> str:
    counts = {severity: sum(1 for d in report.diagnostics if d.severity is severity) for severity in Severity}
    if english:
        return f"{counts[Severity.ERROR]} errors, {counts[Severity.WARNING]} warnings, {counts[Severity.NOTICE]} notices"
    return f"{counts[Severity.ERROR]} galat, {counts[Severity.WARNING]} peringatan, {counts[Severity.NOTICE]} catatan"


@rules.command()
@click.argument("folder", type=click.Path(path_type=Path))
def schemas(folder: Path) -> None:
    """Write the JSON Schema of each kind of rule file to FOLDER, for editors."""
    from ..policy.schema import write_schemas

    for path in write_schemas(folder):
        click.echo(path)
