"""`kinerja people …`: units, posts and people: who sits where, who moves, who is away or tied, and staff tables in and out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from ..core.errors import InputError, Place
from ..core.indonesian import long_date
from ..core.periods import Period, parse_date
from ..services.context import Context
from ..services.cycles import realign
from ..services.posts import orgmap, profile, vacancies
from ..services.staff import amend as amending
from ..services.staff import history, people
from ..services.stafftables import imports as staff_import
from ..services.stafftables import template as staff_template
from ..services.stafftables import undo as staff_undo
from ..services.stafftables.tables import KINDS
from ..services.views import Receipt
from .acting import acting, as_option
from .common import city_option, emit, guarded, json_option, note
from .people_views import candidate_lines, map_lines, plain, preview_lines, show_lines, vacancy_lines
from .task import show_receipt

kind_argument = click.argument("kind", type=click.Choice(list(KINDS)))
from_option = click.option("--from", "first", required=True, metavar="DATE")
since_option = click.option("--since", metavar="DATE", help="The day on which it begins; without it the record is mended.")
key_option = click.option("--key", metavar="KEY", help="Idempotency key: the same key does it once.")


@click.group("people")
def group() -> None:
    """Units, posts and people: imports with preview and undo, transfers, acting posts, absences, ties, the position map."""


def act(name: str) -> Callable[[Callable[..., Callable[[Context, str | None], Receipt]]], click.Command]:
    """A command that does one act through a service and shows its receipt. The body turns its arguments into the act."""

    def made(body: Callable[..., Callable[[Context, str | None], Receipt]]) -> click.Command:
        def run(account: str, city: str | None, as_json: bool, key: str | None, **given: Any) -> None:
            doing = body(**given)
            with acting(city, account) as context:
                show_receipt(doing(context, key), as_json)

        run.__doc__ = body.__doc__
        run.__click_params__ = getattr(body, "__click_params__", [])  # type: ignore[attr-defined]
        return group.command(name)(as_option(city_option(json_option(key_option(guarded(run))))))

    return made


# ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
@group.command()
@kind_argument
@click.argument("file", metavar="FILE.xlsx")
@click.option("--filled", is_flag=True, help="With the rows as they stand, to change and import again (needs --as).")
@click.option("--as", "account", metavar="ACCOUNT", help="Account to act as, for --filled.")
@city_option
@json_option
@guarded
def template(kind: str, file: str, filled: bool, account: str | None, city: str | None, as_json: bool) -> None:
    """Write the workbook to fill in: columns, choices, and what each means."""
    if filled and not account:
        raise InputError("akun_perlu", "sebutkan --as AKUN untuk --filled", "name --as ACCOUNT for --filled")
    if filled:
        with acting(city, account) as context:
            data = staff_template.filled(context, kind)
    else:
        data = staff_template.template(kind)
    try:
        Path(file).write_bytes(data)
    except OSError as error:
        raise InputError(
            "berkas_tidak_tertulis", f"berkas tidak dapat ditulis ({error.strerror})", f"cannot write the file ({error.strerror})",
            place=Place(file), remedy_id="periksa folder dan izinnya", remedy_en="check the folder and its permissions",
        ) from error  # fmt: skip
    columns = [column.name for column in KINDS[kind].columns]
    emit({"kind": kind, "file": file, "columns": columns}) if as_json else click.echo(f"{file}: {', '.join(columns)}")


@group.command("import")
@kind_argument
@click.argument("file")
@click.option("--preview", is_flag=True, help="Only tell what would happen, row by row; nothing is written.")
@click.option("--whole", is_flag=True, help="Refuse the file when any row cannot be taken.")
@as_option
@city_option
@json_option
@key_option
@guarded
def import_file(
    kind: str, file: str, preview: bool, whole: bool, account: str, city: str | None, as_json: bool, key: str | None
) -> None:
    """Take a staff table in (XLSX or CSV): what is new is added, what differs is changed, rows that cannot be are told."""
    data = _bytes(file)
    with acting(city, account) as context:
        if preview:
            seen = staff_import.preview(context, kind, data, file)
            emit(plain(seen)) if as_json else click.echo("\n".join(preview_lines(seen)))
            return
        taken = staff_import.take_in(context, kind, data, file, whole=whole, key=key)
    for one in taken.rejected:
        note(f"{file}:{one.line}: {one.column or 'baris'}: {one.text[0]} → {one.remedy[0]}")
    if as_json:
        emit(plain(taken))
    elif taken.same_file:
        click.echo(f"berkas ini sudah diimpor (impor {taken.id}); tidak ada yang diubah")
    else:
        reach = f"; menyentuh {taken.touched} kasus yang sudah berjalan" if taken.touched else ""
        click.echo(
            f"impor {taken.id}: {taken.added} ditambah, {taken.changed} diubah, {taken.unchanged} tetap, "
            f"{len(taken.rejected)} ditolak{reach}"
        )


@group.command()
@as_option
@city_option
@json_option
@guarded
def imports(account: str, city: str | None, as_json: bool) -> None:
    """Imports of staff tables, the newest first."""
    with acting(city, account) as context:
        found = staff_import.imports(context)
    if as_json:
        emit(plain(list(found)))
        return
    for one in found:
        state = f"diurungkan {long_date(one.undone.date())}" if one.undone else "berlaku"
        click.echo(
            f"{one.id:>5}  {one.kind}  {one.file}: {one.added} ditambah, {one.changed} diubah, {len(one.rejected)} ditolak · "
            f"{long_date(one.at.date())} oleh {one.by} · {state}"
        )


@act("undo")
@click.argument("import_id", metavar="ID", type=int)
def undo(import_id: int) -> Callable[[Context, str | None], Receipt]:
    """Take exactly this import back, unless something was built on it since (which is then listed)."""
    return lambda context, key: staff_undo.undo(context, import_id, key)


# ── acts ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
@act("assign")
@click.argument("nip")
@click.argument("position")
@click.argument("unit")
@from_option
@click.option("--to", "last", metavar="DATE", help="Last day (default: until further notice).")
@click.option("--kind", default="definitif", show_default=True, type=click.Choice(people.ASSIGNMENT_KINDS))
@click.option("--class", "job_class", type=int, help="Where a unit has the post in several classes.")
def assign(
    nip: str, position: str, unit: str, first: str, last: str | None, kind: str, job_class: int | None
) -> Callable[[Context, str | None], Receipt]:
    """Give a person a post: definitively, or acting (plt: vacant post, plh: holder away)."""
    entry = people.AssignmentEntry(nip, position, unit, parse_date(first), _day(last), kind, job_class)
    return lambda context, key: people.assign(context, entry, key)


@act("transfer")
@click.argument("nip")
@click.argument("position")
@click.argument("unit")
@from_option
@click.option("--class", "job_class", type=int, help="Where a unit has the post in several classes.")
def transfer(nip: str, position: str, unit: str, first: str, job_class: int | None) -> Callable[[Context, str | None], Receipt]:
    """Move a person to another post from a day on; the old assignment ends the day before."""
    return lambda context, key: people.transfer(context, nip, position, unit, parse_date(first), job_class, key)


@act("end")
@click.argument("nip")
@click.argument("position")
@click.argument("unit")
@click.option("--last", required=True, metavar="DATE", help="The last day in the post.")
def end(nip: str, position: str, unit: str, last: str) -> Callable[[Context, str | None], Receipt]:
    """End the running assignment of a person in a post."""
    return lambda context, key: people.end_assignment(context, nip, position, unit, parse_date(last), key)


@act("leave")
@click.argument("nip")
@click.option("--last", required=True, metavar="DATE", help="The last day of service.")
@click.option("--reason", default="pensiun", show_default=True)
def leave(nip: str, last: str, reason: str) -> Callable[[Context, str | None], Receipt]:
    """End all running assignments of a person (retirement, resignation); what they served is still appraised."""
    return lambda context, key: people.leave(context, nip, parse_date(last), reason, key)


@act("absence")
@click.argument("nip")
@from_option
@click.option("--to", "last", required=True, metavar="DATE")
@click.option("--kind", default="cuti", show_default=True)
@click.option("--note", default="")
def absence(nip: str, first: str, last: str, kind: str, note: str) -> Callable[[Context, str | None], Receipt]:
    """Record days on which a person cannot act; a substitute or the next authority acts then."""
    period = Period(parse_date(first), parse_date(last))
    return lambda context, key: people.record_absence(context, nip, period, kind, note, key)


@act("declare")
@click.argument("nip")
@click.argument("other")
@click.option("--from", "first", metavar="DATE", help="Since when (default: today).")
@click.option("--kind", default="keluarga", show_default=True)
@click.option("--note", default="")
def declare(nip: str, other: str, first: str | None, kind: str, note: str) -> Callable[[Context, str | None], Receipt]:
    """Declare a tie between two people: neither rates or decides on the other. Everyone their own; HR anybody's."""

    def doing(context: Context, key: str | None) -> Receipt:
        return people.declare_conflict(context, nip, other, _day(first) or context.city.today(), kind, note, key)

    return doing


