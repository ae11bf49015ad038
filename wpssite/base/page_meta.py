"""What a page says of itself: its one address, its title once more, how to cite it."""

from django.conf import settings
from django.core.paginator import Page
from django.utils.http import urlencode
from django.utils.translation import get_language_info, to_locale
from jinja2 import pass_context
from markupsafe import Markup

from . import cite, web
from .language import language
from .text import clean_html
from .when import COMMON_ZONES

FROM_RIGHT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "prs", "ps", "sd", "ug", "ur", "yi"}
ELSEWHERE = {code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE}
SAME_LIST = {"sort"}  # Parameters that show the same in another order.
# Share previews want a territory; the site's own language is spelt the British way.
TERRITORIES = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES", "ar": "ar_AR", "ru": "ru_RU"}


@pass_context
def canonical(context) -> str:
    """Return the one address of this page: with its own filters and nothing else.

    Reads from the page's context: request; `asked`, the filters it knows; `day`, when the
    address names one; `page`, its place in a list.
    """
    return web.address(own_address(context))


def own_address(context) -> str:
    """Return the path of this page with its own filters, and no other parameter."""
    request, asked, page = (context.get(name) for name in ("request", "asked", "page"))
    if hasattr(request, "own_address"):
        return request.own_address
    kept = {k: v for k, v in asked.items() if v and k not in SAME_LIST} if asked else {}
    if request.GET.get("on") and context.get("day"):
        kept["on"] = context["day"].isoformat()
    if isinstance(page, Page) and page.number > 1:
        kept["page"] = page.number
    query = urlencode(sorted(kept.items()), doseq=True)
    request.own_address = request.path + (f"?{query}" if query else "")
    return request.own_address


def locale() -> str:
    """Return the language of the page as share previews write it, such as en_GB."""
    return TERRITORIES.get(language(), to_locale(language()))


def kind_in_address(record) -> str:
    """Return the name of a record's kind, the first word of its address: `events`."""
    words = record.get_absolute_url().split("/")
    return words[2] if words[1] in ELSEWHERE else words[1]


def share_address(record) -> str:
    """Return the address of a record's picture for share previews; of the site's for none."""
    path = f"{kind_in_address(record)}/{record.slug}" if record else "site"
    return web.address(f"/share/{path}.png")


def citation(structured, record) -> str:
    """Return how to cite the page of a record, in a sentence; `structured` is its JSON-LD."""
    return cite.as_text(cite.citation(structured, record.updated_at, language()))


def direction(tag: str) -> str:
    """Return the writing direction of a BCP 47 language, for `dir`."""
    parts = tag.split("-")
    from_right = parts[0] in FROM_RIGHT or {"Arab", "Hebr"} & set(parts)
    return "rtl" if from_right and "Latn" not in parts else "ltr"


def common_zones() -> list[str]:
    """Return the time zones that a reader is offered; any other may be typed."""
    return COMMON_ZONES.split()


def zone_options() -> Markup:
    """Return the same as options of a list."""
    return Markup("".join(f'<option value="{zone}"></option>' for zone in common_zones()))


def page_html(html: str) -> str:
    """Return the text of a page that editors wrote, its headings straight below the title."""
    html = clean_html(html)
    for high, low in [("h2", "h3"), ("h3", "h4")]:
        html = html.replace(f"<{low}>", f"<{high}>").replace(f"</{low}>", f"</{high}>")
    return Markup(html)


@pass_context
def section(context) -> str:
    """Return where in the site this page is: the address of its section, and `…` if below it."""
    request = context.get("request")
    if request is None or request.resolver_match is None:
        return ""
    words = 1 if language() == settings.LANGUAGE_CODE else 2
    start = "/".join(request.path.split("/", words + 1)[: words + 1]) + "/"
    return start if start == request.path else f"{start}…"


@pass_context
def in_languages(context) -> list[dict]:
    """Return this page in each language of the site: code, name, url, current, is_default.

    Nothing on pages that have one address only, and on error pages.
    """
    request = context.get("request")
    if request is None or request.resolver_match is None or hasattr(request, "failed"):
        return []
    current = language()
    path = own_address(context)
    bare = path.removeprefix(f"/{current}") if current != settings.LANGUAGE_CODE else path
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "url": bare if code == settings.LANGUAGE_CODE else f"/{code}{bare}",
            "current": code == current,
            "is_default": code == settings.LANGUAGE_CODE,
        }
        for code, _name in settings.LANGUAGES
    ]


def full_address(path: str) -> str:
    """Return the public address of a path, without its query."""
    return web.address(path.partition("?")[0])
