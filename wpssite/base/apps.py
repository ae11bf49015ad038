"""The ground floor and the desk as Django apps."""

from django.apps import AppConfig
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "wpssite.base"
    label = "base"
    verbose_name = _("Site")


class DeskConfig(SimpleAdminConfig):
    """Django's admin with the desk's own start page and words.

    A worker that serves visitors alone never needs the code of the desk, which is a quarter of its
    memory and of its start: `wsgi.py` lets it come with the first request for the desk.
    """

    default_site = "wpssite.base.desk.DeskSite"
    on_demand = False

    def ready(self):
        super().ready()
        if not self.on_demand:
            load_desk()


def load_desk():
    """Import what registers models at the desk; again does nothing."""
    autodiscover_modules("admin")
    autodiscover_modules("site_admin")  # It builds on `admin`.
