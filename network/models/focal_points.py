"""Who answers for a member in the Network."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wpssite.base.periods import START_OR_UNKNOWN, Period, PeriodQuerySet

from .organisations import Organisation
from .sources import Source


class FocalPointQuerySet(PeriodQuerySet):
    def of(self, member: int):
        """Those of the organisation with this key."""
        return self.filter(organisation=member)

    def for_list(self):
        return self.select_related("person")

    def get_by_natural_key(self, organisation, office, starts_on):
        return self.get(organisation__slug=organisation, office=office, starts_on=starts_on)


class FocalPoint(Period):
    """Who answers for a member: an office, sometimes a person. Contact data is never public."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="focal_points", verbose_name=_("member")
    )
    office = models.CharField(_("office"), max_length=200)
    person = models.ForeignKey(
        "network.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="focal_point_of",
        verbose_name=_("person"),
    )
    person_is_public = models.BooleanField(
        _("name may be shown"), default=False, help_text=_("Only with the person's consent.")
    )
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Never public."))
    phone = models.CharField(
        _("telephone"), max_length=60, blank=True, help_text=_("Never public.")
    )
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))

    objects = FocalPointQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("focal point")
        verbose_name_plural = _("focal points")
        ordering = ["organisation__sort_name", "-starts_on", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                "organisation",
                "office",
                START_OR_UNKNOWN,
                name="network_focalpoint_once",
                violation_error_message=_("This focal point is already listed."),
            ),
        ]

    def __str__(self):
        return f"{self.office}, {self.organisation}"

    def natural_key(self):
        return (
            *self.organisation.natural_key(),
            self.office,
            self.starts_on and self.starts_on.isoformat(),
        )

    natural_key.dependencies = ["network.organisation", "network.person"]
