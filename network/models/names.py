"""Names of organisations: other, former, in other languages, as printed; which name fits best."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from wpssite.base.periods import Period, PeriodQuerySet
from wpssite.base.text import FoldedField, fold

from .sources import LanguageField


def closeness(words: str, names, *columns: str, exactly=None) -> Case:
    """Return by what to order records so that those whose name fits `words` best stand first.

    names: the rows of a record's other names; columns: what holds its own, folded.
    exactly: another condition under which a record is the one that was typed.
    """
    text = fold(words)
    whole, begins = exactly or Q(), Q()
    for column in columns:
        whole |= Q(**{column: text})
        begins |= Q(**{f"{column}__startswith": text})
    return Case(
        When(whole | Exists(names.filter(folded=text)), then=0),
        When(begins | Exists(names.filter(folded__startswith=text)), then=1),
        default=2,
    )


class OrganisationNameQuerySet(PeriodQuerySet):
    def then(self, organisation: str, day):
        """Return a subquery for the name that an organisation bore on a day, if not today's.

        organisation: path to the organisation's key from the outer rows.
        day: a date, or an F expression for the outer rows' date.
        """
        borne = self.filter(
            Q(starts_on=None) | Q(starts_on__lte=day),
            ends_on__gte=day,
            organisation=OuterRef(organisation),
            form=OrganisationName.Form.FORMER,
        )
        return models.Subquery(borne.order_by("ends_on", "pk").values("text")[:1])

    def get_by_natural_key(self, slug, text, form):
        return self.get(organisation__slug=slug, text=text, form=form)


class OrganisationName(Period):
    """Another name: official, former, in another language, or as a source misprinted it."""

    class Form(models.TextChoices):
        SHORT = "short", _("short name")
        OFFICIAL = "official", _("official name")
        FORMER = "former", _("former name")
        ABBREVIATION = "abbreviation", _("abbreviation")
        PRINTED = "printed", _("as a source printed it (only for finding)")

    organisation = models.ForeignKey(
        "network.Organisation", models.CASCADE, related_name="names", verbose_name=_("organisation")
    )
    text = models.CharField(_("name"), max_length=200)
    form = models.CharField(_("form"), max_length=20, choices=Form, default=Form.SHORT)
    language = LanguageField(_("language"))
    folded = FoldedField()

    objects = OrganisationNameQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["organisation", "starts_on", "text", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "text", "form"],
                name="network_organisationname_once",
                violation_error_message=_("This name is already listed."),
            ),
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.folded = fold(self.text)
        super().save(*args, **kwargs)

    def natural_key(self):
        return (*self.organisation.natural_key(), self.text, self.form)

    natural_key.dependencies = ["network.organisation"]
