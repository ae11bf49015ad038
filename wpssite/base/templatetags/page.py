"""What a page says of itself: its one address, its title once more, how to cite it."""

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info, to_locale

from .. import cite, web
from ..fragments import own
from ..text import clean_html
from ..when import COMMON_ZONES

register = template.Library()
register.simple_tag(own)

FROM_RIGHT = {"ar", "arc", "ckb", "dv", "fa", "he", "ks", "prs", "ps", "sd", "ug", "ur", "yi"}
META = """<link rel="canonical" href="{here}">
    {alternates}
    <meta property="og:site_name" content="WPS Focal Points Network">
    <meta property="og:title" content="{title}">
    <meta property="og:description" content="{description}">
    <meta property="og:url" content="{here}">
    <meta property="og:locale" content="{locale}">
    <meta property="og:type" content="{kind}">
    {changed}
    <meta property="og:image" content="{picture}">
    <meta property="og:image:type" content="image/png">
    <meta property="og:image:width" content="1200">
    <meta property="og:image:height" content="630">
    <meta property="og:image:alt" content="{title}">
    <meta name="twitter:card" content="summary_large_image">
"""
ALTERNATE = '<link rel="alternate" hreflang="{}" href="{}">\n    '
CHANGED = '<meta property="article:modified_time" content="{}">'
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
def page_meta(context, title: str, description: str) -> str:
    """Return what a page says of itself to search engines and where its address is shared.

    Reads from the page's context also: record and structured, on the page of one. Nothing is said
    of a hidden record.
    """
    record, structured = context.get("record"), context.get("structured")
    name = structured and structured[0].get("name") or title
    public = bool(record and record.is_public)
    return format_html(
        META,
        here=canonical(context),
        alternates=format_html_join("", ALTERNATE, alternates(context)),
        title=name,
        description=description,
        locale=locale(),
        kind="article" if record else "website",
        changed=format_html(CHANGED, record.updated_at.isoformat()) if public else "",
        picture=share_address(record if structured else None),
    )


def alternates(context):
    """Yield (language, address) of this page, the default one once more as `x-default`."""
    for language in in_languages(context):
        url = full_address(language["url"])
        yield language["code"], url
        if language["code"] == settings.LANGUAGE_CODE:
            yield "x-default", url


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
def section(context) -> str:
    """Return where in the site this page is: the address of its section, and `…` if below it."""
    request = context.get("request")
    if request is None or request.resolver_match is None:
        return ""
    words = 1 if get_language() == settings.LANGUAGE_CODE else 2
    start = "/".join(request.path.split("/", words + 1)[: words + 1]) + "/"
    return start if start == request.path else f"{start}…"


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
