"""Resolutions of the Security Council, and drafts that failed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from wpssite.base.moments import ZoneField
from wpssite.base.paths import path_to
from wpssite.base.publishing import LINKED, Confidence, Publishable, PublishableQuerySet

from .sources import Source
from .topics import Topic


class ResolutionQuerySet(PublishableQuerySet):
    def of_the_agenda(self):
        """The resolutions on women, peace and security themselves."""
        return self.filter(in_wps_set=True)

    def agenda_first(self):
        """The resolutions of the agenda by date, then the related ones."""
        return self.order_by("-in_wps_set", "decided_on", "pk")

    def for_search(self):
        return self.prefetch_related(models.Prefetch("topics", Topic.objects.published()))

    def for_page(self):
        """Load what `network/resolution_detail.html` shows of the resolution itself."""
        topics = models.Prefetch("topics", Topic.objects.published())
        return self.prefetch_related(topics, "sources")


class Resolution(Publishable):
    """A resolution, or a draft that was voted down and so has no number."""

    class Outcome(models.TextChoices):
        ADOPTED = "adopted", _("adopted")
        NOT_ADOPTED = "not-adopted", _("not adopted")

    symbol = models.CharField(
        _("symbol"),
        max_length=40,
        unique=True,
        help_text=_("S/RES/1325 (2000); a draft: S/2020/1054"),
    )
    number = models.PositiveIntegerField(_("number"), null=True, blank=True, unique=True)
    subject = models.TextField(_("subject"), help_text=_("In our own words."))
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=Outcome, default=Outcome.ADOPTED
    )
    decided_on = models.DateField(
        _("adopted or voted down on"), help_text=_("The day of the result.")
    )
    in_wps_set = models.BooleanField(
        _("one of the WPS resolutions"), default=True, help_text=_("Untick for related ones.")
    )
    votes_for = models.PositiveSmallIntegerField(_("for"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("abstaining"), null=True, blank=True)
    voters_note = models.CharField(
        _("who voted how"),
        max_length=300,
        blank=True,
        help_text=_("Names, where a source has them."),
    )
    meeting_number = models.PositiveIntegerField(_("meeting"), null=True, blank=True)
    meeting_symbol = models.CharField(
        _("record of the meeting"), max_length=40, blank=True, help_text=_("S/PV.4213")
    )
    vote_method = models.CharField(_("method of the vote"), max_length=100, blank=True)
    vote_opened = models.DateTimeField(_("vote opened (UTC)"), null=True, blank=True)
    vote_closed = models.DateTimeField(_("vote closed (UTC)"), null=True, blank=True)
    vote_zone = ZoneField(_("zone of the vote"), blank=True, default="America/New_York")
    topics = models.ManyToManyField(Topic, blank=True, verbose_name=_("topics"))
    public_note = models.CharField(_("note for readers"), max_length=500, blank=True)
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))

    linked = [*LINKED, "symbol", "number", "subject", "outcome", "decided_on"]
    linked += ["votes_for", "votes_against", "abstentions"]
    objects = ResolutionQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["decided_on", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(outcome="adopted", number__isnull=False)
                | Q(outcome="not-adopted", number=None),
                name="network_resolution_number_if_adopted",
                violation_error_message=_(
                    "An adopted resolution has a number; a draft that failed has none."
                ),
            ),
        ]

    def __str__(self):
        return self.symbol

    def get_absolute_url(self):
        return path_to("network:resolution_detail", self.slug)

    @property
    def unanimous(self) -> bool:
        return bool(self.votes_for) and self.votes_against == 0 and self.abstentions == 0
