"""Where a fact was read."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

LANGUAGE_TAG = RegexValidator(
    r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Write a BCP 47 language tag, such as en, ja or pt-BR.")
)


class LanguageField(models.CharField):
    """A BCP 47 language tag."""

    default_validators = [LANGUAGE_TAG]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"max_length": 35, "blank": True} | kwargs)


class SourceQuerySet(models.QuerySet):
    def get_by_natural_key(self, url):
        return self.get(url=url)


class Source(models.Model):
    """A page or document that was read, and when."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("ministry or government")
        UN = "un", _("United Nations")
        ORGANISATION = "organisation", _("regional or other organisation")
        CIVIL_SOCIETY = "civil-society", _("civil society")
        PRESS = "press", _("press")
        MIRROR = "mirror", _("copy on another site")
        OTHER = "other", _("other")

    url = models.URLField(_("web address"), max_length=500, unique=True)
    title = models.CharField(_("title"), max_length=300, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    language = LanguageField(_("language"), help_text=_("BCP 47: en, ja, fr …"))
    published_on = models.DateField(_("published on"), null=True, blank=True)
    read_on = models.DateField(_("read on"), null=True, blank=True)
    note = models.CharField(_("note for the desk"), max_length=300, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["publisher", "url", "pk"]

    def __str__(self):
        return f"{self.publisher}: {self.title or self.url}"

    def natural_key(self):
        return (self.url,)
