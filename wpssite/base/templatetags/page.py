"""What a page says of itself: its one address, its title once more, how to cite it."""

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import translation
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info, to_locale

from .. import cite, web
from ..text import clean_html
from ..when import COMMON_ZONES

register = template.Library()

FROM_RIGHT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "prs", "ps", "sd", "ug", "ur", "yi"}
SAME_LIST = {"sort"}  # Parameters that show the same in another order.
# Share previews want a territory; the site's own language is spelt the British way.
TERRITORIES = {"en": "en_GB", "fr": "fr_FR", "es": "es_ES", "ar": "ar_AR", "ru": "ru_RU"}


@register.simple_tag(takes_context=True)
def canonical(context) -> str:
    """Return the one address of this page: with its own filters and nothing else.

    Reads from the page's context: request; `asked`, the filters it knows; `day`, when the
    address names one; `page`, its place in a list.
    """
    return web.address(own_address(context))


def own_address(context) -> str:
    """Return the path of this page with its own filters, and no other parameter."""
    request, asked, page = (context.get(name) for name in ("request", "asked", "page"))
    kept = {k: v for k, v in asked.items() if v and k not in SAME_LIST} if asked else {}
    if request.GET.get("on") and context.get("day"):
        kept["on"] = context["day"].isoformat()
    if isinstance(page, Page) and page.number > 1:
        kept["page"] = page.number
    query = urlencode(sorted(kept.items()), doseq=True)
    return request.path + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def again(context, name: str) -> str:
    """Return what a block of this page holds, once more: a title stands in two places.

    Works in a base template; an include does not know the blocks.
    """
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return mark_safe(block.render(context).strip())  # Rendered by Django, so escaped already.


@register.simple_tag
def locale() -> str:
    """Return the language of the page as share previews write it, such as en_GB."""
    return TERRITORIES.get(get_language(), to_locale(get_language()))


@register.filter
def kind_in_address(record) -> str:
    """Return the name of a record's kind, the first word of its address: `events`."""
    with translation.override(settings.LANGUAGE_CODE):
        return record.get_absolute_url().split("/")[1]


@register.filter
def share_address(record) -> str:
    """Return the address of a record's picture for share previews; of the site's for none."""
    path = f"{kind_in_address(record)}/{record.slug}" if record else "site"
    return web.address(f"/share/{path}.png")


@register.simple_tag
def citation(structured, record) -> str:
    """Return how to cite the page of a record, in a sentence; `structured` is its JSON-LD."""
    return cite.as_text(cite.citation(structured, record.updated_at, get_language()))


@register.filter
def direction(tag: str) -> str:
    """Return the writing direction of a BCP 47 language, for `dir`."""
    parts = tag.split("-")
    from_right = parts[0] in FROM_RIGHT or {"Arab", "Hebr"} & set(parts)
    return "rtl" if from_right and "Latn" not in parts else "ltr"


@register.simple_tag
def common_zones() -> list[str]:
    """Return the time zones that a reader is offered; any other may be typed."""
    return COMMON_ZONES.split()


@register.filter
def page_html(html: str) -> str:
    """Return the text of a page that editors wrote, its headings straight below the title."""
    html = clean_html(html)
    for high, low in [("h2", "h3"), ("h3", "h4")]:
        html = html.replace(f"<{low}>", f"<{high}>").replace(f"</{low}>", f"</{high}>")
    return mark_safe(html)


@register.simple_tag(takes_context=True)
def in_languages(context) -> list[dict]:
    """Return this page in each language of the site: code, name in that language, url, current.

    Nothing on pages that have one address only, and on error pages.
    """
    request = context.get("request")
    if request is None or request.resolver_match is None or hasattr(request, "failed"):
        return []
    current = get_language()
    path = own_address(context)
    bare = path.removeprefix(f"/{current}") if current != settings.LANGUAGE_CODE else path
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"],
            "url": bare if code == settings.LANGUAGE_CODE else f"/{code}{bare}",
            "current": code == current,
        }
        for code, _name in settings.LANGUAGES
    ]


@register.filter
def full_address(path: str) -> str:
    """Return the public address of a path, without its query."""
    return web.address(path.partition("?")[0])


@register.simple_tag
def own() -> str:
    """Return the attributes of an element with words of the record, which are English.

    Nothing on English pages; elsewhere they keep their language and their direction.
    """
    return mark_safe("" if get_language() == "en" else ' lang="en" dir="auto"')
