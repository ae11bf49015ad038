"""The roof as a Django app: what walks over every kind of record starts here."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SiteConfig(AppConfig):
    name = "wpssite"
    label = "site"
    verbose_name = _("Public site")

    def ready(self):
        from .touching import watch  # The catalogue imports models, which are ready only now.

        watch()
