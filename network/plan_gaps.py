"""Gaps between the action plans of one owner, and years that two of them cover."""

from dataclasses import dataclass, field
from itertools import groupby


@dataclass
class Cover:
    """What the plans of one kind of one owner leave open or cover twice.

    Years are pairs of the first and the last, both counted. lapsed: the last plan's last year,
    when that is past and nothing follows; None otherwise.
    """

    owner: object
    kind: str
    gaps: list[tuple[int, int]] = field(default_factory=list)
    overlaps: list[tuple[int, int]] = field(default_factory=list)
    unknown: list = field(default_factory=list)
    lapsed: int | None = None

    @property
    def is_whole(self) -> bool:
        return not (self.gaps or self.overlaps or self.unknown or self.lapsed)


def covers(plans, year: int) -> list[Cover]:
    """Return a `Cover` for each owner and kind of plan that has something to look at.

    plans: adopted plans with their owners, in any order. year: the present one.
    """
    ordered = sorted(plans, key=lambda plan: (plan.owner.sort_name, plan.owner_id, plan.kind))
    groups = groupby(ordered, key=lambda plan: (plan.owner_id, plan.kind))
    found = [cover(list(group), year) for _key, group in groups]
    return [one for one in found if not one.is_whole]


def cover(plans, year: int) -> Cover:
    """Look at the plans of one kind of one owner.

    A plan without a first year is set apart. After one without a last year nothing can be said
    until the next one begins, so no gap is counted there.
    """
    found = Cover(plans[0].owner, plans[0].get_kind_display())
    found.unknown = [plan for plan in plans if not (plan.start_year and last_year(plan))]
    dated = sorted((p for p in plans if p.start_year), key=lambda p: (p.start_year, p.pk))
    end, is_open = None, False
    for plan in dated:
        first, last = plan.start_year, last_year(plan)
        if end and first > end + 1 and not is_open:
            found.gaps.append((end + 1, first - 1))
        if end and first <= end:
            found.overlaps.append((first, min(end, last or end)))
        is_open = last is None
        end = max(end or 0, last or first)
    undated = len(dated) < len(plans)
    if end and end < year and not is_open and not undated:
        found.lapsed = end
    return found


def last_year(plan) -> int | None:
    return plan.extended_to or plan.end_year
