"""Small pieces of HTML that pages show by the hundred: records in, safe text out; no query.

They are functions because a template takes many times as long for them; they are kept to what
stands in long rows.
"""

from functools import cache
from html import escape

from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .publishing import public


def link(record, text: str = "") -> SafeString:
    """Return a link to a public record; for a hidden one only `text`."""
    if public(record) is None:
        return mark_safe(escape(str(text or "")))
    return mark_safe(anchor(record, text or record))


def anchor(record, text) -> str:
    """Return a link to a record that is known to be public."""
    return f'<a href="{escape(record.get_absolute_url())}">{escape(str(text))}</a>'


@cache
def flag_address(code: str) -> str:
    """Return the address of the flag for an ISO 3166-1 alpha-2 code."""
    return static(f"flags/{code.lower()}.svg")


def flag(organisation) -> SafeString:
    """Return a state's flag, to stand beside its name; nothing for others."""
    if not organisation.iso_alpha2:
        return mark_safe("")
    address = escape(flag_address(organisation.iso_alpha2))
    return mark_safe(
        f'<img class="flag" src="{address}" alt="" width="24" height="16" loading="lazy">'
    )


def organisation(record, then: str = "", printed: str = "") -> SafeString:
    """Return an organisation with its flag and a link.

    then: its name on the day of the row if it was another one; printed: its name as a source
    prints it. A hidden organisation shows as printed, or not at all.
    """
    if public(record) is None:
        return mark_safe(escape(printed or ""))
    return mark_safe(f"{flag(record)}{link(record, then)}{name_now(record, then)}")


def name_now(record, then: str) -> str:
    """Return the present name of an organisation that is shown under another one."""
    if not then:
        return ""
    return f' <span class="role">({_("now %(name)s") % {"name": escape(str(record))}})</span>'


def own() -> SafeString:
    """Return the attributes of an element with words of the record, which are English.

    Nothing on English pages; elsewhere they keep their language and their direction.
    """
    return mark_safe("" if get_language() == "en" else ' lang="en" dir="auto"')


def joined(names) -> str:
    """Return names as an enumeration: “A”, “A and B”, “A, B and C”."""
    names = [str(name) for name in names]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def choices(pairs, chosen=None) -> SafeString:
    """Return the options of a select; pairs: (value, text) of each."""
    found = []
    for value, text in pairs:
        selected = " selected" if value == chosen or chosen and value == str(chosen) else ""
        text = escape(capfirst(str(text)))
        found.append(f'<option value="{escape(str(value))}"{selected}>{text}</option>')
    return mark_safe("".join(found))
