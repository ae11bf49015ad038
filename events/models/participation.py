"""Which organisations held an event or were there, and what its sources recall beside it."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef
from django.utils.translation import gettext_lazy as _

from network.models import (
    ActionPlan,
    Claim,
    Membership,
    Organisation,
    OrganisationName,
    Resolution,
)
from wpssite.base.labels import Labelled
from wpssite.base.publishing import public

from .rows import OrderedQuerySet, RowsManager


class ParticipationQuerySet(models.QuerySet):
    def hosting(self):
        """Those who held the event, in order; not those who were merely present."""
        return self.filter(role__in=HOSTING)

    def with_names_then(self):
        """Load the organisations, and as `name_then` what each was called on the day."""
        name = OrganisationName.objects.then("organisation", OuterRef("event__starts_on"))
        return self.select_related("organisation").annotate(name_then=name)

    def for_timeline(self):
        return self.select_related("event")

    def get_by_natural_key(self, event, organisation, role):
        return self.get(event__slug=event, organisation__slug=organisation, role=role)


class Participation(Labelled, models.Model):
    """What an organisation did at an event: host, partner, present (OCD participants).

    Those present are not the members: attendance never makes a membership.
    """

    class Role(models.TextChoices):
        HOST = "host", _("host")
        CO_HOST = "co-host", _("co-host")
        CHAIR = "chair", _("chair")
        CO_CHAIR = "co-chair", _("co-chair")
        PRESIDENCY = "presidency", _("Council presidency")
        PARTNER = "partner", _("partner")
        SECRETARIAT = "secretariat", _("secretariat")
        VENUE_HOST = "venue-host", _("host of the venue")
        TROIKA = "troika", _("troika")
        SPONSOR = "sponsor", _("sponsor")
        PRESENT = "present", _("present")

    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="participations", verbose_name=_("event")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="participations", verbose_name=_("organisation")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.HOST)
    printed_as = models.CharField(_("as printed"), max_length=200, blank=True)

    objects = RowsManager.from_queryset(ParticipationQuerySet)()

    class Meta:
        verbose_name = _("host or participant")
        verbose_name_plural = _("hosts and participants")
        ordering = ["event", "order", "pk"]
        indexes = [
            models.Index(fields=["organisation", "role", "event"], name="events_participation_of")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "organisation", "role"],
                name="events_participation_once",
                violation_error_message=_("This organisation is already listed in that role."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} ({self.get_role_display()})"

    def natural_key(self):
        return (*self.event.natural_key(), *self.organisation.natural_key(), self.role)

    natural_key.dependencies = ["events.event"]


HOSTING = [role for role in Participation.Role.values if role != Participation.Role.PRESENT]


class EventContextQuerySet(OrderedQuerySet):
    def for_timeline(self):
        return self.select_related("event")


class EventContext(Labelled, models.Model):
    """A fact that a source recalls beside the event: a resolution, a plan, a count, a seat."""

    class Kind(models.TextChoices):
        RESOLUTION = "resolution", _("resolution")
        PLAN = "plan", _("action plan")
        MEMBERSHIP = "membership", _("membership of a body")
        CLAIM = "claim", _("count")
        ANNIVERSARY = "anniversary", _("anniversary")
        INITIATIVE = "initiative", _("initiative")
        OTHER = "other", _("other")

    owner = "event"
    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="context", verbose_name=_("event")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    text = models.CharField(_("in our words"), max_length=500, blank=True)
    resolution = models.ForeignKey(
        Resolution,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_contexts",
        verbose_name=_("resolution"),
    )
    plan = models.ForeignKey(
        ActionPlan,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_contexts",
        verbose_name=_("action plan"),
    )
    membership = models.ForeignKey(
        Membership,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_contexts",
        verbose_name=_("membership"),
    )
    claim = models.ForeignKey(
        Claim,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_contexts",
        verbose_name=_("count"),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="event_contexts",
        verbose_name=_("organisation"),
    )
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)

    objects = RowsManager.from_queryset(EventContextQuerySet)()

    class Meta:
        verbose_name = _("background fact")
        verbose_name_plural = _("background")
        ordering = ["event", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "order"],
                name="events_eventcontext_order_once",
                violation_error_message=_("Two background facts have the same order."),
            ),
        ]

    def __str__(self):
        return self.text or self.get_kind_display()

    def natural_key(self):
        return (*self.event.natural_key(), self.order)

    natural_key.dependencies = ["events.event"]

    @property
    def is_shown(self) -> bool:
        """Whether anything is left to show when hidden records are left out; no query."""
        member = self.membership
        records = [self.resolution, self.plan, self.organisation, member and member.body]
        return bool(self.text or self.claim_id or any(map(public, records)))

    def clean(self):
        super().clean()
        links = [self.resolution_id, self.plan_id, self.membership_id, self.claim_id]
        if not self.text and not any(links):
            raise ValidationError({"text": _("Say what the fact is, or choose its record.")})
