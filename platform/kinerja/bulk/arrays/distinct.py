"""Primitives that have no column form: the generated-Python runtime once for each distinct combination of arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ...engine.integer.errors import Fault
from ...engine.integer.ir import Lit, Lookup, Op
from ...engine.integer.runtime import FUNCTIONS
from ...engine.integer.types import Bool, Num, Text, Type
from ..intervals import Interval, point
from .untyped import Array, np
from .values import Pair, Scalar, Value, either, fitting, refused

if TYPE_CHECKING:
    from .evaluate import Evaluator


def by_distinct(ev: Evaluator, x: Op | Lookup, args: Sequence[Value], function: Callable[..., Any] | None = None) -> Value:
    """The values of a primitive; rows with a null argument are null."""
    chosen = function or _function(x)
    parts = [part for arg in args for part in ((arg.n, arg.d) if isinstance(arg, Pair) else (arg,))]
    if not all(isinstance(part, Scalar) for part in parts):
        raise refused(getattr(x, "name", "lookup"))
    scalars = [part for part in parts if isinstance(part, Scalar)]
    null = either(*(part.null for part in scalars))
    index, firsts = _combinations([part for part in scalars if not part.constant])
    found: list[Any] = []
    failed = np.zeros(max(len(firsts), 1), np.bool_)
    for place, row in enumerate(firsts if len(firsts) else [None]):
        try:
            found.append(chosen(*_arguments(args, row)))
        except Fault:
            found.append(None)
            failed[place] = True
    if index is None:
        if null is None:
            ev.fail(bool(failed[0]))
        return built(found, x.type, None, null, 0)
    if failed.any():
        mask = failed[index]
        ev.fail(mask if null is None else mask & ~null if null is not True else None)
    return built(found, x.type, index, null, len(index))


def _function(x: Op | Lookup) -> Callable[..., Any]:
    assert isinstance(x, Op)
    if x.name == "join":
        return lambda *texts: "".join(texts)
    plain = FUNCTIONS.get(x.name)
    if plain is None:
        raise refused(f"“{x.name}”")
    fixed = {place: arg.value for place, arg in enumerate(x.args) if isinstance(arg, Lit) and isinstance(arg.value, tuple)}
    if not fixed:
        return plain

    def called(*given: Any) -> Any:
        rest = iter(given)
        return plain(*[fixed[place] if place in fixed else next(rest) for place in range(len(x.args))])

    return called


def _combinations(parts: Sequence[Scalar]) -> tuple[Array | None, Array]:
    """(which combination each row has, a row of each combination)."""
    if not parts:
        return None, np.zeros(0, np.int64)
    index: Any = None
    for part in parts:
        _, inverse = np.unique(part.data, return_inverse=True)
        index = inverse if index is None else np.unique(index * (int(inverse.max(initial=0)) + 1) + inverse, return_inverse=True)[1]
    _, firsts, index = np.unique(index, return_index=True, return_inverse=True)
    return index, firsts


def _arguments(args: Sequence[Value], row: Any) -> list[Any]:
    return [(_plain(arg.n, row), _plain(arg.d, row)) if isinstance(arg, Pair) else _plain(arg, row) for arg in args]


def _plain(value: Value, row: Any) -> Any:
    assert isinstance(value, Scalar)
    data = value.data[row] if isinstance(value.data, np.ndarray) else value.data
    if value.null is True:
        return None
    if value.words is not None:
        return value.words[int(data)] if value.words else ""
    return bool(data) if isinstance(value.type, Bool) else int(data)


def built(found: list[Any], kind: Type, index: Array | None, null: Any, size: int) -> Value:
    """Plain values as columns: found[index] for each row, or one constant where index is None."""
    if isinstance(kind, Num) and kind.den is None:
        tops = [None if pair is None else pair[0] for pair in found]
        bottoms = [1 if pair is None else pair[1] for pair in found]
        n, d = built(tops, Num(1), index, null, size), built(bottoms, Num(1), index, None, size)
        assert isinstance(n, Scalar)
        assert isinstance(d, Scalar)
        return Pair(n, d)
    holes = np.array([value is None for value in found])
    empty = None
    if holes.any():
        empty = bool(holes[0]) or None if index is None else holes[index]
    null = either(null, empty)
    words: tuple[str, ...] | None = None
    reach: Interval | None = None
    if isinstance(kind, Text):
        places: dict[str, int] = {}
        codes = [places.setdefault("" if value is None else value, len(places)) for value in found]
        table, words = np.array(codes, fitting(Interval(0, len(places)))), tuple(places)
    elif isinstance(kind, Bool):
        table = np.array([bool(value) for value in found], np.bool_)
    else:
        numbers = [0 if value is None else value for value in found]
        there = [value for value in found if value is not None]
        reach = Interval(min(there), max(there)) if there else point(0)
        table = np.array(numbers, fitting(reach.hull(point(0))))
    data = table[0].item() if index is None and table.dtype != object else table[0] if index is None else table[index]
    return Scalar(data, kind, null, reach, words)
