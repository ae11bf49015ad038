"""Rows of the search page: results and the values of facets; safe text out, no query."""

from markupsafe import Markup

from .escaping import escape
from .fragments import capital


def result_rows(results) -> Markup:
    """Return results of a search as rows of a list."""
    return Markup("".join(map(result_row, results)))


def result_row(result) -> str:
    date = f" · {escape(result.date)}" if result.date else ""
    tongue = f' lang="{escape(result.language)}"' if result.language else ""
    text = f'\n  <p dir="auto">{pieces(result.text)}</p>' if result.text else ""
    return f"""<li>
  <p class="kicker">{escape(capital(result.kind))}{date}</p>
  <h2 dir="auto"{tongue}><a href="{escape(result.path)}">{pieces(result.title)}</a></h2>{text}
</li>
"""


def pieces(parts) -> str:
    """Return text given in pieces, each with whether it was found, with what was found marked."""
    return "".join(
        f"<mark>{escape(text)}</mark>" if found else escape(text) for text, found in parts
    )


def facet_rows(values) -> Markup:
    """Return the values of a facet, (label, number, address), as rows of a list."""
    return Markup(
        "".join(
            f'<li><a href="{escape(address)}" rel="nofollow">{escape(capital(str(label)))}</a>'
            f' <span class="meta">{number}</span></li>'
            for label, number, address in values
        )
    )
