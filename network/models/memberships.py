"""Who belongs to which body, since when."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from wpssite.base.periods import START_OR_UNKNOWN, Period, PeriodQuerySet
from wpssite.base.publishing import Confidence

from .names import OrganisationName
from .sources import Source

NETWORK = "wps-focal-points-network"  # The slug of the network itself, a body among others.
ON_THE_MAP = ["slug", "name", "abbreviation", "kind", "region", "m49"]


class MembershipQuerySet(PeriodQuerySet):
    def of(self, body: str = NETWORK):
        """Memberships of the body with this slug."""
        return self.filter(body__slug=body)

    def full(self):
        """Memberships that count: not those that lapsed or of which nothing certain is known."""
        return self.filter(status=Membership.Status.MEMBER)

    def for_growth(self, organisations, day):
        """What counts as a membership of the Network, of any time, of these organisations.

        Loads what `network.growth` counts and the map shows; `name_then` is what the organisation
        was called on `day`, when that was another name.
        """
        rows = self.of().full().filter(organisation__in=organisations)
        return (
            rows.select_related("organisation")
            .only("starts_on", "ends_on", *(f"organisation__{name}" for name in ON_THE_MAP))
            .annotate(name_then=OrganisationName.objects.then("organisation", day))
            .order_by("organisation__sort_name", "starts_on", "pk")
        )

    def get_by_natural_key(self, organisation, body, starts_on):
        return self.get(organisation__slug=organisation, body__slug=body, starts_on=starts_on)


class Membership(Period):
    """An organisation belongs to a body, from a first to a last day."""

    class Status(models.TextChoices):
        MEMBER = "member", _("member")
        INACTIVE = "inactive", _("inactive")
        LEFT = "left", _("left")
        UNKNOWN = "unknown", _("not known")

    organisation = models.ForeignKey(
        "network.Organisation",
        models.CASCADE,
        related_name="memberships",
        verbose_name=_("organisation"),
    )
    body = models.ForeignKey(
        "network.Organisation",
        models.PROTECT,
        related_name="members",
        verbose_name=_("body"),
        help_text=_("What it belongs to: the Network, the Security Council …"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.MEMBER,
        help_text=_("In this period. Someone who left keeps this row, with its last day."),
    )
    role = models.CharField(
        _("as"), max_length=100, blank=True, help_text=_("Such as “non-permanent member”.")
    )
    founding = models.BooleanField(_("founding member"), null=True, blank=True)
    last_seen = models.CharField(
        _("last seen"),
        max_length=10,
        blank=True,
        help_text=_("The last date at which a source names it as a member, such as 2023-06."),
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))

    checked_beside = ()  # Keys of rows that a form checks against this one as they are typed.

    objects = MembershipQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["body", "organisation__sort_name", "starts_on", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                "organisation",
                "body",
                START_OR_UNKNOWN,
                name="network_membership_once_a_day",
                violation_error_message=_("A membership of that body begins on that day already."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} – {self.body}: {self.period_text}"

    def natural_key(self):
        return (
            *self.organisation.natural_key(),
            *self.body.natural_key(),
            self.starts_on and self.starts_on.isoformat(),
        )

    natural_key.dependencies = ["network.organisation"]

    def clean(self):
        super().clean()
        if self.organisation_id is None or self.body_id is None:
            return
        if self.organisation_id == self.body_id:
            raise ValidationError({"body": _("A body cannot be a member of itself.")})
        others = Membership.objects.filter(organisation=self.organisation, body=self.body)
        clash = (
            others.exclude(pk__in=[self.pk, *self.checked_beside])
            .overlapping(self.starts_on, self.ends_on)
            .first()
        )
        if clash:
            raise ValidationError(
                {"starts_on": _("This overlaps another membership: %s.") % clash.period_text}
            )
