"""Who chaired the Network when."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from wpssite.base.periods import Period, PeriodQuerySet

from .organisations import Organisation
from .sources import Source


class ChairTermQuerySet(PeriodQuerySet):
    def for_page(self):
        """Terms with their holders, in two queries; hidden holders keep their place unnamed."""
        return self.prefetch_related(
            models.Prefetch("holders", ChairHolder.objects.select_related("organisation"))
        )

    def around(self, day: date):
        """The terms of the troika on `day`: the last before it, the present ones, the next."""
        before = self.filter(ends_on__lt=day).order_by("-ends_on", "pk")[:1]
        after = self.filter(starts_on__gt=day).order_by("starts_on", "pk")[:1]
        nearest = [models.Q(pk__in=terms.values("pk")) for terms in (before, self.on(day), after)]
        return self.filter(nearest[0] | nearest[1] | nearest[2]).order_by("starts_on", "pk")

    def get_by_natural_key(self, starts_on):
        return self.get(starts_on=starts_on)


class ChairTerm(Period):
    """A term of the chair; a year nobody documents is a term of status unknown."""

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed by a source")
        INFERRED = "inferred", _("inferred from other facts")
        UNKNOWN = "unknown", _("not known")

    status = models.CharField(_("status"), max_length=10, choices=Status)
    note = models.CharField(_("note for readers"), max_length=300, blank=True)
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))

    objects = ChairTermQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("chair term")
        verbose_name_plural = _("chair terms")
        ordering = ["-starts_on", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["starts_on"],
                name="network_chairterm_once",
                violation_error_message=_("A term begins on that day already."),
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=False),
                name="network_chairterm_has_a_start",
                violation_error_message=_("Enter the first day of the term."),
            ),
        ]

    def __str__(self):
        return self.period_text

    def natural_key(self):
        return (self.starts_on and self.starts_on.isoformat(),)


class ChairHolderQuerySet(models.QuerySet):
    def of(self, member: int):
        """What the organisation with this key held."""
        return self.filter(organisation=member)

    def with_terms(self):
        return self.select_related("term").order_by("-term__starts_on")

    def get_by_natural_key(self, starts_on, organisation):
        return self.get(term__starts_on=starts_on, organisation__slug=organisation)


class ChairHolder(models.Model):
    """One of those who hold the chair in a term."""

    term = models.ForeignKey(
        ChairTerm, models.CASCADE, related_name="holders", verbose_name=_("term")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="chair_terms", verbose_name=_("member")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    objects = ChairHolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder")
        verbose_name_plural = _("holders")
        ordering = ["term", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["term", "organisation"],
                name="network_chairholder_once",
                violation_error_message=_("This member is already a holder of the term."),
            ),
        ]

    def __str__(self):
        return str(self.organisation)

    def natural_key(self):
        return (*self.term.natural_key(), *self.organisation.natural_key())

    natural_key.dependencies = ["network.chairterm", "network.organisation"]
