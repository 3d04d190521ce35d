"""Context functions."""

from __future__ import annotations

from ..arithmetic import Arithmetic
from ..errors import VALUE, FeelError, bad_value, type_mismatch, unknown_name
from ..limits import check_list
from ..values import Value, describe
from .registry import builtin

Context = dict[str, Value]


@builtin("get value(m: context, key: string) -> any")
def get_value(n: Arithmetic, context: Context, key: str) -> Value:
    if key not in context and n.exact_results:
        raise unknown_name(key, context)
    return context.get(key)


@builtin("get entries(m: context) -> list")
def get_entries(_: Arithmetic, context: Context) -> Value:
    check_list(len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list<context>) -> context")
def context(_: Arithmetic, entries: list[Context]) -> Value:
    result: Context = {}
    for entry in entries:
        if "key" not in entry or "value" not in entry:
            raise bad_value("tiap entri memerlukan key dan value", "each entry needs a key and a value")
        key = entry["key"]
        if not isinstance(key, str):
            raise type_mismatch("context, “key”", "string", describe(key))
        if key in result:
            raise FeelError(VALUE, f"kunci “{key}” dua kali", f'key "{key}" twice')
        result[key] = entry["value"]
    return result


@builtin("context put(context: context, key: string, value: any?) -> context")
def context_put(_: Arithmetic, context: Context, key: str, value: Value) -> Value:
    check_list(len(context))
    return {**context, key: value}


@builtin("context put(context: context, keys: list<string>, value: any?) -> context")
def context_put_deep(_: Arithmetic, context: Context, keys: list[str], value: Value) -> Value:
    if not keys:
        raise bad_value("daftar kunci kosong", "the list of keys is empty")
    check_list(len(context) + len(keys))
    first, rest = keys[0], keys[1:]
    if not rest:
        return {**context, first: value}
    inner = context.get(first)
    if not isinstance(inner, dict):
        raise type_mismatch(f"context put, “{first}”", "context", describe(inner))
    return {**context, first: context_put_deep(_, inner, rest, value)}


@builtin("context merge(contexts: list<context>) -> context")
def context_merge(_: Arithmetic, contexts: list[Context]) -> Value:
    check_list(sum(map(len, contexts)))
    return {key: value for context in contexts for key, value in context.items()}
