"""People and the names they go by."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from wpssite.base.paths import path_to
from wpssite.base.publishing import LINKED, Publishable, PublishableQuerySet
from wpssite.base.text import MOST_WORDS, FoldedField, fold

from .appointments import Appointment
from .names import closeness
from .sources import LanguageField, Source


class PersonQuerySet(PublishableQuerySet):
    def for_list(self):
        """Load the offices shown in a list of people."""
        offices = Appointment.objects.select_related("organisation").order_by("-starts_on", "pk")
        return self.prefetch_related(models.Prefetch("appointments", offices))

    def for_page(self):
        """Load what `network/person_detail.html` shows of the person."""
        return self.for_list().prefetch_related("names", "sources")

    def for_search(self):
        return self.for_list().prefetch_related("names")

    def named(self, words: str):
        """People one of whose names, in any form or script, holds each of `words`."""
        found = self
        for word in fold(words).split()[:MOST_WORDS]:
            names = PersonName.objects.filter(person=OuterRef("pk"), folded__contains=word)
            found = found.filter(Q(folded__contains=word) | Exists(names))
        return found

    def closest_first(self, words: str):
        """Put first whose name is `words`, then those one of whose names begins with them."""
        names = PersonName.objects.filter(person=OuterRef("pk"))
        return self.order_by(closeness(words, names, "folded", "sort_name"), "sort_name", "pk")


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

    linked = [*LINKED, "name"]
    objects = PersonQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "pk"]
        indexes = [
            models.Index(
                fields=["status", "sort_name", "id", "published_at"], name="network_person_in_order"
            )
        ]
        constraints = [*Publishable.Meta.constraints]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return path_to("network:person_detail", self.slug)

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
