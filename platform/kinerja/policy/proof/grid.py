"""Tables by grid: every combination of legal pieces is looked at once; all gaps, overlaps, conflicts and idle rows are found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ...core.errors import KinerjaError
from ...feel import STRICT, compile_expression, compile_tests
from ...feel.syntax import Name, Node
from ..assemble.scope import uses
from ..diagnostics import Diagnostic, make
from ..model import Decision, HitPolicy, Policy, Row, Table
from ..walk import rewrite
from .conditions import NotSimple, cuts, cuts_of_tests
from .domain import Variable, representatives, who
from .obligation import Verdict
from .ranges import bounds, environment

MOST_CASES = 400_000
MOST_FINDINGS = 20
_ANY = object()
TOTAL = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.FIRST, HitPolicy.PRIORITY)


@dataclass(frozen=True, slots=True)
class Group:
    """Pieces of a variable that no cell and no precondition tells apart. mask: the rows whose cells they pass."""

    value: Any
    mask: int


@dataclass(slots=True)
class Grid:
    """A table laid out: variables in order, their groups, and what the preconditions say of a combination."""

    policy: Policy
    decision: Decision
    table: Table
    world: Mapping[str, Any]
    variables: list[Variable] = field(default_factory=list)
    groups: list[list[Group]] = field(default_factory=list)
    requirements: list[Any] = field(default_factory=list)

    @property
    def size(self) -> int:
        size = 1
        for groups in self.groups:
            size *= len(groups)
        return size

    def cases(self) -> Iterator[tuple[dict[str, Any], int]]:
        """(case, mask of the rows it hits) for every legal combination."""
        yield from self._walk(0, {}, (1 << len(self.table.rows)) - 1)

    def _walk(self, depth: int, case: dict[str, Any], mask: int) -> Iterator[tuple[dict[str, Any], int]]:
        if depth == len(self.groups):
            if self.legal(case):
                yield dict(case), mask
            return
        name = self.variables[depth].name
        for group in self.groups[depth]:
            case[name] = group.value
            yield from self._walk(depth + 1, case, mask & group.mask)
        del case[name]

    def legal(self, case: Mapping[str, Any]) -> bool:
        """Whether the preconditions that speak of these variables hold; one that cannot be computed is left aside."""
        scope = {**self.world, **case}
        for requirement in self.requirements:
            try:
                if requirement(scope) is not True:
                    return False
            except KinerjaError:
                continue
        return True


def lay_out(policy: Policy, decision: Decision, world: Mapping[str, Any], ends_of: str | None = None) -> Grid:
    """Raises NotSimple when a cell relates variables to each other or computes with them. world: parameters on the day.

    ends_of: a variable to be kept in all its pieces, by the first and last value of each.
    """
    table = decision.logic
    assert isinstance(table, Table)
    grid = Grid(policy, decision, table, world)
    env = environment(policy, decision)
    terms: dict[Node, Node] = {}
    columns: dict[str, list[int]] = {}
    types = {given.name: given.type for given in decision.inputs if given.type is not None}
    for index, (column, type_) in enumerate(zip(table.columns, table.column_types, strict=True)):
        if column.text not in columns:
            if isinstance(column.expression, Name) and column.expression.name in types:
                scale: int | None = type_.scale
            else:
                known = bounds(column.expression, env)
                scale, type_ = known.scale, replace(type_, low=known.low, high=known.high, nullable=False)
            if type_.is_list:
                raise NotSimple
            terms[column.expression] = Name(column.text)
            grid.variables.append(Variable(column.text, type_, scale))
        columns.setdefault(column.text, []).append(index)
    names = {variable.name for variable in grid.variables} | set(types)

    def constant(node: Node) -> Any:
        return compile_expression(node, STRICT)(world)

    found = _precondition_cuts(grid, terms, types, names, constant)
    for row in table.rows:
        for column_name, indexes in columns.items():
            for index in indexes:
                found |= cuts_of_tests(row.cells[index].tests, column_name, names, constant)
    constrained = {use.name for requirement in _rewritten(decision, terms) for use in uses(requirement)}
    for variable in grid.variables:
        whole = variable.name == ends_of
        points = representatives(variable, [value for name, value in found if name == variable.name], both_ends=whole)
        grid.groups.append(_groups(grid, variable, points, columns.get(variable.name, []), whole or variable.name in constrained))
    if grid.size > MOST_CASES:
        raise NotSimple
    return grid


def _rewritten(decision: Decision, terms: Mapping[Node, Node]) -> list[Node]:
    return [rewrite(requirement.that, terms) for requirement in decision.requirements]


def _precondition_cuts(grid: Grid, terms: Mapping[Node, Node], types: Mapping[str, Any], names: set[str], constant: Any) -> Any:
    """Preconditions over simple variables restrict the cases; inputs that only they read become variables of the grid."""
    found: set[tuple[str, Any]] = set()
    for expression in _rewritten(grid.decision, terms):
        read = {use.name for use in uses(expression)} & names
        try:
            marks = cuts(expression, names, constant)
        except (NotSimple, KinerjaError):
            continue
        if any(types[name].is_list for name in read if name in types):
            continue
        known = {variable.name for variable in grid.variables}
        if not read & known:
            continue
        for name in sorted(read - known):
            grid.variables.append(Variable(name, types[name], types[name].scale))
        found |= marks
        grid.requirements.append(compile_expression(expression, STRICT))
    return found


def _groups(grid: Grid, variable: Variable, points: list[Any], columns: list[int], constrained: bool) -> list[Group]:
    passes = [[compile_tests(row.cells[index].tests, STRICT) for index in columns] for row in grid.table.rows]
    groups: list[Group] = []
    seen: set[int] = set()
    for point in points:
        mask = 0
        for number, tests in enumerate(passes):
            if all(_passes(test, point, grid.world) for test in tests):
                mask |= 1 << number
        if constrained or mask not in seen:
            groups.append(Group(point, mask))
            seen.add(mask)
    return groups


def _passes(test: Any, point: Any, world: Mapping[str, Any]) -> bool:
    try:
        return bool(test(point, world))
    except KinerjaError:
        return False


# ── what the grid shows ───────────────────────────────────────────────────────────────────────────────────────────────
def check_rows(grid: Grid) -> Verdict:
    """Gaps, overlaps, conflicts, rows never hit, redundant rows; according to the hit policy."""
    rows = grid.table.rows
    found: list[Diagnostic] = []
    pairs: set[tuple[int, int]] = set()
    gaps: list[tuple[Any, ...]] = []
    hit = needed = 0
    for case, mask in grid.cases():
        if mask == 0 and grid.table.hit in TOTAL:
            gaps.append(tuple(case[variable.name] for variable in grid.variables))
        hit |= chosen(grid, mask)
        if mask & (mask - 1):
            found += _several(grid, case, _indexes(mask), pairs)
        needed |= _needed(grid, mask)
    for gap in merged(grid, gaps)[:MOST_FINDINGS]:
        found.append(make("P101", grid.table.columns[0].place, case=gap, **who(grid.policy, grid.decision, gap)))
    for number, row in enumerate(rows):
        if not hit >> number & 1:
            found.append(make("P103", row.place, row=row.id, row_ids=(row.id,)))
        elif grid.table.hit is HitPolicy.ANY and not needed >> number & 1:
            found.append(make("P105", row.place, row=row.id, row_ids=(row.id,)))
    return Verdict(f"grid {grid.size}", tuple(found))


def merged(grid: Grid, gaps: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    """Gaps without the variables that do not matter: where every value of a variable gives a gap, it is left out."""
    found: set[tuple[Any, ...]] = set(gaps)
    order = list(dict.fromkeys(gaps))
    for index, groups in enumerate(grid.groups):
        values = [group.value for group in groups]
        changed: dict[tuple[Any, ...], None] = {}
        for gap in order:
            line = [(*gap[:index], value, *gap[index + 1 :]) for value in values]
            whole = gap[index] is not _ANY and all(one in found for one in line)
            changed[(*gap[:index], _ANY, *gap[index + 1 :]) if whole else gap] = None
        order = list(changed)
        found = set(order)
    names = [variable.name for variable in grid.variables]
    return [{name: value for name, value in zip(names, gap, strict=True) if value is not _ANY} for gap in order]


def _indexes(mask: int) -> list[int]:
    return [number for number in range(mask.bit_length()) if mask >> number & 1]


def chosen(grid: Grid, mask: int) -> int:
    """The rows that count for a case: all, or the first, or those of the best output."""
    if not mask:
        return 0
    if grid.table.hit is HitPolicy.FIRST:
        return mask & -mask
    if grid.table.hit is HitPolicy.PRIORITY:
        best = min(_indexes(mask), key=lambda number: (_rank(grid, grid.table.rows[number]), number))
        return 1 << best
    return mask


def _rank(grid: Grid, row: Row) -> tuple[int, ...]:
    ranks = []
    for out, output in zip(row.outputs, grid.decision.outputs, strict=True):
        value = getattr(out.expression, "value", None)
        ranks.append(output.type.values.index(value) if value in output.type.values else 0)
    return tuple(ranks)


def _several(grid: Grid, case: Mapping[str, Any], indexes: list[int], pairs: set[tuple[int, int]]) -> list[Diagnostic]:
    rows = grid.table.rows
    found: list[Diagnostic] = []
    if grid.table.hit not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return found
    for position, first in enumerate(indexes):
        for second in indexes[position + 1 :]:
            same = [o.expression for o in rows[first].outputs] == [o.expression for o in rows[second].outputs]
            if (first, second) in pairs or (grid.table.hit is HitPolicy.ANY and same):
                continue
            pairs.add((first, second))
            code = "P102" if grid.table.hit is HitPolicy.UNIQUE else "P104"
            both = (rows[first].id, rows[second].id)
            names = who(grid.policy, grid.decision, case)
            found.append(make(code, rows[second].place, rows=", ".join(both), case=case, row_ids=both, **names))
    return found


def _needed(grid: Grid, mask: int) -> int:
    """Rows that alone give their outputs for this case."""
    indexes = _indexes(mask)
    outputs = [tuple(o.expression for o in grid.table.rows[number].outputs) for number in indexes]
    return sum(1 << number for number, own in zip(indexes, outputs, strict=True) if outputs.count(own) == 1)
