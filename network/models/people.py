"""People, the names they go by, and the offices they held when."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wpssite.base.periods import START_OR_UNKNOWN, Period, PeriodQuerySet
from wpssite.base.publishing import Confidence, Publishable, PublishableQuerySet
from wpssite.base.text import FoldedField, fold

from .organisations import Organisation
from .sources import LanguageField, Source


class PersonQuerySet(PublishableQuerySet):
    def for_list(self):
        """Load the offices shown in a list of people."""
        offices = Appointment.objects.select_related("organisation").order_by("-starts_on", "pk")
        return self.prefetch_related(models.Prefetch("appointments", offices))

    def for_page(self):
        """Load what `network/person_detail.html` shows of the person."""
        return self.for_list().prefetch_related("names", "sources")

    def named(self, words: str):
        """People one of whose names, in any form or script, holds each of `words`."""
        found = self
        for word in fold(words).split():
            names = PersonName.objects.filter(person=OuterRef("pk"), folded__contains=word)
            found = found.filter(Q(folded__contains=word) | Exists(names))
        return found


class Person(Publishable):
    """Someone who took part (Popolo Person). What they were when is in `appointments`."""

    class NameOrder(models.TextChoices):
        GIVEN_FIRST = "given-first", _("given name first")
        FAMILY_FIRST = "family-first", _("family name first")

    name = models.CharField(
        _("name"), max_length=200, help_text=_("As the site shows it: Kamikawa Yoko.")
    )
    family_name = models.CharField(_("family name"), max_length=100, blank=True)
    given_name = models.CharField(_("given name"), max_length=100, blank=True)
    name_order = models.CharField(
        _("order of names"), max_length=20, choices=NameOrder, default=NameOrder.GIVEN_FIRST
    )
    honorific = models.CharField(
        _("honorific"), max_length=60, blank=True, help_text=_("As sources use it; never guessed.")
    )
    summary = models.TextField(_("in a sentence"), blank=True)
    website = models.URLField(_("website"), blank=True)
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))
    sort_name = FoldedField()
    folded = FoldedField()

    objects = PersonQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "pk"]
        constraints = [*Publishable.Meta.constraints]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("network:person_detail", args=[self.slug])

    def derive(self):
        self.folded = fold(self.name)
        self.sort_name = fold(f"{self.family_name} {self.given_name}") or self.folded


class PersonNameQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug, text, kind):
        return self.get(person__slug=slug, text=text, kind=kind)


class PersonName(models.Model):
    """Another form of a name (Popolo other_names)."""

    class Kind(models.TextChoices):
        OWN = "own", _("own, another script or order")
        FORMER = "former", _("former")
        PRINTED = "printed", _("as a source printed it (only for finding)")

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="names", verbose_name=_("person")
    )
    text = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.OWN)
    language = LanguageField(_("language or script"))
    folded = FoldedField()

    objects = PersonNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["person", "kind", "text", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "text", "kind"],
                name="network_personname_once",
                violation_error_message=_("This name is already listed."),
            ),
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.folded = fold(self.text)
        super().save(*args, **kwargs)

    def natural_key(self):
        return (*self.person.natural_key(), self.text, self.kind)

    natural_key.dependencies = ["network.person"]


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
        Person, models.CASCADE, related_name="appointments", verbose_name=_("person")
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


class FocalPointQuerySet(PeriodQuerySet):
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
        Person,
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
