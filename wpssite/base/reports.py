"""What readers report as wrong: kept for the desk, public nowhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportQuerySet(models.QuerySet):
    def open(self):
        """Reports that nobody has dealt with yet, the oldest first."""
        return self.filter(state=Report.State.OPEN).order_by("created_at", "pk")


class Report(models.Model):
    """An error that a reader found on a page; no network address is kept with it."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")

    page = models.CharField(_("address of the page"), max_length=300)
    text = models.TextField(_("what is wrong"), max_length=4000)
    name = models.CharField(_("name"), max_length=200, blank=True, help_text=_("Never public."))
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Never public."))
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.OPEN, db_index=True
    )
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report of an error")
        verbose_name_plural = _("reports of errors")
        ordering = ["-created_at", "-pk"]
        default_permissions = ("change", "delete", "view")  # Readers write them, not the desk.

    def __str__(self):
        return f"{self.page}: {self.text[:60]}"
