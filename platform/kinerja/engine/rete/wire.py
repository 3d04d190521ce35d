"""What goes through the pipe, as bytes: plain questions and answers by `marshal`, whatever is not plain by `pickle`.

Nearly all is plain (integers, texts, lists), and `marshal` is twice as quick with it; both ends are one Python.
"""

from __future__ import annotations

import marshal
import pickle
from typing import Any

_PICKLED = pickle.PROTO[0]  # how every pickle begins, and no marshalled value


def to_bytes(value: Any) -> bytes:
    try:
        return marshal.dumps(value)
    except ValueError:
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)


def from_bytes(held: bytes) -> Any:
    """From our own process only: neither format is safe to read from others."""
    return pickle.loads(held) if held[0] == _PICKLED else marshal.loads(held)  # noqa: S301, S302
