"""Pages about the site: those that editors write, and the style page for developers."""

from django.http import Http404
from django.shortcuts import redirect, render

from wpssite.base.models import Page
from wpssite.base.pages import FIRST
from wpssite.base.web import viewer, visible_or_404

from .style import samples

LINKED = {"accessibility", "privacy", "corrections"}  # The footer leads there, written or not.


def about(request):
    """Say what the site is: in the editors' words, or in the built-in ones until they write."""
    written = Page.objects.visible_to(viewer(request)).at(FIRST)
    context = {"record": written, "others": Page.objects.published().below_the_first()}
    return render(request, "page.html" if written else "about.html", context)


def page(request, slug):
    """Show a page that editors wrote; one that the footer names leads to /about/ until then."""
    try:
        record = visible_or_404(Page.objects.below_the_first, request, slug)
    except Http404 as absent:
        if slug in LINKED and type(absent) is Http404:
            return redirect("about")
        raise
    others = Page.objects.published().below_the_first()
    return render(request, "page.html", {"record": record, "others": others})


def style(request):
    """Show every component with made-up data, for those who write templates."""
    return render(request, "style.html", samples())
