"""A policy on one case: two engines that must agree (rete in a process of its own, exact in rationals), trace and what-if.

Takes a compiled policy and facts, gives a Finding or raises a named error; a difference, crash or timeout is an IncidentError
with the facts, never an answer. It stores nothing."""

from .engine import Engine
from .explain import explain, leading_to
from .picture import draw
from .rete import prepare_soon
from .whatif import Change, Suggestion, WhatIf

__all__ = ["Change", "Engine", "Suggestion", "WhatIf", "draw", "explain", "leading_to", "prepare_soon"]
