"""How many members the Network had on a day, from memberships loaded with `for_growth()`."""

from collections import Counter
from datetime import date, timedelta


def members_on(memberships, day: date) -> dict:
    """Return the row of each member on `day` by its key; the twin of the QuerySet's word."""
    return {row.organisation_id: row for row in memberships if row.holds_on(day)}


def count_by_kind_and_region(memberships, day: date) -> dict[tuple[str, str], int]:
    """Count the members on `day`; the twin of the QuerySet's word, for rows already loaded."""
    members = (row.organisation for row in members_on(memberships, day).values())
    return Counter((member.kind, member.region) for member in members)


def number_on(memberships, day: date) -> int:
    return len(members_on(memberships, day))


def changes(memberships, until: date) -> list[tuple[date, int]]:
    """Return the days up to `until` on which the number of members changed, and the number since.

    Members of whom no first day is known count from `date.min`.
    """
    days = {row.starts_on or date.min for row in memberships}
    days |= {
        row.ends_on + timedelta(1) for row in memberships if row.ends_on and row.ends_on < until
    }
    numbers = [(day, number_on(memberships, day)) for day in sorted(days) if day <= until]
    before = [0, *(number for _day, number in numbers)]
    return [now for now, number in zip(numbers, before, strict=False) if now[1] != number]


def stated_on(claims, day: date):
    """Return the last claim for `day` or before, or None; claims come the last day first."""
    return next((claim for claim in claims if claim.as_of <= day), None)