@act("end-tie")
@click.argument("nip")
@click.argument("other")
@click.option("--last", required=True, metavar="DATE", help="The last day on which the tie holds.")
def end_tie(nip: str, other: str, last: str) -> Callable[[Context, str | None], Receipt]:
    """Let a declared tie end (HR and administrators)."""
    return lambda context, key: people.end_conflict(context, nip, other, parse_date(last), key)


@group.command()
@click.argument("nip")
@click.option("--preview", is_flag=True, help="Only tell what would be cut, opened or left alone.")
@as_option
@city_option
@json_option
@key_option
@guarded
def align(nip: str, preview: bool, account: str, city: str | None, as_json: bool, key: str | None) -> None:
    """Bring a person's open cases into line with their assignments: the case is cut, the new post gets its own."""
    with acting(city, account) as context:
        if not preview:
            show_receipt(realign.align(context, nip, key), as_json)
            return
        moves = realign.preview(context, nip)
    if as_json:
        emit(plain(list(moves)))
        return
    for move in moves:
        click.echo(f"{move.cycle}  {move.kind}  {move.title}: {long_date(move.first)}–{long_date(move.last)} ({move.why[0]})")
    if not moves:
        click.echo("kasus sudah sesuai dengan penugasan")


@act("handover")
@click.argument("nip")
def handover(nip: str) -> Callable[[Context, str | None], Receipt]:
    """Pass the open cases of an appraiser who has left to the next lawful authority, with the reason."""
    return lambda context, key: realign.hand_over(context, nip, key)


