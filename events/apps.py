"""The second floor: what happened and what was said."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    verbose_name = _("Events and statements")

    def ready(self):
        from wpssite.base import plans, tally  # They need models, which are ready only now.

        post_migrate.connect(tally.install, sender=self)
        post_migrate.connect(plans.analyse, sender=self)
