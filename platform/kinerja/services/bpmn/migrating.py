"""Moving running cases to the newest version of their process: counted first, done in one transaction, revertible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...core.errors import ConflictError, NotFoundError
from ...process import Migrated, Migration, Preview, ProcessDefinition, revert
from ...store import models as db
from ...store.queries import objects
from ..acts import Done, changed, perform
from ..context import WHOLE_CITY, Context, require
from ..flow import ASSIGNED, look, place_step
from ..reading import CASE_JOINS
from ..views import Receipt


def preview(context: Context, process: str, mapping: Mapping[str, str] | None = None) -> dict[str, Preview]:
    """Old version → what moving its open cases to the newest would do; nothing is moved."""
    require(context, "process.migrate", unit=WHOLE_CITY)
    newest = context.city.process_version(process)
    found: dict[str, dict[str, str]] = {}
    versions: dict[str, Any] = {}
    for case in _cases(process, newest.id):
        found.setdefault(case.process.version, {})[str(case.id)] = case.process_state
        versions[case.process.version] = case.process
    return {version: _migration(context, versions[version], newest, mapping).preview(states) for version, states in found.items()}


def migrate(
    context: Context,
    process: str,
    mapping: Mapping[str, str] | None = None,
    data: Mapping[str, Any] | None = None,
    key: str | None = None,
) -> Receipt:
    """Move every open case that can be moved; the blocked stay on their version. values: {batch, moved, blocked}."""
    require(context, "process.migrate", unit=WHOLE_CITY)
    newest = context.city.process_version(process)

    def work() -> Done:
        at = context.city.clock.now()
        batch = f"{process}:{newest.version[:12]}:{at.isoformat()}"
        moved, blocked = 0, 0
        for case in _cases(process, newest.id):
            old = case.process
            try:
                result = _migration(context, old, newest, mapping, data).move(case.process_state)
            except ConflictError:
                blocked += 1
                continue
            _put(context, case, newest, result.after)
            db.CaseMove.create(
                batch=batch, case=case.id, old=old.id, new=newest.id, before=result.before, after=result.after,
                moved_by=context.actor.id, moved_at=at,
            )  # fmt: skip
            moved += 1
        values = {"batch": batch, "moved": moved, "blocked": blocked}
        return Done(
            f"process:{process}",
            f"{moved} kasus dipindah ke versi {newest.version[:12]}, {blocked} tetap",
            f"{moved} cases moved to version {newest.version[:12]}, {blocked} stay",
            payload=values,
            values=values,
        )

    return perform(context, "process.migrate", work, key)


def undo(context: Context, batch: str, key: str | None = None) -> Receipt:
    """Put back the cases of a migration that have not moved on since. values: {reverted, moved_on}."""
    require(context, "process.migrate", unit=WHOLE_CITY)

    def work() -> Done:
        at = context.city.clock.now()
        moves = list(objects(db.CaseMove.select().where(db.CaseMove.batch == batch, db.CaseMove.reverted_at.is_null())))
        if not moves:
            raise NotFoundError("migrasi_tidak_ada", f"migrasi “{batch}” tidak ada", f'there is no migration "{batch}"')
        reverted, moved_on = 0, 0
        for move in moves:
            case = CASE_JOINS().where(db.Case.id == move.case_id).first()
            try:
                state = revert(case.process_state, Migrated(move.before, move.after, move.old.version, move.new.version))
            except ConflictError:
                moved_on += 1
                continue
            _put(context, case, move.old, state)
            db.CaseMove.update(reverted_at=at).where(db.CaseMove.id == move.id).execute()
            reverted += 1
        values = {"reverted": reverted, "moved_on": moved_on}
        return Done(
            f"process:{batch.partition(':')[0]}",
            f"{reverted} kasus dikembalikan, {moved_on} sudah bergerak",
            f"{reverted} cases put back, {moved_on} have moved on",
            payload=values | {"batch": batch},
            values=values,
        )

    return perform(context, "process.migrate.undo", work, key)


def _cases(process: str, newest: int) -> list[Any]:
    query = CASE_JOINS().where(db.ProcessVersion.process == process, db.Case.state == "open", db.Case.process != newest)
    return list(query.order_by(db.Case.id))


def _migration(
    context: Context, old: Any, new: Any, mapping: Mapping[str, str] | None, data: Mapping[str, Any] | None = None
) -> Migration:
    city = context.city
    return Migration(city.definition(old), city.definition(new), city.clock.now(), city.calendar, mapping, data)


def _put(context: Context, case: Any, version: Any, state: str) -> None:
    """Set a case down on a version with a state; its open tasks keep their rows and take the new version's words and hands."""
    update = db.Case.update(process=version.id, process_state=state, version=db.Case.version + 1)
    rows = update.where(db.Case.id == case.id, db.Case.version == case.version).execute()
    changed(rows, "kasus ini baru saja diubah orang lain", "this case has just been changed by somebody else", case=case.id)
    case.version += 1
    definition: ProcessDefinition = context.city.definition(version)
    step = look(context, definition, state)
    place_step(context, case, definition, step, context.city.clock.now())
    for entry in step.ready:
        task = definition.tasks[entry.task]
        column = ASSIGNED.get(task.role)
        db.Task.update(
            task=task.id, title=task.name, role=task.role, form=task.form, stage=task.stage,
            assignee=getattr(case, column) if column else None,
        ).where(db.Task.case == case.id, db.Task.engine_id == entry.id, db.Task.state << ("ready", "held")).execute()  # fmt: skip
