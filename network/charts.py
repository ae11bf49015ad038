"""What the pictures of the network show: rows of the record, placed by `wpssite.base.charts`."""

from datetime import date
from itertools import groupby

from wpssite.base.charts import Scale, lanes, poles, stairs, ticks, year_of
from wpssite.base.publishing import public

from . import growth as counting

PLOT = 240  # Heights in CSS pixels.
LANE = 24
LABEL = 11  # Per cent of the width that a label of four figures takes on a telephone.


def member_map(memberships, day: date) -> dict:
    """Return the members of a day as (organisation, name then): on the map, and beside it."""
    rows = counting.members_on(memberships, day).values()
    members = [(row.organisation, row.name_then or row.organisation.name) for row in rows]
    found = {"states": [], "beside": []}
    for state, name in members:
        on_map = state.kind == state.Kind.STATE and state.m49
        found["states" if on_map else "beside"].append((state, name))
    return found


def growth(memberships, claims, today: date, day: date | None = None) -> dict | None:
    """Return the line of the number of members and the dots of what others stated.

    memberships: loaded with `for_growth()`; claims: the last first; day: marked if it is shown.
    Lines are in a view box 1000 wide and as high as the picture. None without any member.
    """
    steps = counting.changes(memberships, today)
    if not steps:
        return None
    stated = [claim for claim in reversed(claims) if claim.as_of <= today]
    known = [when for when, _number in steps if when > date.min]
    first = min([*known, *(claim.as_of for claim in stated)], default=today).year
    numbers = [number for _when, number in steps] + [claim.value for claim in stated]
    across, down = Scale(first, year_of(today), 8, 100), Scale(0, max(numbers) * 1.12, PLOT, 0)
    points = [(across(max(year_of(when), first)) * 10, down(number)) for when, number in steps]
    line = stairs([(points[0][0], PLOT), *points], 1000)
    marked = [year_of(at) for at in (day,) if at and at != today]
    return {
        "height": PLOT + 28,
        "base": PLOT,
        "line": line,
        "area": f"{line}V{PLOT}Z",
        "years": [(year, across(year)) for year in ticks(first, year_of(today), 6)],
        "numbers": [(number, down(number)) for number in ticks(1, max(numbers), 4)],
        "dots": [(claim, across(year_of(claim.as_of)), down(claim.value)) for claim in stated],
        "marked": [across(year) for year in marked if across.holds(year)],
        "last": (steps[-1][1], points[-1][1]),
        "steps": steps,
        "rows": growth_rows(memberships, steps, stated),
    }


def growth_rows(memberships, steps, stated) -> list[tuple]:
    """Return the picture as rows: (day, members known, claim or None), the first day first."""
    rows = [(when, number, None) for when, number in steps]
    rows += [(claim.as_of, counting.number_on(memberships, claim.as_of), claim) for claim in stated]
    told = {claim.as_of for claim in stated}
    rows = [row for row in rows if row[2] or row[0] not in told]
    return sorted(rows, key=lambda row: row[0])


def plan_bars(plans, day: date, today: date) -> dict | None:
    """Return one row for each owner with a bar for each plan, across years that hold them all.

    plans: in order of owner and first year. A plan whose first year is not known has no bar.
    """
    dated = [plan for plan in plans if plan.start_year]
    undated = [plan for plan in plans if not plan.start_year]
    if not dated:
        return None
    first = min(plan.start_year for plan in dated)
    last = max([today.year, *(last_year(plan) or plan.start_year for plan in dated)]) + 1
    across = Scale(first, last)
    return {
        "owners": [owner_row(list(rows), across) for _pk, rows in groupby(dated, owner_of)],
        "undated": undated,
        "years": [(year, across(year)) for year in ticks(first, last - 1, 6)],
        "marked": [across(year_of(day))] if across.holds(year_of(day)) else [],
    }


def owner_of(plan) -> int:
    return plan.owner_id


def last_year(plan) -> int | None:
    return plan.extended_to or plan.end_year


def owner_row(plans, across: Scale) -> dict:
    """Return the bars of one owner, in lanes where plans run at the same time.

    Plans that share only the year in which one follows the other stay in one lane.
    """
    spans = [(plan.start_year, drawn_until(plan, plans, across)) for plan in plans]
    placed = lanes([(start, max(end - 1, start + 1)) for start, end in spans])
    return {
        "name": str(public(plans[0].owner) or plans[0].title),
        "height": (max(placed) + 1) * LANE,
        "bars": [
            bar(plan, across, end, lane)
            for plan, (_start, end), lane in zip(plans, spans, placed, strict=True)
        ],
    }


def drawn_until(plan, plans, across: Scale) -> int:
    """Return the year before which a bar ends: without a last year, where the next plan begins."""
    if last_year(plan):
        return last_year(plan) + 1
    later = [other.start_year for other in plans if other.start_year > plan.start_year]
    return min([*later, across.last])


def bar(plan, across: Scale, end: int, lane: int) -> dict:
    """Return the place of a bar: x, width and y, and those of its extension if it has one."""
    x = across(plan.start_year)
    width = round(across(end) - x, 2)
    found = {"plan": plan, "x": x, "y": lane * LANE + 5, "width": width, "more": None}
    if plan.extended_to and plan.end_year:
        found["width"] = round(across(plan.end_year + 1) - x, 2)
        found["more"] = (
            across(plan.end_year + 1),
            round(across(end) - across(plan.end_year + 1), 2),
        )
    return found


def milestones(resolutions, meetings, today: date) -> dict | None:
    """Return resolutions as flags above a line of years, meetings as flags hung below it.

    resolutions: in order of their days; meetings: (day, label, title, address), in that order.
    """
    resolutions = sorted(resolutions, key=lambda row: row.decided_on)
    if not resolutions:
        return None
    days = [row.decided_on for row in resolutions] + [row[0] for row in meetings]
    across = Scale(min(days).year, max(year_of(day) for day in [today, *days]) + 0.5, 1, 99)
    places = [across(year_of(row.decided_on)) for row in resolutions]
    below = [across(year_of(row[0])) for row in meetings]
    levels = poles(places, LABEL)
    hung = poles([100 - place for place in reversed(below)], 3 * LABEL)[::-1]
    line = (max(levels) + 1) * LANE + 12
    return {
        "line": line,
        "height": line + 28 + (max(hung, default=-1) + 1) * LANE,
        "years": [(year, across(year)) for year in ticks(across.first, across.last, 6)],
        "above": [
            (row, place, line - 12 - (level + 1) * LANE)
            for row, place, level in zip(resolutions, places, levels, strict=True)
        ],
        "below": [
            (row, place, line + 44 + level * LANE)
            for row, place, level in zip(meetings, below, hung, strict=True)
        ],
    }
