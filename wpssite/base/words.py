"""Words as search keeps them and as readers ask for them, alike on both databases.

Chinese, Japanese and Korean are written without spaces or with few, so a run of their letters is
kept as overlapping pairs: 行動計画 is 行動 動計 計画, and 画 for those who ask for one letter.
"""

import re
from dataclasses import dataclass, replace

from .text import fold

MOST_LETTERS = 200  # of a search
MOST_TERMS = 12
MOST_IN_A_START = 8  # letters of the beginnings of words that an index knows
MOST_IN_A_WORD = 60  # letters; longer ones are no words
MOST_IN_A_TEXT = 15_000  # words
MOST_BYTES = 250_000  # of a line; PostgreSQL takes a million for the three of a record
RUN = re.compile(
    "([\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]+)"
)
TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″「」『』", '"'))


def letters_of(text: str) -> list[str]:
    """Return the words of `text`, folded; runs of Chinese, Japanese, Korean letters apart."""
    parts = [part for word in fold(text).split() for part in RUN.split(word) if part]
    return [part if RUN.match(part) else part[:MOST_IN_A_WORD] for part in parts]


def kept_words(text: str) -> list[str]:
    """Return the words by which `text` is found, in order."""
    return [word for part in letters_of(text) for word in pairs(part, last=True)]


def pairs(part: str, last: bool) -> list[str]:
    """Return a run of letters as overlapping pairs, and its last letter if `last`; others whole."""
    if len(part) < 2 or not RUN.match(part):
        return [part]
    return [part[i : i + 2] for i in range(len(part) - 1)] + ([part[-1]] if last else [])


def kept_line(text: str) -> str:
    """Return the kept words of `text` in one line, each between spaces, so that phrases are found.

    Nothing for nothing; the rest of an endless text is left out.
    """
    line = " ".join(kept_words(text)[:MOST_IN_A_TEXT])
    if len(line) > MOST_BYTES // 4:  # Letters have four bytes at most.
        line = line.encode()[:MOST_BYTES].decode(errors="ignore").rpartition(" ")[0]
    return f" {line} " if line else ""


@dataclass(frozen=True)
class Term:
    """One thing asked for: words that all occur, side by side if `phrase`."""

    letters: tuple[str, ...]  # folded, as a reader would see them
    phrase: bool = False

    @property
    def words(self) -> list[str]:
        """The kept words that a record with this term has."""
        return [word for part in self.letters for word in pairs(part, last=False)]

    @property
    def line(self) -> str:
        """What stands in the kept line of a text that has this phrase."""
        *first, end = self.letters
        words = [word for part in first for word in pairs(part, last=True)]
        return f" {' '.join(words + pairs(end, last=False))} "


@dataclass(frozen=True)
class Query:
    """What a reader asks for: every wanted term, none of the unwanted ones."""

    text: str = ""
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    whole_words: bool = False  # the beginning of a word is not enough

    def __bool__(self):
        return bool(self.wanted)

    @property
    def starts(self) -> list[tuple[str, bool]]:
        """The words that must occur, each with whether the beginning of a word will do."""
        found = [
            (word, not term.phrase and not self.whole_words and begins(word))
            for term in self.wanted
            for word in term.words
        ]
        return list(dict.fromkeys(found))

    @property
    def is_long(self) -> bool:
        """Whether a word is longer than the beginnings that an index knows."""
        return any(start and len(word) > MOST_IN_A_START for word, start in self.starts)

    @property
    def exact(self) -> "Query":
        """The same, but that the beginning of a word is not enough."""
        return replace(self, whole_words=True)

    @property
    def whole(self) -> str:
        """The whole text asked for, as the line of a name that is exactly that."""
        return kept_line(self.text)


def begins(word: str) -> bool:
    """Whether the beginning of a word is enough to find it: one letter says too little."""
    return len(word) > 1 or bool(RUN.match(word))


def parse(text: str) -> Query:
    """Return the query in what a reader typed; anything is one, if only an empty one.

    Words in quotation marks stand side by side; a minus before a word keeps it out. Every other
    sign is a space: there are no operators to get wrong.
    """
    text = text[:MOST_LETTERS].strip()
    wanted, unwanted, room = [], [], MOST_TERMS
    for match in TERM.finditer(text.translate(QUOTES)):
        letters = tuple(letters_of(match["phrase"] or match["word"] or ""))[:room]
        if letters:
            room -= len(letters)
            (unwanted if match["minus"] else wanted).extend(terms(letters, bool(match["phrase"])))
    return Query(text, tuple(wanted), tuple(unwanted))


def terms(letters: tuple[str, ...], phrase: bool) -> list[Term]:
    """Return one term for a phrase, else one for each word; a long run of letters is a phrase."""
    if phrase:
        return [Term(letters, True)]
    return [Term((part,), bool(RUN.match(part)) and len(part) > 2) for part in letters]
