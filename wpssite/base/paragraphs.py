"""Paragraphs of a text: numbered, with addresses that outlive edits, and compared with another's.

A paragraph's address is made from its words, so it stays when others are added, taken out or
moved; only a paragraph that is itself rewritten gets another one.
"""

import re
from collections import Counter
from difflib import SequenceMatcher
from hashlib import sha256

from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

from .language import gettext as _
from .text import clean_html, fold

PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
HEARD_ONLY = re.compile(r'<span class="hidden">.*?</span>', re.DOTALL)
ELEMENT = re.compile(r"<[^>]*>")
BLOCK_END = re.compile(r"(?<=</p>)|(?<=</h3>)|(?<=</h4>)|(?<=</li>)")
# An element; or a word, an entity, a sign, a letter of a script without spaces, each with the
# space behind it.
TOKEN = re.compile(
    r"<[^>]*>|(?:&#?\w+;|[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]|\w+|[^\w\s])\s*|\s+"
)
# Pairs of words, 5,000 by 5,000 (a quarter of a second at worst); larger passages just differ.
WORTH_COMPARING = 25_000_000


def with_paragraph_ids(html: str, ordinal: str = "p", taken: Counter | None = None) -> str:
    """Return cleaned text whose paragraphs carry an address and a number that links to it.

    html: text as stored, or as `differences()` returns it.
    ordinal: what stands before the number in the second, simple address: `p3`.
    taken: addresses used on the page so far, when it shows several texts; is added to.
    """
    taken, number = Counter() if taken is None else taken, 0

    def numbered(match):
        nonlocal number
        number += 1
        name = paragraph_id(match[1])
        taken[name] += 1
        name += f"-{taken[name]}" if taken[name] > 1 else ""
        return format_html(
            '<p id="{0}"><a class="para" id="{1}{2}" href="#{0}" aria-label="{3}">{2}</a> {4}</p>',
            name,
            ordinal,
            number,
            _("Paragraph %d") % number,
            mark_safe(match[1]),
        )

    return mark_safe(PARAGRAPH.sub(numbered, html))


def paragraph_id(html: str) -> str:
    """Return the address of a paragraph, from its words alone: `p-1f3a9c02`."""
    text = ELEMENT.sub("", HEARD_ONLY.sub("", html))
    return f"p-{sha256((fold(text) or text).encode()).hexdigest()[:8]}"


def differences(first: str, second: str) -> tuple[str, str]:
    """Return two texts, cleaned, with what only the one has in `del`, only the other in `ins`.

    Paragraphs are aligned first, then words within those that changed; elements stay as they are.
    """
    first, second = BLOCK_END.split(clean_html(first)), BLOCK_END.split(clean_html(second))
    left, right = [], []
    for same, old, new in changes(first, second):
        one_by_one = len(old) == len(new)
        pairs = zip(old, new, strict=True) if one_by_one else [("".join(old), "".join(new))]
        for was, becomes in pairs:
            if not same:
                was, becomes = compared(TOKEN.findall(was), TOKEN.findall(becomes))
            left.append(was)
            right.append(becomes)
    return "".join(left), "".join(right)


def changes(first: list[str], second: list[str]):
    """Yield (whether they are the same, parts of the first, parts of the second), in order."""
    if len(first) * len(second) > WORTH_COMPARING:
        yield False, first, second
        return
    keys = [[part.strip() for part in parts] for parts in (first, second)]
    for kind, a, b, c, d in SequenceMatcher(None, *keys).get_opcodes():
        yield kind == "equal", first[a:b], second[c:d]


def compared(old: list[str], new: list[str]) -> tuple[str, str]:
    """Return two passages, in tokens, with the words marked that only one of them has."""
    left, right = [], []
    for same, gone, come in changes(old, new):
        left += gone if same else marked(gone, "del", _("only in the first text:"))
        right += come if same else marked(come, "ins", _("only in the second text:"))
    return "".join(left), "".join(right)


def marked(tokens: list[str], element: str, label: str) -> list[str]:
    """Return tokens with each run of words put into an element that also says it aloud."""
    start = f'<{element}><span class="hidden">[{escape(label)} </span>'
    end = f'<span class="hidden">]</span></{element}>'
    runs = re.findall(r"<[^>]*>|\s+(?=<|$)|[^<]+?(?=\s*(?:<|$))", "".join(tokens))
    return [run if run.startswith("<") or run.isspace() else start + run + end for run in runs]
