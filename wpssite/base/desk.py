"""The desk: Django's admin with our name and start page."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class DeskSite(AdminSite):
    site_header = _("WPS Focal Points Network: the desk")
    site_title = _("the desk")
    index_title = _("What would you like to enter?")
