"""A walk over the public site: its pages, links, files and assets, each fetched once."""

import http.client
import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, quote, urldefrag, urlencode, urljoin, urlsplit
from xml.etree import ElementTree

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

MOST_PAGES = 600
ALIKE_PAGES = 40  # How many pages of one view are fetched in the first language,
ALIKE = 3  # and how many translations, files, or filtered lists of one shape.
ASSET_LINKS = {"stylesheet", "icon", "apple-touch-icon", "preload", "manifest", "modulepreload"}
ASSET_ATTRIBUTES = {
    ("script", "src"),
    ("img", "src"),
    ("source", "src"),
    ("video", "src"),
    ("audio", "src"),
    ("iframe", "src"),
    ("embed", "src"),
    ("object", "data"),
    ("input", "src"),
    ("use", "href"),
    ("image", "href"),
}
CSS_ADDRESS = re.compile(rb"""url\(\s*["']?(?!data:)([^"')]+)|@import\s+["']([^"']+)""")


@dataclass
class Answer:
    """What the site answered to one address, after at most one redirect."""

    address: str
    status: int
    kind: str
    body: bytes
    moved: int = 0
    links: set = field(default_factory=set)
    assets: set = field(default_factory=set)
    anchors: set = field(default_factory=set)
    styles: list = field(default_factory=list)
    scripts: list = field(default_factory=list)

    @property
    def is_page(self) -> bool:
        return self.kind == "text/html"


class Reader(HTMLParser):
    """Collects what a page refers to, and what may be pointed at in it."""

    def __init__(self):
        super().__init__()
        self.links, self.assets, self.anchors = set(), set(), set()
        self.styles, self.scripts = [], []
        self.form = self.choice = None

    def handle_starttag(self, tag, attrs):
        got = {name: value or "" for name, value in attrs}
        if "id" in got:
            self.anchors.add(got["id"])
        if tag in {"a", "area"} and "href" in got:
            self.links.add(got["href"])
        elif tag == "link":
            self.read_link(got)
        elif tag == "meta" and got.get("property") == "og:image":
            self.assets.add(got["content"])
        elif tag == "script" and "src" in got:
            self.scripts.append(got["src"])
        self.assets |= {value for name, value in got.items() if (tag, name) in ASSET_ATTRIBUTES}
        self.assets |= {
            part.split()[0] for part in got.get("srcset", "").split(",") if part.strip()
        }
        self.read_form(tag, got)

    def read_link(self, got):
        kinds = set(got.get("rel", "").split())
        if "stylesheet" in kinds:
            self.styles.append(got["href"])
        (self.assets if kinds & ASSET_LINKS else self.links).add(got["href"])

    def read_form(self, tag, got):
        """Make a link of each value that a list of a GET form offers."""
        if tag == "form":
            self.form = got.get("action", "") if got.get("method", "get") == "get" else None
        elif tag == "select":
            self.choice = got.get("name")
        elif tag == "option" and self.form is not None and self.choice and got.get("value"):
            self.links.add(f"{self.form}?{urlencode({self.choice: got['value']})}")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


