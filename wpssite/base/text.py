"""Text: folded for finding and sorting, cleaned for showing."""

import re
import unicodedata
from html import unescape

import nh3
from django.db import models
from django_prose_editor.fields import ProseEditorField

# Letters that Unicode does not take apart into a base letter and a mark.
LETTERS = str.maketrans(
    {
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
        "ŋ": "n",
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ـ": None,
    }
)
MOST_WORDS = 12  # of a search; each costs a condition
NOT_A_WORD = re.compile(r"[\W_]+")
ELEMENT = re.compile(r"<[^>]*>")
# What XML 1.0 refuses, and no calendar can hold; a paste from a PDF brings form feeds along.
NOT_PRINTED = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")

PROSE_EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [3, 4]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": True,
    "HardBreak": True,
}
CLEANER = nh3.Cleaner(
    tags={"p", "br", "strong", "em", "h3", "h4", "ul", "ol", "li", "blockquote", "a"},
    attributes={"a": {"href", "hreflang"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    link_rel="noopener",
)


def fold(text: str) -> str:
    """Return `text` as lower-case words without accents, for comparing, finding and sorting.

    Case, accents, ligatures and Arabic letter variants are levelled, punctuation becomes one
    space, so that both databases find and order the same: "Côte d'Ivoire" is "cote d ivoire".
    """
    text = unicodedata.normalize("NFKD", text.replace("İ", "i")).casefold().translate(LETTERS)
    bare = "".join(char for char in text if not unicodedata.combining(char))
    return NOT_A_WORD.sub(" ", unicodedata.normalize("NFC", bare)).strip()


def without_controls(text: str) -> str:
    """Return `text` without the control characters that feeds and calendars cannot carry."""
    return NOT_PRINTED.sub("", text)


def plain_text(html: str) -> str:
    """Return the words of formatted text, without its elements."""
    return " ".join(unescape(ELEMENT.sub(" ", html)).split())


def clean_html(html: str) -> str:
    """Return `html` with nothing left but the elements an editor can make."""
    return CLEANER.clean(html or "")


class FoldedField(models.CharField):
    """A folded copy of a name: sorted letter by letter, alike on SQLite and PostgreSQL."""

    def __init__(self, *args, **kwargs):
        kwargs = {"max_length": 300, "editable": False, "blank": True, "db_index": True} | kwargs
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection):
        """Use the plain collation on PostgreSQL; on SQLite it is the default."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class RichTextField(ProseEditorField):
    """Formatted text that is clean in the database, whichever way it came in.

    The editor widget cleans what a form sends; fixtures, imports and scripts pass no form, so
    the value is cleaned once more on its way into the database.
    """

    def __init__(self, *args, **kwargs):
        kwargs = {"blank": True, "extensions": PROSE_EXTENSIONS, "sanitize": True} | kwargs
        super().__init__(*args, **kwargs)

    def get_db_prep_save(self, value, connection):
        if not hasattr(value, "as_sql"):  # An expression has each of its values cleaned here.
            value = clean_html(value)
        return super().get_db_prep_save(value, connection)
