"""The ground floor and the desk as Django apps."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    name = "wpssite.base"
    label = "base"
    verbose_name = _("Site")

    def ready(self):
        super().ready()
        autodiscover_modules("site_admin")  # It builds on `admin`, which Django loads by itself.


class DeskConfig(AdminConfig):
    """Django's admin with the desk's own start page and words."""

    default_site = "wpssite.base.desk.DeskSite"
