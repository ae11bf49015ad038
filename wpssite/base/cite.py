"""Citations of a page: plain text, BibTeX, RIS and CSL-JSON; record in, text out.

What is cited is this site's page in the version of its last change, not what the record tells of:
the words are ours, so nobody who spoke is named as an author.
"""

import json
import re
from datetime import UTC, datetime

from .language import gettext as _
from .moments import words_of
from .text import without_controls

SITE = "WPS Focal Points Network: the record"
LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # An escaped brace would still be counted by BibTeX.
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
} | {char: f"\\{char}" for char in "&%$#_"}
# Two of these in a row are a ligature: a long dash, a closing quotation mark.
LIGATURE = re.compile(r"(?<=[-'`,<>?!])(?=[-'`,<>])")


def citation(structured: dict, changed: datetime, language: str = "en") -> dict:
    """Return the CSL-JSON item of one page.

    structured: the schema.org data of the record, of which `name` and `url` are read.
    changed: when the record was last changed, aware; it is the version that is cited.
    """
    changed = changed.astimezone(UTC)
    path = structured["url"].partition("://")[2].partition("/")[2]
    return {
        "id": "-".join(["wps", *filter(None, path.split("/"))]),
        "type": "webpage",
        "title": one_line(structured["name"]),
        "container-title": SITE,
        "issued": {"date-parts": [[changed.year, changed.month, changed.day]]},
        "version": f"{changed:%Y-%m-%dT%H:%M:%SZ}",
        "URL": structured["url"],
        "language": language,
    }


def one_line(text: str) -> str:
    return " ".join(without_controls(str(text)).split())


def as_text(item: dict) -> str:
    """Return the citation as a sentence in the page's language."""
    changed = datetime.fromisoformat(item["version"])
    return _("“%(title)s”. %(site)s. Version of %(day)s, %(time)s UTC. %(url)s") % {
        "title": item["title"],
        "site": item["container-title"],
        "day": words_of(changed.date(), "j F Y"),
        "time": f"{changed:%H:%M}",
        "url": item["URL"],
    }


def as_csl(item: dict) -> str:
    """Return CSL-JSON, as Zotero and citeproc read it: a list with one item."""
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"


def as_bibtex(item: dict) -> str:
    """Return a BibTeX entry that BibLaTeX reads too; UTF-8, the title kept in its capitals."""
    year, month, day = item["issued"]["date-parts"][0]
    fields = {
        "key": latex(item["container-title"]),
        "title": f"{{{latex(item['title'])}}}",
        "howpublished": latex(item["container-title"]),
        "year": year,
        "month": month,
        "note": f"Version of {year}-{month:02}-{day:02}",
        "version": item["version"],
        "url": item["URL"],
        "language": item["language"],
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
    return "\n".join([f"@misc{{{item['id']},", *lines, "}", ""])


def latex(text: str) -> str:
    """Return `text` with everything that LaTeX takes for a command written as a letter."""
    return "".join(LATEX.get(char, char) for char in LIGATURE.sub("\0", text)).replace("\0", "{}")


def as_ris(item: dict) -> str:
    """Return a RIS record, as EndNote, Mendeley and Zotero read it; UTF-8, CRLF."""
    year, month, day = item["issued"]["date-parts"][0]
    lines = [
        ("TY", "ELEC"),
        ("TI", item["title"]),
        ("T2", item["container-title"]),
        ("PY", year),
        ("DA", f"{year}/{month:02}/{day:02}/"),
        ("ET", item["version"]),
        ("LA", item["language"]),
        ("UR", item["URL"]),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


FORMATS = {
    "bib": (as_bibtex, "application/x-bibtex; charset=utf-8"),
    "ris": (as_ris, "application/x-research-info-systems; charset=utf-8"),
    "json": (as_csl, "application/vnd.citationstyles.csl+json"),
}
