"""Counts that somebody stated, kept beside what the records add up to."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wpssite.base.labels import Labelled
from wpssite.base.moments import DATE_PRECISIONS, Precision, day_text
from wpssite.base.publishing import Confidence

from .organisations import Organisation
from .sources import Source


class ClaimQuerySet(models.QuerySet):
    def of_members(self):
        """What was stated of the number of members, the last day first."""
        return self.filter(subject=Claim.Subject.MEMBERS).select_related("source", "claimed_by")

    def latest_on(self, subject: str, day: date):
        """Return the last count of `subject` stated for `day` or before, or None."""
        claims = self.filter(subject=subject, as_of__lte=day).order_by("-as_of", "pk")
        return claims.select_related("source", "claimed_by").first()

    def get_by_natural_key(self, subject, as_of, url):
        return self.get(subject=subject, as_of=as_of, source__url=url)


class Claim(Labelled, models.Model):
    """A number as stated by a source, with its day and its parts."""

    class Subject(models.TextChoices):
        MEMBERS = "members", _("members of the Network")
        PLANS = "plans", _("states with an action plan")

    class Qualifier(models.TextChoices):
        EXACT = "exact", _("exactly")
        MORE = "more-than", _("more than")
        ABOUT = "about", _("about")

    subject = models.CharField(_("number of"), max_length=20, choices=Subject)
    as_of = models.DateField(_("as of"))
    as_of_precision = models.CharField(
        _("known to the"), max_length=10, choices=DATE_PRECISIONS, default=Precision.DAY
    )
    qualifier = models.CharField(
        _("qualifier"), max_length=10, choices=Qualifier, default=Qualifier.EXACT
    )
    value = models.PositiveIntegerField(_("number"))
    states = models.PositiveIntegerField(_("of them states"), null=True, blank=True)
    organisations = models.PositiveIntegerField(_("of them organisations"), null=True, blank=True)
    claimed_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="claims",
        verbose_name=_("stated by"),
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    note = models.CharField(_("note for readers"), max_length=300, blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, related_name="claims", verbose_name=_("source")
    )

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("count stated by others")
        verbose_name_plural = _("counts stated by others")
        ordering = ["subject", "-as_of", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "as_of", "source"],
                name="network_claim_once",
                violation_error_message=_("This source's count for that day is already listed."),
            ),
        ]

    def __str__(self):
        return f"{self.value} {self.get_subject_display()}, {self.as_of_text}"

    def natural_key(self):
        return (self.subject, self.as_of.isoformat(), self.source.url)

    natural_key.dependencies = ["network.source"]

    def clean(self):
        super().clean()
        parts = [self.states, self.organisations]
        if None not in parts and self.value is not None and sum(parts) != self.value:
            raise ValidationError(
                {"value": _("The parts add up to %d. Enter what the source states.") % sum(parts)}
            )

    @property
    def only_part(self) -> str:
        """“90 states”, where a source stated one part of the number and not the other."""
        if (self.states is None) == (self.organisations is None):
            return ""
        if self.organisations is None:
            return ngettext("%(number)s state", "%(number)s states", self.states) % {
                "number": self.states
            }
        return ngettext(
            "%(number)s regional organisation",
            "%(number)s regional organisations",
            self.organisations,
        ) % {"number": self.organisations}

    @property
    def as_of_text(self) -> str:
        return day_text(self.as_of, self.as_of_precision)
