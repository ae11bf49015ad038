"""The texts of a statement as a reader asks for them: which ones, and what differs between two."""

from collections import Counter
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import Http404

from wpssite.base.language import gettext as _
from wpssite.base.paragraphs import differences, with_paragraph_ids
from wpssite.base.text import clean_html

from .models import StatementText


@dataclass(frozen=True)
class Shown:
    """One text on the page: its row, and its words, safe and with numbered paragraphs."""

    text: StatementText
    html: str


@dataclass(frozen=True)
class Reading:
    """What the page of a statement shows of its texts.

    held: every text we print. shown: those asked for, all without a wish. original: the language
    that translations were made from, where it is known. compared: whether words are marked.
    beside: whether two stand beside each other.
    """

    held: list
    shown: list[Shown]
    original: str
    compared: bool = False
    beside: bool = False

    @property
    def second(self) -> int | None:
        """The number of the text that stands beside the first, where one was asked for."""
        return self.shown[1].text.order if self.beside else None


def reading(request, statement) -> Reading:
    """Return the texts that `?text=` and `?beside=` ask for, loaded with the statement.

    Raises BadRequest (400) when one is no number, Http404 for a number that no text has.
    """
    rows = list(statement.texts.all())
    held = [text for text in rows if text.body]
    asked = [found for name in ("text", "beside") if (found := text_asked(request, name, held))]
    chosen = list(dict.fromkeys(asked)) or held
    beside = len(asked) == 2 and asked[0] != asked[1]
    compared = beside and main_language(asked[0]) == main_language(asked[1])
    bodies = [clean_html(text.body) for text in chosen]
    if compared:
        bodies = differences(*bodies)
    taken = Counter()
    shown = [
        Shown(text, with_paragraph_ids(html, f"t{text.order}p", taken))
        for text, html in zip(chosen, bodies, strict=True)
    ]
    return Reading(held, shown, original_language(statement, rows), compared, beside)


def text_asked(request, name: str, held: list):
    """Return the text whose number a parameter names, or None without one."""
    number = request.GET.get(name, "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) < 6):
        raise BadRequest(_("“%s” must be the number of a text, such as 2.") % name)
    for text in held:
        if text.order == int(number):
            return text
    raise Http404("no such text")


def main_language(text) -> str:
    return text.language.partition("-")[0]


def original_language(statement, rows) -> str:
    """Return the language of the original, printed here or not; of delivery if none is marked."""
    originals = [row.language for row in rows if row.origin == row.Origin.ORIGINAL]
    return originals[0] if originals else statement.language