@act("status")
@click.argument("nip")
@click.argument("status", type=click.Choice(amending.PERSON_STATUSES))
@since_option
def status_command(nip: str, status: str, since: str | None) -> Callable[[Context, str | None], Receipt]:
    """Change what a person is (CPNS to PNS): from a day on, or, without one, as it should always have been."""

    return lambda context, key: amending.change(context, "person", nip, status, _day(since), key)


@act("class")
@click.argument("position")
@click.argument("job_class", type=int, metavar="CLASS")
@since_option
def class_command(position: str, job_class: int, since: str | None) -> Callable[[Context, str | None], Receipt]:
    """Change the class of a POSITION (id, as `people positions` shows it): from a day on, or as it should always have been."""

    return lambda context, key: amending.change(context, "position", position, job_class, _day(since), key)


# ── looking ───────────────────────────────────────────────────────────────────────────────────────────────────────────
@group.command()
@click.argument("nip")
@as_option
@city_option
@json_option
@guarded
def show(nip: str, account: str, city: str | None, as_json: bool) -> None:
    """A person: posts, who appraises them and why, absences, ties, and how a period is split."""
    with acting(city, account) as context:
        page = profile.person_page(context, nip)
    emit(plain(page)) if as_json else click.echo("\n".join(show_lines(page)))


