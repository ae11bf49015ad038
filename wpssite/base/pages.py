"""Pages that editors write: what the record is, accessibility, privacy, corrections."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .paths import path_to
from .publishing import Publishable, PublishableQuerySet
from .text import RichTextField

FIRST = "about"  # The page at /about/ itself; every other one stands below it.
TAKEN = {"style"}  # Addresses below /about/ that are not editors' pages.


class PageQuerySet(PublishableQuerySet):
    def at(self, slug: str):
        """Return the page at an address, or None."""
        return self.filter(slug=slug).first()

    def below_the_first(self):
        """The pages below /about/, in the order in which they are listed."""
        return self.exclude(slug=FIRST).order_by("order", "title", "pk")


class Page(Publishable):
    """A page of plain text about the site; not a record."""

    title = models.CharField(_("title"), max_length=200)
    standfirst = models.CharField(_("in a sentence"), max_length=300, blank=True)
    body = RichTextField(_("text"))
    order = models.PositiveSmallIntegerField(
        _("order"), default=1, help_text=_("Its place in the list of pages.")
    )

    objects = PageQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ["order", "title", "pk"]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return path_to("about") if self.slug == FIRST else path_to("page", self.slug)

    def clean(self):
        super().clean()
        if self.slug in TAKEN:
            raise ValidationError({"slug": _("This address belongs to the site itself.")})
