"""numpy without its types: an array here is Any, since what matters of it (which whole numbers, how large) no checker can hold."""

from __future__ import annotations

from importlib import import_module
from typing import Any

np: Any = import_module("numpy")
Array = Any
