"""Finding the words of a query in the original text, to mark them and to cut a passage."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from .text import fold
from .words import RUN, Query

PASSAGE = 260  # letters of a text that a result shows
BEFORE = 60  # of them before the first word found


@lru_cache(maxsize=4096)
def folded_letter(letter: str) -> str:
    """Return what `fold` makes of one letter: none, one or several; a space between words."""
    if unicodedata.combining(letter) or letter == "ـ":
        return ""
    return fold(letter) or " "


# Western letters that become one plain letter, and the marks between words, are turned by a table.
EASY = {
    letter: folded_letter(letter)
    for letter in map(chr, [*range(0x100), *range(0x2000, 0x2070)])
    if len(folded_letter(letter)) == 1 and folded_letter(letter).isascii()
}
HARD = re.compile(f"[^{re.escape(''.join(EASY))}]")
TABLE = "".join(EASY.get(chr(code), " ") for code in range(0x100)).encode("ascii")


def folded_with_places(text: str) -> tuple[str, Sequence[int]]:
    """Return `text` folded, and for each of its letters the place it has in `text`.

    After the last one stands the length of `text`.
    """
    if not HARD.search(text):  # What Latin-1 has no place for becomes a question mark, so a space.
        folded = text.encode("latin-1", "replace").translate(TABLE).decode("ascii")
        return folded, range(len(text) + 1)
    letters = [folded_letter(letter) for letter in text]
    places = [place for place, found in enumerate(letters) for _ in found]
    return "".join(letters), [*places, len(text)]


@lru_cache(maxsize=128)
def pattern(query: Query) -> re.Pattern:
    """Return what finds the wanted terms of a query in a folded text with a space before it.

    A word is found with the space before it: to look for that takes a tenth of the time of looking
    at each place whether a word begins.
    """
    found = []
    for term in query.wanted:
        words = " *".join(re.escape(part) for part in term.letters)
        if RUN.match(term.letters[0]):
            found.append(words)
        elif term.phrase or len(words) == 1:
            found.append(rf" {words}(?!\w)")
        else:
            found.append(rf" {words}\w*")
    return re.compile("|".join(sorted(found, key=len, reverse=True)))


def spans(text: str, query: Query) -> list[tuple[int, int]]:
    """Return where in `text` a wanted term stands: (first letter, letter after the last)."""
    if not query:
        return []
    folded, places = folded_with_places(text)
    found = []
    for match in pattern(query).finditer(f" {folded}"):
        begin = match.start() if match[0][0] == " " else match.start() - 1
        start, last = places[begin], places[match.end() - 2]
        end = last + 1
        while end < len(text) and folded_letter(text[end]) == "":
            end += 1  # Accents that follow their letter belong to it.
        found.append((start, end))
    return found


def marked(text: str, query: Query) -> list[tuple[str, bool]]:
    """Return `text` in pieces, each with whether it is a word of the query."""
    return pieces(text, spans(text, query), 0, len(text))


def pieces(text: str, found, start: int, end: int) -> list[tuple[str, bool]]:
    """Return the letters from `start` to `end` in pieces, each with whether it was found."""
    cut, place = [], start
    for first, after in found:
        if first >= place and after <= end:
            cut += [(text[place:first], False), (text[first:after], True)]
            place = after
    cut.append((text[place:end], False))
    return [(part, hit) for part, hit in cut if part]


def passage(text: str, query: Query) -> list[tuple[str, bool]]:
    """Return the part of `text` around the first word found, or its beginning, in pieces."""
    found = spans(text, query)
    start = word_start(text, found[0][0] - BEFORE) if found else 0
    least = found[0][1] if found else start
    end = word_end(text, max(start + PASSAGE, least), least)
    cut = pieces(text, found, start, end)
    return [("… ", False)] * (start > 0) + cut + [(" …", False)] * (end < len(text))


def word_start(text: str, place: int) -> int:
    """Return where the first word after `place` begins; 0 near the start of the text."""
    if place <= 0:
        return 0
    space = text.find(" ", place, place + BEFORE // 2)
    return space + 1 if space >= 0 else place


def word_end(text: str, place: int, least: int) -> int:
    """Return where the last whole word before `place` ends, but not before `least`."""
    if place >= len(text):
        return len(text)
    space = text.rfind(" ", least, place + 1)
    return space if space > 0 else place
