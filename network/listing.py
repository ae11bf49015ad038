"""The questions that the pages of members ask, compiled once."""

from datetime import date
from functools import cache

from wpssite.base.prepared import Prepared

from .filters import narrowed_members
from .models import ActionPlan, ChairHolder, Claim, FocalPoint, Membership, Organisation

# What a row of the table shows.
MEMBER = ["slug", "name", "abbreviation", "kind", "iso_alpha2", "region", "subregion"]
PLAN = ["slug", "owner", "title", "start_year", "end_year"]

memberships = Prepared(
    lambda day: Membership.objects.for_growth(Organisation.objects.published(), day), date
)
claims = Prepared(lambda: Claim.objects.of_members())

plans_of = Prepared(lambda owner: ActionPlan.objects.published().of(owner).for_list(), int)
chairs_of = Prepared(lambda member: ChairHolder.objects.of(member).with_terms(), int)
offices_of = Prepared(lambda member: FocalPoint.objects.of(member).for_list(), int)


def members(day: date, asked: dict) -> list:
    """Return the members of a day that fit what `member_filters` found, with their rows of it."""
    narrowing = tuple(name for name in ("kind", "region") if asked[name])
    values = [asked[name] for name in narrowing]
    return rows(asked["sort"] or "name", narrowing)(day, day.year, *values)


@cache
def rows(sort: str, narrowing: tuple) -> Prepared:
    """Return the query for members in an order, narrowed by some of their columns."""

    def make(day, year, *values):
        asked = {"kind": "", "region": ""} | dict(zip(narrowing, values, strict=True))
        plans = ActionPlan.objects.published().in_force_in(year)
        offices = FocalPoint.objects.on(day)
        return (
            narrowed_members(Organisation.objects.published().members_on(day), asked)
            .sorted_by(sort, day)
            .for_list(day)
            .with_rows("action_plans", plans.only(*PLAN), "plans")
            .with_rows("focal_points", offices.only("organisation", "office"), "offices")
            .only(*MEMBER)
        )

    return Prepared(make, date, int, *[str] * len(narrowing))
