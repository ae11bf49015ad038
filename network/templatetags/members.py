"""Rows of members as HTML, and their shapes on the map: records in, safe text out; no query."""

from html import escape

from django import template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wpssite.base.fragments import anchor, flag

register = template.Library()


def member_rows(organisations) -> list[SafeString]:
    """Return the rows of a table of members, from `listing.members()`."""
    words = {
        name: escape(text)
        for name, text in {
            "since": _("Since"),
            "founding": _("founding"),
            "office": _("Focal point office"),
            "plan": _("Plan in force"),
            "now": _("now %(name)s"),
        }.items()
    }
    return [mark_safe(member_row(member, words)) for member in organisations]


def member_row(member, words: dict) -> str:
    held = member.held[0]
    founding = f' <span class="role">· {words["founding"]}</span>' if held.founding else ""
    offices = "; ".join(escape(office.office) for office in member.offices)
    plans = ", ".join(anchor(plan, plan.years_text or plan.title) for plan in member.plans)
    return (
        f'<tr><th scope="row">{names(member, words)}</th>'
        f"<td>{escape(capfirst(member.get_kind_display()))}</td>"
        f"<td>{escape(member.subregion or member.region)}</td>"
        f'<td data-label="{words["since"]}">{escape(held.since_text)}{founding}</td>'
        f"<td{label(words['office'], offices)}>{offices}</td>"
        f"<td{label(words['plan'], plans)}>{plans}</td></tr>"
    )


def names(member, words: dict) -> str:
    """Return the name of a member on the day, its present one where it differs, its letters."""
    short, then = member.abbreviation, member.name_then
    now = words["now"] % {"name": escape(str(member))} if then else ""
    return (
        f"{flag(member)}{anchor(member, then or member)}"
        + (f'<span class="role"> ({now})</span>' if now else "")
        + (f'<span class="role"> {escape(short)}</span>' if short else "")
    )


def label(text: str, cell: str) -> str:
    """Return the heading of a cell for narrow screens; none where it is empty."""
    return f' data-label="{text}"' if cell else ""


@register.filter
def map_shapes(states) -> SafeString:
    """Return the states on the map, given with their names; each leads to the page of the state."""
    world = escape(static("maps/world.svg"))
    return mark_safe(
        "".join(
            f'<a href="{escape(state.get_absolute_url())}"><title>{escape(name)}</title>'
            f'<use href="{world}#s{escape(state.m49)}"/></a>'
            for state, name in states
        )
    )
