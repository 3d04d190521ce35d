"""Faults to put into the worker process, as (function, arguments) that it is asked to run instead of a case."""

from __future__ import annotations

import os
import time
from typing import Any

LOOP = """
from kinerja.engine.rete.kernel import Kernel
from kinerja.engine.rete.ruleset import Pattern, Rule
again = Rule("lagi", (Pattern("n", "hitung"),), lambda matched: [{"t": "hitung", "n": matched["n"]["n"] + 1}])
Kernel([again], budget=200).evaluate([{"t": "hitung", "n": 1}])
"""

FAULTS: dict[str, tuple[Any, ...]] = {
    "mesin_mati": (os.abort,),
    "mesin_lambat": (time.sleep, 60),
    "mesin_berputar": (exec, LOOP, {}),
}
"""Incident code → what brings it about."""
