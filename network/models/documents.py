"""Documents with United Nations symbols: letters, reports, records."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from wpssite.base.paths import path_to
from wpssite.base.publishing import Confidence, Publishable, PublishableQuerySet

from .organisations import Organisation
from .sources import Source


class DocumentQuerySet(PublishableQuerySet):
    def for_list(self):
        return self.prefetch_related("symbols")

    def for_search(self):
        signed = DocumentSignatory.objects.select_related("organisation")
        return self.prefetch_related("symbols", models.Prefetch("signatories", signed))

    def for_page(self):
        """Load what `network/document_detail.html` shows of the document itself."""
        signed = DocumentSignatory.objects.select_related("organisation")
        return self.prefetch_related("symbols", models.Prefetch("signatories", signed), "sources")


class Document(Publishable):
    """One document; it may bear several symbols, three dates and several signatories."""

    title = models.CharField(_("title"), max_length=300)
    organ = models.CharField(_("organ"), max_length=200, blank=True)
    agenda_item = models.CharField(_("agenda item"), max_length=200, blank=True)
    text_on = models.DateField(_("date of the text"), null=True, blank=True)
    letter_on = models.DateField(_("date of the letter"), null=True, blank=True)
    circulated_on = models.DateField(_("date of circulation"), null=True, blank=True)
    languages = models.CharField(
        _("languages"), max_length=100, blank=True, help_text=_("BCP 47, commas between: en, fr")
    )
    annexes = models.PositiveSmallIntegerField(_("annexes"), null=True, blank=True)
    job_number = models.CharField(_("job number"), max_length=40, blank=True)
    reissued = models.BooleanField(_("reissued"), null=True, blank=True)
    url = models.URLField(_("web address of the text"), max_length=500, blank=True)
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))

    objects = DocumentQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-circulated_on", "title", "pk"]
        constraints = [*Publishable.Meta.constraints]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return path_to("network:document_detail", self.slug)


class DocumentSymbolQuerySet(models.QuerySet):
    def get_by_natural_key(self, symbol):
        return self.get(symbol=symbol)


class DocumentSymbol(models.Model):
    """A symbol of a document, such as A/78/1 or S/2020/1054."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="symbols", verbose_name=_("document")
    )
    symbol = models.CharField(_("symbol"), max_length=40, unique=True)

    objects = DocumentSymbolQuerySet.as_manager()

    class Meta:
        verbose_name = _("symbol")
        verbose_name_plural = _("symbols")
        ordering = ["symbol", "pk"]

    def __str__(self):
        return self.symbol

    def natural_key(self):
        return (self.symbol,)

    natural_key.dependencies = ["network.document"]


class DocumentSignatoryQuerySet(models.QuerySet):
    def get_by_natural_key(self, slug, order):
        return self.get(document__slug=slug, order=order)


class DocumentSignatory(models.Model):
    """Who signed, in the order of the signatures."""

    document = models.ForeignKey(
        Document, models.CASCADE, related_name="signatories", verbose_name=_("document")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="signed_documents", verbose_name=_("for")
    )
    printed_name = models.CharField(_("name as printed"), max_length=200, blank=True)

    objects = DocumentSignatoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")
        ordering = ["document", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "order"],
                name="network_documentsignatory_order_once",
                violation_error_message=_("Two signatories have the same order."),
            ),
        ]

    def __str__(self):
        return str(self.organisation)

    def natural_key(self):
        return (*self.document.natural_key(), self.order)

    natural_key.dependencies = ["network.document", "network.organisation"]
