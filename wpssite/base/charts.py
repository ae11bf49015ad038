"""Geometry of the pictures: days and numbers in, places in a drawing out.

Across, a place is in per cent of the drawing, so that a drawing fits any screen while its words
keep their size; downwards it is in CSS pixels. Time runs from left to right in every language,
so the words of a drawing are `direction: ltr`.
"""

from calendar import isleap
from dataclasses import dataclass
from datetime import date

STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


@dataclass(frozen=True)
class Scale:
    """Leads from `first`–`last` (years, members …) to `start`–`end` (per cent or pixels)."""

    first: float
    last: float
    start: float = 0
    end: float = 100

    def __call__(self, value: float) -> float:
        share = (value - self.first) / ((self.last - self.first) or 1)
        return round(self.start + share * (self.end - self.start), 2)

    def holds(self, value: float) -> bool:
        return self.first <= value <= self.last


def year_of(day: date) -> float:
    """Return a day as a year and its part: 2 July 2023 is 2023.5, more or less."""
    days = day.timetuple().tm_yday - 1
    return day.year + days / (366 if isleap(day.year) else 365)


def ticks(first: float, last: float, most: int) -> list[int]:
    """Return round numbers from `first` to `last`, evenly apart, at most `most` of them."""
    for step in STEPS:
        start = -(-first // step) * step
        found = list(range(int(start), int(last // 1) + 1, step))
        if len(found) <= most:
            return found
    return found[:: -(-len(found) // most)]


def stairs(points: list[tuple[float, float]], end: float) -> str:
    """Return the path data of a line that stays at a height until the next point.

    points: (x, y) from left to right; end: the x at which the last height stops.
    """
    (x, y), *rest = points
    steps = "".join(f"H{x:g}V{y:g}" for x, y in rest)
    return f"M{x:g} {y:g}{steps}H{end:g}"


def lanes(spans: list[tuple[float, float]]) -> list[int]:
    """Return a lane for each (start, end) so that no two in a lane overlap; they may touch.

    The spans come in the order of their starts; each takes the first lane that is free.
    """
    ends: list[float] = []
    found = []
    for start, end in spans:
        free = [lane for lane, last in enumerate(ends) if last <= start] or [len(ends)]
        ends[free[0] : free[0] + 1] = [end]
        found.append(free[0])
    return found


def poles(places: list[float], room: float) -> list[int]:
    """Return a level for the words that fly to the right of a pole at each place.

    places: from left to right; room: how wide the words are. A pole stands higher than all those
    within its words, so it crosses none of them.
    """
    levels: list[int] = []
    for i in reversed(range(len(places))):
        right = zip(places[i + 1 :], levels, strict=True)
        levels.insert(0, max((n + 1 for x, n in right if x < places[i] + room), default=0))
    return levels
