"""What a reader may narrow a list of members or plans by, read from the address and checked."""

from wpssite.base.web import choice_asked

from .models import ActionPlan, Organisation
from .models.organisations import SORT_KEYS
from .regions import REGIONS


def member_filters(request) -> dict:
    """Return the filters asked for; BadRequest (400) for a value that cannot be one."""
    return {
        "kind": choice_asked(request, "kind", Organisation.Kind.values),
        "region": choice_asked(request, "region", REGIONS),
        "sort": choice_asked(request, "sort", SORT_KEYS),
    }


def narrowed_members(members, asked: dict):
    """Return `members` narrowed by what `member_filters` found."""
    members = members.of_kind(asked["kind"]) if asked["kind"] else members
    return members.in_region(asked["region"]) if asked["region"] else members


def plan_filters(request) -> dict:
    """Return the filters asked for; BadRequest (400) for a value that cannot be one."""
    return {
        "kind": choice_asked(request, "kind", ActionPlan.Kind.values),
        "region": choice_asked(request, "region", REGIONS),
        "all": choice_asked(request, "all", ["yes"]),
    }


def narrowed_plans(plans, asked: dict, day):
    """Return `plans` narrowed by what `plan_filters` found: those in force on `day`, or all."""
    plans = plans if asked["all"] else plans.in_force_on(day)
    plans = plans.of_kind(asked["kind"]) if asked["kind"] else plans
    return plans.of_region(asked["region"]) if asked["region"] else plans
