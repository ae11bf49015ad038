"""Small pieces of HTML that pages show by the hundred: records in, safe text out; no query.

They are functions because a template takes many times as long for them; they are kept to what
stands in long rows.
"""

from functools import cache, cached_property

from django.templatetags.static import static
from markupsafe import Markup

from .escaping import escape
from .language import gettext as _
from .language import language
from .publishing import public


def capital(text: str) -> str:
    """Return a text with a capital at its beginning."""
    return text[:1].upper() + text[1:]


def link_to(record, text: str = "") -> Markup:
    """Return a link to a public record; for a hidden one only `text`."""
    if public(record) is None:
        return Markup(escape(str(text or "")))
    return Markup(anchor(record, text or record))


def anchor(record, text) -> str:
    """Return a link to a record that is known to be public."""
    return f'<a href="{record.get_absolute_url()}">{escape(str(text))}</a>'


@cache
def flag_of(code: str) -> Markup:
    """Return the flag for an ISO 3166-1 alpha-2 code."""
    address = escape(static(f"flags/{code.lower()}.svg"))
    return Markup(
        f'<img class="flag" src="{address}" alt="" width="24" height="16" loading="lazy">'
    )


def flag(organisation) -> Markup:
    """Return a state's flag, to stand beside its name; nothing for others."""
    return flag_of(organisation.iso_alpha2) if organisation.iso_alpha2 else Markup("")


def organisation(record, then: str = "", printed: str = "") -> Markup:
    """Return an organisation with its flag and a link.

    then: its name on the day of the row if it was another one; printed: its name as a source
    prints it. A hidden organisation shows as printed, or not at all.
    """
    if public(record) is None:
        return Markup(escape(printed or ""))
    return Markup(f"{flag(record)}{anchor(record, then or record)}{name_now(record, then)}")


def name_now(record, then: str) -> str:
    """Return the present name of an organisation that is shown under another one."""
    if not then:
        return ""
    return f' <span class="role">({_("now %(name)s") % {"name": escape(str(record))}})</span>'


def own() -> Markup:
    """Return the attributes of an element with words of the record, which are English.

    Nothing on English pages; elsewhere they keep their language and their direction.
    """
    return Markup("" if language() == "en" else ' lang="en" dir="auto"')


def apart(text) -> str:
    """Return words that stand in a line with others and keep their own direction."""
    return f"<bdi>{escape(str(text))}</bdi>"


def joined(names) -> str:
    """Return names as an enumeration: “A”, “A and B”, “A, B and C”."""
    names = [str(name) for name in names]
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": _(", ").join(names[:-1]), "last": names[-1]}


class Choices(list):
    """Pairs (value, text) of a select, whose options are made once."""

    @cached_property
    def options(self) -> str:
        return "".join(
            f'<option value="{escape(str(value))}">{escape(capital(str(text)))}</option>'
            for value, text in self
        )


def choices(pairs, chosen=None) -> Markup:
    """Return the options of a select; pairs: (value, text) of each."""
    options = pairs.options if isinstance(pairs, Choices) else Choices(pairs).options
    if chosen:
        option = f'<option value="{escape(str(chosen))}"'
        options = options.replace(option, f"{option} selected", 1)
    return Markup(options)
