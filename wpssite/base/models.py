"""The account of a person who works at the desk."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from .moments import ZoneField


class User(AbstractUser):
    """Someone with a login; what they may do comes from groups (see `docs/desk.md`)."""

    zone = ZoneField(
        _("own time zone"), blank=True, help_text=_("Shown beside each local time while you type.")
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("username"), name="base_user_username_any_case"
            )
        ]
