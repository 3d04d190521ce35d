"""How the worker's process holds memory: what a case took is kept for the next.

durable_rules takes some 800 kilobytes for the state of a case and frees them when it is done. Left to itself the C library may hand
them back to the system and fetch them anew for every case: two hundred page faults, half as much again as the case costs. Whether
it does hangs on what happened to be freed while the process started.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # of mallopt(3), glibc
KEPT = 64 << 20  # bytes free at the end of the heap that stay there
LARGE = 32 << 20  # bytes from which on a piece comes from the system directly; glibc takes no more


def keep_memory() -> None:
    """For this process; without effect where the C library knows nothing of it."""
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_MMAP_THRESHOLD, LARGE)
        mallopt(_TRIM_THRESHOLD, KEPT)