@group.command("map")
@click.option("--unit", default="", metavar="CODE", help="Only this unit and all below it.")
@click.option("--on", "on", metavar="DATE", help="On another day than today.")
@as_option
@city_option
@json_option
@guarded
def position_map(unit: str, on: str | None, account: str, city: str | None, as_json: bool) -> None:
    """The position map (peta jabatan): units, posts, class, level, seats, holders, vacancies."""
    with acting(city, account) as context:
        units = orgmap.position_map(context, unit, _day(on))
    emit(plain(list(units))) if as_json else click.echo("\n".join(map_lines(units)))


@group.command()
@click.argument("unit", default="")
@as_option
@city_option
@json_option
@guarded
def positions(unit: str, account: str, city: str | None, as_json: bool) -> None:
    """Posts with their seats: formation, filled, vacant."""
    with acting(city, account) as context:
        units = orgmap.position_map(context, unit)
    posts = [(one, post) for one in orgmap.flat(units) for post in one.posts]
    if as_json:
        emit([plain(post) | {"unit": one.code} for one, post in posts])
        return
    for one, post in posts:
        seats = f"formasi {post.formation}, terisi {post.filled}, lowong {post.vacant}"
        click.echo(f"{post.id}  {one.code}  {post.code}  kelas {post.job_class}  {seats}")


@group.command("vacancies")
@click.argument("position", metavar="[POST-ID]", type=int, required=False)
@click.option("--unit", default="", metavar="CODE", help="Only this unit and all below it.")
@as_option
@city_option
@json_option
@guarded
def show_vacancies(position: int | None, unit: str, account: str, city: str | None, as_json: bool) -> None:
    """Vacant seats; with the id of one, its candidates with the reasons for and against. A list, never an appointment."""
    with acting(city, account) as context:
        if position is None:
            found = vacancies.vacancies(context, unit)
            emit(plain(list(found))) if as_json else click.echo("\n".join(vacancy_lines(found)) or "tidak ada kursi lowong")
            return
        page = vacancies.candidates(context, position)
    emit(plain(page)) if as_json else click.echo("\n".join(candidate_lines(page)))


@group.command("history")
@click.argument("what", type=click.Choice(["unit", "position", "person"]))
@click.argument("name", metavar="CODE|ID|NIP")
@as_option
@city_option
@json_option
@guarded
def show_history(what: str, name: str, account: str, city: str | None, as_json: bool) -> None:
    """What was changed about a unit (code), a post (id) or a person (NIP): before, after, who, when."""
    with acting(city, account) as context:
        found = history.history_of(context, what, history.find(what, name))
        names = people.called(change.by for change in found)
    if as_json:
        emit(plain(list(found)))
        return
    for change in found:
        click.echo(f"{long_date(change.at.date())}  {change.act[0]}  oleh {names[change.by]}  #{change.seq}")
        for column, before, after in change.values:
            click.echo(f"    {column}: {history.told(before)} → {history.told(after)}")


def _bytes(file: str) -> bytes:
    try:
        if Path(file).stat().st_size > 2 * staff_import.MOST_BYTES:
            raise InputError("tabel_tidak_terbaca", "berkas terlalu besar", "the file is too large", place=Place(file))
        return Path(file).read_bytes()
    except OSError as error:
        raise InputError(
            "berkas_tidak_terbaca", f"berkas tidak terbaca ({error.strerror})", f"cannot read the file ({error.strerror})",
            place=Place(file), remedy_id="periksa nama berkas", remedy_en="check the file's name",
        ) from error  # fmt: skip


def _day(text: str | None) -> date | None:
    return None if text is None else parse_date(text)
