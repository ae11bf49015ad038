"""What records are about."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from wpssite.base.paths import path_to
from wpssite.base.publishing import Publishable, PublishableQuerySet
from wpssite.base.text import FoldedField, fold


def refuse_cycle(record, field: str, message):
    """Raise ValidationError on `field` when following it from `record` leads back to `record`."""
    above = getattr(record, field)
    seen = set()
    while above is not None and above.pk not in seen:
        if record.pk and above.pk == record.pk:
            raise ValidationError({field: message})
        seen.add(above.pk)
        above = getattr(above, field)


class TopicQuerySet(PublishableQuerySet):
    def for_list(self):
        return self.select_related("broader")

    def for_search(self):
        return self.for_list()

    def for_page(self):
        """Load what `network/topic_detail.html` shows of the topic itself."""
        narrower = models.Prefetch("narrower", Topic.objects.published())
        return self.select_related("broader").prefetch_related(narrower)


class Topic(Publishable):
    """A term of the site's own list; `broader` as in SKOS."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    broader = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="narrower",
        verbose_name=_("broader term"),
    )
    definition = models.TextField(_("definition"), blank=True)
    printed_as = models.CharField(
        _("words that sources use"),
        max_length=300,
        blank=True,
        help_text=_("A ministry's own category, as printed; several with a semicolon between."),
    )
    sort_name = FoldedField()

    objects = TopicQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["sort_name", "pk"]
        constraints = [*Publishable.Meta.constraints]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return path_to("network:topic_detail", self.slug)

    def clean(self):
        super().clean()
        refuse_cycle(self, "broader", _("A topic cannot be broader than itself."))

    def derive(self):
        self.sort_name = fold(self.name)
