"""Values as properties of facts: scaled int64 and short texts, which is all that the rete engine holds safely."""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from typing import Any

from ..integer.types import Bool, ListOf, Num, Type
from .ruleset import INT64, Value

NULL = "~"
LONG = 4_000
_PLAIN = re.compile(r"[A-Za-z0-9_ ./+-]{0,120}\Z", re.ASCII)


_UNSAFE = re.compile("[\x00\ud800-\udfff]")  # NUL ends a text in C; half a surrogate pair is not UTF-8


class LongTexts(dict[str, str]):
    """Texts too long for a fact, by the name that stands for them; they live as long as the case."""

    def put(self, text: str) -> str:
        name = f"@{_digest(text)}"
        self[name] = text
        return name


def to_property(value: Any, kind: Type, store: LongTexts) -> Value:
    """An encoded value as it travels in a fact. Integers stay integers, so that conditions may compare them."""
    if value is None:
        return NULL
    if type(value) is int and type(kind) is not ListOf:
        return value if -INT64 <= value <= INT64 else f"w{value}"
    if isinstance(kind, Bool):
        return int(value)
    text = f"={value}" if isinstance(value, str) else "j" + json.dumps(value)
    return text if len(text) <= LONG and not _UNSAFE.search(text) else store.put(text)


def from_property(value: Value, kind: Type, store: LongTexts) -> Any:
    if isinstance(value, int):
        return bool(value) if isinstance(kind, Bool) else value
    if value.startswith("@"):
        value = store[value]
    match value[0]:
        case "~":
            return None
        case "=":
            return value[1:]
        case "w":
            return int(value[1:])
    return _restore(json.loads(value[1:]), kind)


def _restore(value: Any, kind: Type) -> Any:
    """JSON has no tuples: pairs come back as lists."""
    if value is None:
        return None
    if kind == Num(None):
        return tuple(value)
    if isinstance(kind, ListOf) and kind.element == Num(None):
        return [_restore(element, kind.element) for element in value]
    return value


def parameter_property(value: Any, keyed: bool) -> Value:
    """A parameter as it travels in a fact: a keyed one as the pairs of its table."""
    if value is None:
        return NULL
    if isinstance(value, int) and not keyed and -INT64 <= value <= INT64:
        return value
    return "j" + json.dumps([[key, item] for key, item in value.items()] if keyed else value)


@lru_cache(maxsize=256)
def read_parameter(text: Value) -> Any:
    """The reverse; a table is shared and must not be changed."""
    if isinstance(text, int):
        return text
    if text == NULL:
        return None
    found = json.loads(text[1:])
    return dict(found) if isinstance(found, list) else found


def text_key(text: str) -> str:
    """A text for equality in conditions: itself where it is short and plain, else its hash. Different texts, different keys."""
    return f"={text}" if _PLAIN.match(text) else f"#{_digest(text)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
