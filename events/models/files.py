"""Photos, documents and recordings of an event."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models.sources import LanguageField
from wpssite.base.labels import Labelled
from wpssite.base.pictures import PictureField
from wpssite.base.publishing import published_now

from .rows import OrderedQuerySet


class AttachmentQuerySet(OrderedQuerySet):
    def shows_publicly(self, name: str) -> bool:
        """Whether a picture, or a cropped copy of it, belongs to a published event."""
        stem = name.removesuffix(".webp").partition("-")[0]
        return self.filter(published_now("event"), picture=f"{stem}.webp").exists()


class Attachment(Labelled, models.Model):
    """A photo of our own keeping, or a document or recording that stands elsewhere."""

    class Kind(models.TextChoices):
        PHOTO = "photo", _("photo")
        DOCUMENT = "document", _("document")
        OUTCOME = "outcome", _("outcome document")
        RECORDING = "recording", _("recording")
        LIVESTREAM = "livestream", _("livestream")

    owner = "event"
    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="attachments", verbose_name=_("event")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DOCUMENT)
    title = models.CharField(_("title"), max_length=300)
    language = LanguageField(_("language"))
    url = models.URLField(_("web address"), max_length=500, blank=True)
    picture = PictureField(_("picture"), blank=True)
    alt = models.CharField(
        _("description of the picture"),
        max_length=300,
        blank=True,
        help_text=_("For those who cannot see it. Leave empty only for mere decoration."),
    )
    decorative = models.BooleanField(_("mere decoration"), default=False)
    credit = models.CharField(_("credit and licence"), max_length=200, blank=True)
    focus_x = models.PositiveSmallIntegerField(
        _("centre of interest, per cent from the left"),
        default=50,
        validators=[MaxValueValidator(100)],
    )
    focus_y = models.PositiveSmallIntegerField(
        _("per cent from the top"), default=50, validators=[MaxValueValidator(100)]
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo, document or recording")
        verbose_name_plural = _("photos, documents and recordings")
        ordering = ["event", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "order"],
                name="events_attachment_order_once",
                violation_error_message=_("Two attachments have the same order."),
            ),
            models.CheckConstraint(
                condition=~Q(url="") | ~Q(picture=""),
                name="events_attachment_is_somewhere",
                violation_error_message=_("Upload a picture or give a web address."),
            ),
        ]

    def __str__(self):
        return self.title

    def natural_key(self):
        return (*self.event.natural_key(), self.order)

    natural_key.dependencies = ["events.event"]

    def clean(self):
        super().clean()
        if self.picture and not self.alt and not self.decorative:
            raise ValidationError({"alt": _("Describe the picture, or mark it as decoration.")})
