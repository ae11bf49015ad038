"""Rows of members as HTML, and their shapes on the map: records in, safe text out; no query."""

from django.templatetags.static import static
from markupsafe import Markup

from wpssite.base.escaping import escape
from wpssite.base.fragments import anchor, capital, flag
from wpssite.base.language import gettext as _

from .regions import region_name


def member_rows(organisations) -> list[Markup]:
    """Return the rows of a table of members, from `listing.members()`."""
    words = {
        name: escape(text)
        for name, text in {
            "since": _("Since"),
            "founding": _("founding"),
            "office": _("Focal point office"),
            "plan": _("Plan in force"),
            "now": _("now %(name)s"),
            "semicolon": _("; "),
            "comma": _(", "),
        }.items()
    }
    return [Markup(member_row(member, words)) for member in organisations]


def member_row(member, words: dict) -> str:
    held = member.held[0]
    founding = f' <span class="role">· {words["founding"]}</span>' if held.founding else ""
    offices = words["semicolon"].join(escape(office.office) for office in member.offices)
    plans = words["comma"].join(
        anchor(plan, plan.years_text or plan.title) for plan in member.plans
    )
    return (
        f'<tr><th scope="row">{names(member, words)}</th>'
        f"<td>{escape(capital(member.get_kind_display()))}</td>"
        f"<td>{escape(region_name(member.subregion or member.region))}</td>"
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


def map_shapes(states) -> Markup:
    """Return the states on the map, given with their names; each leads to the page of the state."""
    world = escape(static("maps/world.svg"))
    return Markup(
        "".join(
            f'<a href="{state.get_absolute_url()}"><title>{escape(name)}</title>'
            f'<use href="{world}#s{escape(state.m49)}"/></a>'
            for state, name in states
        )
    )
