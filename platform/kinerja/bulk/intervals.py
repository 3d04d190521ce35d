"""Ranges of whole numbers: what proves that 64 bits hold a result, or that it takes 128."""

from __future__ import annotations

from dataclasses import dataclass

NARROW = 2**63 - 1
WIDE = 2**127 - 1


@dataclass(frozen=True, slots=True)
class Interval:
    """All integers from low to high, both included."""

    low: int
    high: int

    def __post_init__(self) -> None:
        assert self.low <= self.high

    @property
    def bits64(self) -> bool:
        return self.low >= -NARROW and self.high <= NARROW

    @property
    def bits128(self) -> bool:
        return self.low >= -WIDE and self.high <= WIDE

    @property
    def magnitude(self) -> int:
        return max(abs(self.low), abs(self.high))

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        corners = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(corners), max(corners))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __abs__(self) -> Interval:
        if self.low >= 0:
            return self
        return -self if self.high <= 0 else Interval(0, self.magnitude)

    def hull(self, other: Interval) -> Interval:
        return Interval(min(self.low, other.low), max(self.high, other.high))

    def meet(self, low: int | None, high: int | None) -> Interval | None:
        """The part within these ends; None where nothing is left."""
        first = self.low if low is None else max(self.low, low)
        last = self.high if high is None else min(self.high, high)
        return Interval(first, last) if first <= last else None

    def within(self, low: int | None, high: int | None) -> bool:
        return (low is None or self.low >= low) and (high is None or self.high <= high)

    def times(self, factor: int) -> Interval:
        return self * Interval(factor, factor)

    def quotient(self, divisor: Interval) -> Interval:
        """What any rounding of a quotient by a divisor of 1 or more can give."""
        smallest = max(divisor.low, 1)
        high = 0 if self.high <= 0 else -(-self.high // smallest)
        low = 0 if self.low >= 0 else -(abs(self.low) // smallest) - (1 if abs(self.low) % smallest else 0)
        return Interval(low, high)


def point(value: int) -> Interval:
    return Interval(value, value)


STORED = Interval(-(10**18), 10**18)
"""What a number can be of which nothing is declared: a column holds 18 digits."""
