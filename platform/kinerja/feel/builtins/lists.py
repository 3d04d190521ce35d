"""List functions. Aggregates take one list or the values themselves."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

from ..arithmetic import Arithmetic
from ..errors import EMPTY, INDEX, FeelError, bad_value, type_mismatch
from ..limits import MAX_LIST, check_list, spend
from ..values import Function, Value, describe, order, same
from .registry import builtin, integer

_MAX_FLATTEN_DEPTH = 200


def _not_empty(name: str, values: list[Value]) -> None:
    if not values:
        raise FeelError(EMPTY, f"{name} dari daftar kosong", f"{name} of an empty list")


def _out_of_range(position: int, length: int) -> FeelError:
    return FeelError(
        INDEX,
        f"posisi {position} di luar daftar berisi {length} unsur",
        f"position {position} is outside a list of {length} elements",
    )


def _copied(values: Iterable[Value]) -> list[Value]:
    result = list(values)
    check_list(len(result))
    return result


@builtin("list contains(list: list<T>, element: T?) -> boolean")
def list_contains(_: Arithmetic, values: list[Value], element: Value) -> Value:
    spend(len(values))
    return any(same(item, element) for item in values)


@builtin("count(list: list) -> number")
def count(n: Arithmetic, values: list[Value]) -> Value:
    return n.number(len(values))


def _extreme(name: str, values: list[Value], sign: int) -> Value:
    _not_empty(name, values)
    spend(len(values))
    best = values[0]
    if type(best) is not Fraction:
        order(best, best, name)  # refuses what has no order, also when it is alone
    for item in values[1:]:
        if sign * order(item, best, name) > 0:
            best = item
    return best


@builtin("min(list: list<T>) -> T")
def min_list(_: Arithmetic, values: list[Value]) -> Value:
    return _extreme("min", values, -1)


@builtin("min(c+: T) -> T")
def min_values(_: Arithmetic, *values: Value) -> Value:
    return _extreme("min", list(values), -1)


@builtin("max(list: list<T>) -> T")
def max_list(_: Arithmetic, values: list[Value]) -> Value:
    return _extreme("max", values, 1)


@builtin("max(c+: T) -> T")
def max_values(_: Arithmetic, *values: Value) -> Value:
    return _extreme("max", list(values), 1)


def _over_list(values: tuple[Any, ...]) -> list[Any]:
    return list(values[0]) if len(values) == 1 and isinstance(values[0], list) else list(values)


def _total(n: Arithmetic, numbers: list[Any]) -> Any:
    spend(len(numbers))
    return n.total(numbers)


@builtin("sum(list: list<number>) -> number")
@builtin("sum(n+: number) -> number")
def total(n: Arithmetic, *values: Any) -> Value:
    numbers = _over_list(values)
    if not numbers:
        return _sum_of_nothing(n)
    return _total(n, numbers)


def _sum_of_nothing(n: Arithmetic) -> Value:
    """0 in strict mode; null in standard mode, as DMN has it."""
    return n.number(0) if n.exact_results else None


@builtin("mean(list: list<number>) -> number")
@builtin("mean(n+: number) -> number")
def mean(n: Arithmetic, *values: Any) -> Value:
    numbers = _over_list(values)
    _not_empty("mean", numbers)
    return n.divide(_total(n, numbers), n.number(len(numbers)))


@builtin("product(list: list<number>) -> number")
@builtin("product(n+: number) -> number")
def product(n: Arithmetic, *values: Any) -> Value:
    numbers = _over_list(values)
    _not_empty("product", numbers)
    spend(len(numbers))
    return functools.reduce(n.multiply, numbers)


@builtin("median(list: list<number>) -> number")
@builtin("median(n+: number) -> number")
def median(n: Arithmetic, *values: Any) -> Value:
    numbers = sorted(_over_list(values))
    _not_empty("median", numbers)
    spend(len(numbers))
    middle = len(numbers) // 2
    if len(numbers) % 2:
        return numbers[middle]
    return n.divide(n.add(numbers[middle - 1], numbers[middle]), n.number(2))


@builtin("stddev(list: list<number>) -> number")
@builtin("stddev(n+: number) -> number")
def stddev(n: Arithmetic, *values: Any) -> Value:
    """Of a sample: divided by one less than the count."""
    numbers = _over_list(values)
    if len(numbers) < 2:
        raise bad_value("stddev memerlukan dua angka atau lebih", "stddev needs two numbers or more")
    average = n.divide(_total(n, numbers), n.number(len(numbers)))
    squares = [n.multiply(difference, difference) for difference in (n.subtract(number, average) for number in numbers)]
    return n.sqrt(n.divide(_total(n, squares), n.number(len(numbers) - 1)))


@builtin("mode(list: list<number>) -> list<number>")
@builtin("mode(n+: number) -> list<number>")
def mode(_: Arithmetic, *values: Any) -> Value:
    numbers = _over_list(values)
    spend(len(numbers))
    counts: dict[Any, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, times in counts.items() if times == most)


def _every(values: list[Value], deciding: bool) -> Value:
    """all (deciding: false) and any (deciding: true) in three-valued logic."""
    spend(len(values))
    if any(item is deciding for item in values):
        return deciding
    return None if any(not isinstance(item, bool) for item in values) else not deciding


@builtin("all(list: list) -> boolean")
@builtin("all(b+: any?) -> boolean")
def all_(n: Arithmetic, *values: Value) -> Value:
    return _logical("all", n, _over_list(values), False)


@builtin("any(list: list) -> boolean")
@builtin("any(b+: any?) -> boolean")
def any_(n: Arithmetic, *values: Value) -> Value:
    return _logical("any", n, _over_list(values), True)


def _logical(name: str, n: Arithmetic, values: list[Value], deciding: bool) -> Value:
    if n.exact_results:
        for item in values:
            if not isinstance(item, bool):
                raise type_mismatch(name, "boolean", describe(item))
    return _every(values, deciding)


@builtin("sublist(list: list<T>, start position: number, length?: number?) -> list<T>")
def sublist(n: Arithmetic, values: list[Value], start: Any, length: Any = None) -> Value:
    position = integer(n, start, "sublist, “start position”")
    if position == 0 or abs(position) > len(values):
        raise _out_of_range(position, len(values))
    first = position - 1 if position > 0 else len(values) + position
    if length is None:
        return _copied(values[first:])
    size = integer(n, length, "sublist, “length”")
    if size < 0 or first + size > len(values):
        raise _out_of_range(first + size, len(values))
    return _copied(values[first : first + size])


@builtin("append(list: list<T>, item*: T?) -> list<T>")
def append(_: Arithmetic, values: list[Value], *items: Value) -> Value:
    return _copied([*values, *items])


@builtin("concatenate(list+: list<T>) -> list<T>")
def concatenate(_: Arithmetic, *lists: list[Value]) -> Value:
    check_list(sum(map(len, lists)))
    return [item for values in lists for item in values]


@builtin("insert before(list: list<T>, position: number, newItem: T?) -> list<T>")
def insert_before(n: Arithmetic, values: list[Value], position: Any, item: Value) -> Value:
    index = _index(n, values, position, "insert before")
    return _copied([*values[:index], item, *values[index:]])


@builtin("remove(list: list<T>, position: number) -> list<T>")
def remove(n: Arithmetic, values: list[Value], position: Any) -> Value:
    index = _index(n, values, position, "remove")
    return _copied([*values[:index], *values[index + 1 :]])


def _index(n: Arithmetic, values: list[Value], position: Any, where: str) -> int:
    """The Python index of a FEEL position: from 1, or from the end when negative."""
    whole = integer(n, position, f"{where}, “position”")
    if whole == 0 or abs(whole) > len(values):
        raise _out_of_range(whole, len(values))
    return whole - 1 if whole > 0 else len(values) + whole


@builtin("list replace(list: list<T>, position: number, newItem: T?) -> list<T>")
def list_replace(n: Arithmetic, values: list[Value], position: Any, item: Value) -> Value:
    index = _index(n, values, position, "list replace")
    return _copied([*values[:index], item, *values[index + 1 :]])


@builtin("list replace(list: list<T>, match: function, newItem: T?) -> list<T>")
def list_replace_matching(_: Arithmetic, values: list[Value], match: Function, item: Value) -> Value:
    if len(match.parameters) != 2:
        raise type_mismatch("list replace, “match”", "a function of two parameters", f"one of {len(match.parameters)}")
    return _copied(item if _true(match.call([current, item]), "list replace") else current for current in values)


def _true(value: Value, where: str) -> bool:
    if not isinstance(value, bool):
        raise type_mismatch(where, "boolean", describe(value))
    return value


@builtin("reverse(list: list<T>) -> list<T>")
def reverse(_: Arithmetic, values: list[Value]) -> Value:
    return _copied(reversed(values))


@builtin("index of(list: list<T>, match: T?) -> list<number>")
def index_of(n: Arithmetic, values: list[Value], match: Value) -> Value:
    spend(len(values))
    return [n.number(position) for position, item in enumerate(values, 1) if same(item, match)]


@builtin("union(list+: list<T>) -> list<T>")
def union(n: Arithmetic, *lists: list[Value]) -> Value:
    return distinct_values(n, concatenate(n, *lists))


@builtin("distinct values(list: list<T>) -> list<T>")
def distinct_values(_: Arithmetic, values: list[Value]) -> Value:
    result: list[Value] = []
    seen: set[tuple[type, Value]] = set()
    for item in values:
        if isinstance(item, str | bool | int) or item is None:
            if (type(item), item) in seen:
                continue
            seen.add((type(item), item))
        else:
            spend(len(result))
            if any(same(item, other) for other in result):
                continue
        result.append(item)
    return _copied(result)


@builtin("flatten(list: list) -> list")
def flatten(_: Arithmetic, values: list[Value]) -> Value:
    result: list[Value] = []

    def visit(items: list[Value], depth: int) -> None:
        if depth > _MAX_FLATTEN_DEPTH:
            raise bad_value("daftar bersarang terlalu dalam", "the list is nested too deeply")
        spend(len(items) + 1)
        if len(result) > MAX_LIST:
            check_list(len(result))
        for item in items:
            if isinstance(item, list):
                visit(item, depth + 1)
            else:
                result.append(item)

    visit(values, 0)
    return _copied(result)


@builtin("sort(list: list<T>, precedes?: function?) -> list<T>")
def sort(_: Arithmetic, values: list[Value], precedes: Function | None = None) -> Value:
    """Stable. Without a function, in ascending order."""
    spend(len(values))
    compare: Callable[[Value, Value], int]
    if precedes is None:
        compare = functools.partial(order, operator="sort")
    elif len(precedes.parameters) != 2:
        raise type_mismatch("sort, “precedes”", "a function of two parameters", f"one of {len(precedes.parameters)}")
    else:
        function = precedes

        def compare(a: Value, b: Value) -> int:
            spend()
            if _true(function.call([a, b]), "sort, “precedes”"):
                return -1
            return 1 if function.call([b, a]) is True else 0

    return sorted(values, key=functools.cmp_to_key(compare))
