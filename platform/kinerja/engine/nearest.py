"""The nearest value that holds, on a grid where all beyond it hold too."""

from __future__ import annotations

from collections.abc import Callable


def first_that(start: int, end: int, guess: int, holds: Callable[[int], bool]) -> int:
    """The value nearest to `start`, towards `end`, that holds; `end` does, `start` does not, and once one holds those beyond it do.

    Looked for around the guess, in growing strides: a guess that is right takes two looks.
    """
    way = 1 if end > start else -1
    near, far = 0, abs(end - start)  # distances from start: the largest known not to hold, the smallest known to
    at, stride = min(max((guess - start) * way, 1), far), 1
    while near < at <= far and far - near > 1:
        if at == far or holds(start + way * at):
            far = min(far, at)
            at = far - stride
        else:
            near = at
            if far <= near + stride:
                break
            at = near + stride
        stride *= 4
    while far - near > 1:
        middle = (near + far) // 2
        if holds(start + way * middle):
            far = middle
        else:
            near = middle
    return start + way * far
