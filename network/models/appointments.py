"""Offices: who held which one when."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from wpssite.base.periods import START_OR_UNKNOWN, Period, PeriodQuerySet
from wpssite.base.publishing import Confidence

from .organisations import Organisation
from .sources import Source


class PostQuerySet(models.QuerySet):
    def get_by_natural_key(self, organisation, title):
        return self.get(organisation__slug=organisation, title=title)


class Post(models.Model):
    """An office that people hold one after another (Popolo Post)."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="posts", verbose_name=_("organisation")
    )
    title = models.CharField(_("title"), max_length=200)
    single_holder = models.BooleanField(
        _("one holder at a time"), default=True, help_text=_("Untick for offices that are shared.")
    )

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["organisation__sort_name", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "title"],
                name="network_post_once",
                violation_error_message=_("This post is already listed."),
            ),
        ]

    def __str__(self):
        return f"{self.title}, {self.organisation}"

    def natural_key(self):
        return (*self.organisation.natural_key(), self.title)

    natural_key.dependencies = ["network.organisation"]


class AppointmentQuerySet(PeriodQuerySet):
    def get_by_natural_key(self, person, organisation, role, starts_on):
        return self.get(
            person__slug=person,
            organisation__slug=organisation,
            role=role,
            starts_on=starts_on,
        )


class Appointment(Period):
    """A person held an office, from a first to a last day (Popolo Membership)."""

    person = models.ForeignKey(
        "network.Person", models.CASCADE, related_name="appointments", verbose_name=_("person")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="appointments",
        verbose_name=_("of"),
        help_text=_("The state or organisation in whose name the office is held."),
    )
    role = models.CharField(_("office"), max_length=200)
    post = models.ForeignKey(
        Post,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("post"),
        help_text=_("Only where holders follow one another and the site keeps the line."),
    )
    incoming = models.BooleanField(
        _("incoming"), default=False, help_text=_("Named, but not yet in office.")
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))

    objects = AppointmentQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["person__sort_name", "-starts_on", "role", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                "person",
                "organisation",
                "role",
                START_OR_UNKNOWN,
                name="network_appointment_once",
                violation_error_message=_("This appointment is already listed."),
            ),
        ]

    def __str__(self):
        return f"{self.person}, {self.role}, {self.organisation}"

    def natural_key(self):
        return (
            *self.person.natural_key(),
            *self.organisation.natural_key(),
            self.role,
            self.starts_on and self.starts_on.isoformat(),
        )

    natural_key.dependencies = ["network.person", "network.organisation", "network.post"]

    def clean(self):
        super().clean()
        if self.post_id and self.post.single_holder and not self.incoming:
            held = Appointment.objects.filter(post=self.post, incoming=False).exclude(pk=self.pk)
            clash = held.overlapping(self.starts_on, self.ends_on).select_related("person").first()
            if clash:
                raise ValidationError(
                    {
                        "post": _("%(person)s holds this post then (%(period)s).")
                        % {"person": clash.person, "period": clash.period_text}
                    }
                )