class Crawl:
    """A walk from the front door and the sitemap; of what is alike, some.

    answers: what each address answered. named_on: the page that named it. foreign: what pages
    load from others. fragments: (page, address, place in it) of each link into a page.
    """

    def __init__(self, site: str, seeds=()):
        self.site = site
        self.connection = http.client.HTTPConnection(urlsplit(site).netloc, timeout=60)
        self.answers: dict[str, Answer] = {}
        self.named_on: dict[str, str] = {}
        self.foreign: list[str] = []
        self.fragments: list[tuple[str, str, str]] = []
        self.shapes = Counter()
        self.waiting: list[str] = []
        for address in ["/", *self.in_sitemap(), *seeds]:
            self.name(address, "the sitemap")
        while self.waiting:
            self.visit(self.waiting.pop(0))
        self.connection.close()

    @property
    def pages(self) -> list[Answer]:
        return [answer for answer in self.answers.values() if answer.is_page]

    def in_sitemap(self) -> list[str]:
        found = []
        for section in locations(self.ask("/sitemap.xml").body):
            found += locations(self.ask(section.removeprefix(self.site)).body)
        return [address.removeprefix(self.site) for address in found]

    def ask(self, address: str) -> Answer:
        status, headers, body = self.get(address)
        moved = 0
        if status in {301, 302, 307, 308}:
            moved = status
            target = urljoin(self.site + address, headers["Location"])
            status, headers, body = self.get(target.removeprefix(self.site))
        return Answer(address, status, headers.get_content_type(), body, moved)

    def get(self, address: str):
        self.connection.request("GET", quote(address, safe="/?&=%+#:,;@~"))
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()

    def visit(self, address: str):
        answer = self.answers[address] = self.ask(address)
        if answer.is_page:
            self.read(answer)
        elif answer.kind == "text/css":
            found = [b or c for b, c in CSS_ADDRESS.findall(answer.body)]
            answer.assets = {self.own(part.decode(), answer, asset=True) for part in found} - {None}
        for asset in sorted(answer.assets):
            self.name(asset, address)
        if "?" not in address and not answer.moved:  # Filters are followed one level deep.
            for link in sorted(answer.links):
                self.name(link, address)

    def read(self, answer: Answer):
        reader = Reader()
        reader.feed(answer.body.decode())
        answer.anchors = reader.anchors
        answer.links = {self.own(link, answer) for link in reader.links} - {None}
        answer.assets = {self.own(part, answer, asset=True) for part in reader.assets} - {None}
        answer.styles = [self.own(part, answer) for part in reader.styles]
        answer.scripts = [self.own(part, answer) for part in reader.scripts]
        answer.assets |= {*answer.styles, *answer.scripts} - {None}

    def own(self, link: str, answer: Answer, asset=False) -> str | None:
        """Return a link as an address of this site; None, and a note, for another's."""
        if link.startswith(("mailto:", "data:", "tel:", "blob:")):
            return None
        whole, fragment = urldefrag(urljoin(self.site + answer.address, link.strip()))
        if not whole.startswith(self.site + "/"):
            if asset:
                self.foreign.append(f"{answer.address} loads {whole}")
            return None
        address = whole.removeprefix(self.site)
        if fragment:
            self.fragments.append((answer.address, address, fragment))
        return address

    def name(self, address: str, where: str):
        """Put an address on the list of those to visit, unless enough of its shape are known."""
        if address in self.named_on or "/desk/" in address:
            return
        shape = shape_of(address)
        self.shapes[shape] += 1
        if self.shapes[shape] > most_alike(address):
            return
        self.named_on[address] = where
        self.waiting.append(address)


def shape_of(address: str) -> tuple:
    """Return what addresses have in common that differ in the record or the value they ask for."""
    path, _, query = address.partition("?")
    asked = tuple(sorted(name for name, _value in parse_qsl(query)))
    language, match = view_at(path)
    if not match:  # A file.
        return ("file", path.rpartition(".")[2])
    return (language, match.view_name, match.kwargs.get("kind"), match.kwargs.get("format"), *asked)


def view_at(path: str):
    """Return the language of an address and, unless none answers there, its view's match."""
    language = get_language_from_path(path) or settings.LANGUAGE_CODE
    with override(language):
        try:
            return language, resolve(path)
        except Resolver404:
            return language, None


def most_alike(address: str) -> int:
    """Return how many addresses of this shape are enough; pages in the first language count."""
    if address.endswith((".css", ".js")):
        return MOST_PAGES
    if not address.endswith("/") or address.endswith("/feed/"):
        return ALIKE
    return ALIKE if get_language_from_path(address) else ALIKE_PAGES


def locations(xml: bytes) -> list[str]:
    return [node.text for node in ElementTree.fromstring(xml).iter() if node.tag.endswith("}loc")]
