"""`kinerja rules`: check, show, test, prove and compare the rule files of a folder. Exit status 1 when anything is found wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import click

from ..core.clock import SystemClock, today
from ..core.errors import InputError
from ..core.exactjson import load
from ..core.periods import parse_date
from ..policy import CheckReport, Diagnostic, Policy, Severity, admit_given, as_json, as_text, check_policy, located
from ..policy.difference import compare
from ..policy.drawing import draw
from ..policy.facts import CASE
from ..policy.markdown import as_markdown
from ..policy.usage import where_used
from ..policy.whynot import find_row, why_not
from .common import ENGLISH, emit, guarded, json_option, note
from .lazy import LazyGroup

FOLDER = click.argument("folder", type=click.Path(path_type=Path), default="rules", metavar="[DIR]")

RELEASES = {name: ("releases", f"{name}_command") for name in ("publish", "log", "at", "touched")}


@click.group(cls=LazyGroup, lazy=RELEASES)
def rules() -> None:
    """Rule files: check, show, test, prove, compare; releases of a city."""


@rules.command()
@FOLDER
@click.option("--today", "day", metavar="DATE", help="Day for expiry and review alarms (default: today).")
@ENGLISH
@json_option
@guarded
def check(folder: Path, day: str | None, english: bool, as_json: bool) -> None:
    """Report everything that is wrong with the rule files of DIR."""
    report = check_policy(folder, _day(day))
    if as_json:
        emit(_report_json(report))
    else:
        _print(located(folder, report.diagnostics), english)
        note(_summary(report, english))
    if report.errors:
        raise SystemExit(1)


@rules.command()
@FOLDER
@click.option("--markdown", is_flag=True, help="As a Markdown document for a hearing.")
@click.option("--svg", is_flag=True, help="The requirements graph as SVG.")
@click.option(
    "--goal", "goals", multiple=True, metavar="NAME", help="Draw only this decision and what it requires (may be repeated)."
)
@json_option
@guarded
def show(folder: Path, markdown: bool, svg: bool, goals: tuple[str, ...], as_json: bool) -> None:
    """Show the policy of DIR as text, as Markdown, as a drawing, or as JSON with its fingerprint."""
    policy = _policy(folder, as_json)
    if as_json:
        emit(_show_json(policy))
    elif svg:
        click.echo(draw(policy, goals or None), nl=False)
    else:
        click.echo(as_markdown(policy) if markdown else as_text(policy), nl=False)


@rules.command()
@FOLDER
@ENGLISH
@json_option
@guarded
def test(folder: Path, english: bool, as_json: bool) -> None:
    """Run the worked cases of DIR, decisions and reactions, through both engines."""
    from ..engine import Engine
    from ..engine.worked import run_cases

    policy = _policy(folder, as_json, english)
    with Engine(policy) as engine:
        run = run_cases(engine)
    failed, cases, unhit = run.failed, run.count, run.decisions.unhit
    if as_json:
        emit(
            {
                "fingerprint": policy.fingerprint,
                "passed": cases - len(failed),
                "failed": [found.as_json() for found in failed],
                "unhit": [found.as_json() for found in unhit],
            }
        )
    else:
        _print(located(folder, (*failed, *unhit)), english)
        note(f"{cases - len(failed)}/{cases} " + ("cases pass" if english else "kasus lulus"))
    if failed:
        raise SystemExit(1)


@rules.command()
@FOLDER
@click.option("--decision", "decisions", multiple=True, metavar="NAME", help="Only this decision (may be repeated).")
@ENGLISH
@json_option
@guarded
def prove(folder: Path, decisions: tuple[str, ...], english: bool, as_json: bool) -> None:
    """Prove the rules of DIR: gaps, overlaps, ranges, directions, standards. What cannot be decided counts as failed."""
    from ..policy.proof import prove_policy

    policy = _policy(folder, as_json, english)
    report = prove_policy(policy, decisions or None)
    if as_json:
        emit(
            {
                "fingerprint": policy.fingerprint,
                "proved": report.proved,
                "milliseconds": int(report.seconds * 1000),
                "obligations": [obligation.as_json() for obligation in report.obligations],
            }
        )
    else:
        for obligation in report.obligations:
            click.echo(obligation.line("en" if english else "id"))
        _print(located(folder, report.findings), english)
        held = sum(1 for obligation in report.obligations if obligation.holds)
        word = "obligations proved" if english else "kewajiban terbukti"
        note(f"{held}/{len(report.obligations)} {word}, {report.seconds:.1f} s")
    if not report.proved:
        raise SystemExit(1)


@rules.command()
@click.argument("old", type=click.Path(path_type=Path), metavar="OLD")
@click.argument("new", type=click.Path(path_type=Path), metavar="NEW")
@ENGLISH
@json_option
@guarded
def diff(old: Path, new: Path, english: bool, as_json: bool) -> None:
    """Say in sentences what changes from the rules of OLD to those of NEW."""
    before, after = _policy(old, as_json, english), _policy(new, as_json, english)
    changes = compare(before, after)
    if as_json:
        fingerprints = {"old": before.fingerprint, "new": after.fingerprint}
        emit({"fingerprints": fingerprints, "changes": [change.as_json() for change in changes]})
        return
    for change in changes:
        click.echo(change.line("en" if english else "id"))
    note(f"{len(changes)} " + ("changes" if english else "perubahan"))


@rules.command()
@click.argument("name", metavar="NAME")
@FOLDER
@ENGLISH
@json_option
@guarded
def where(name: str, folder: Path, english: bool, as_json: bool) -> None:
    """Say where a fact, parameter, decision or output is used: `where hari_absen`, `where predikat_kinerja.predikat`."""
    policy = _policy(folder, as_json, english)
    found = where_used(policy, name)
    if as_json:
        emit({"name": name, "uses": [use.as_json() for use in found]})
        return
    for use in found:
        click.echo(f"{folder}/{use.line('en' if english else 'id')}")
    if not found:
        note("not used anywhere" if english else "tidak dipakai di mana pun")


@rules.command("why-not")
@click.argument("row", metavar="ROW")
@click.argument("facts", type=click.Path(path_type=Path), metavar="FACTS.json")
@FOLDER
@click.option("--on", "on", metavar="DATE", help="Judgement day (default: the latest version).")
@ENGLISH
@json_option
@guarded
def why_not_command(row: str, facts: Path, folder: Path, on: str | None, english: bool, as_json: bool) -> None:
    """Say why ROW ("predikat_kinerja#1") is not hit. FACTS.json is a whole case, or the inputs of that decision."""
    policy = _policy(folder, as_json, english)
    day = parse_date(on) if on else None
    answers = [why_not(policy, row, inputs, day) for inputs in _row_inputs(policy, row, facts, day)]
    if as_json:
        emit([answer.as_json() for answer in answers])
        return
    for answer in answers:
        click.echo(f"{folder}/{answer.line('en' if english else 'id')}")


def _row_inputs(policy: Policy, row: str, facts: Path, day: date | None) -> list[dict[str, Any]]:
    """The inputs of the row's decision: as given, or as a whole case leads to them (once an item for a for_each decision)."""
    decision, _ = find_row(policy, row, day)
    document = load(facts)
    if not isinstance(document, dict) or CASE not in document:
        return [admit_given(policy, decision, document, str(facts))]
    from ..engine import Engine

    with Engine(policy) as engine:
        finding = engine.evaluate(document, day)
    found = {
        (entry.item): {one.name: one.value for one in entry.inputs} for entry in finding.trace if entry.decision == decision.name
    }
    if not found:
        raise InputError(
            "keputusan_tidak_dipakai",
            f"kasus ini tidak memakai {decision.name}",
            f"this case does not use {decision.name}",
            remedy_id="berikan masukan keputusan itu sendiri",
            remedy_en="give the inputs of that decision itself",
        )
    return [{given.name: values.get(given.name) for given in decision.inputs} for values in found.values()]


@rules.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@guarded
def schemas(folder: Path) -> None:
    """Write the JSON Schema of each kind of rule file to DIR, for editors."""
    from ..policy.schema import write_schemas

    for path in write_schemas(folder):
        click.echo(path)


def _day(written: str | None) -> date:
    return parse_date(written) if written else today(SystemClock())


def _policy(folder: Path, as_document: bool, english: bool = False) -> Policy:
    """The policy, or the diagnostics and exit status 1."""
    report = check_policy(folder)
    if report.policy is None:
        _stop(folder, report, as_document, english)
    return report.policy


def _stop(folder: Path, report: CheckReport, as_document: bool, english: bool) -> NoReturn:
    if as_document:
        emit(_report_json(report))
    else:
        _print(located(folder, report.errors), english)
    raise SystemExit(1)


_show_json = as_json  # under another name, since options are called as_json here


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
