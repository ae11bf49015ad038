"""The groups of the desk and what each may do."""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models import CASCADE, Q

from .publishing import Publishable

RECORDS = ["network", "events"]
# Of the site itself only these: accounts stay with the administrators.
OF_THE_SITE = Q(content_type__app_label="base", content_type__model__in=["page", "report"])
ENTER = Q(codename__startswith="add_") | Q(codename__startswith="change_")
LOOK = Q(codename__startswith="view_")
DECIDE = Q(codename__startswith="delete_") | Q(codename__startswith="publish_")


def take_out() -> Q:
    """The right to delete rows that are part of a record: a name, a point, an appearance."""
    models = [model for label in RECORDS for model in apps.get_app_config(label).get_models()]
    parts = [model._meta.model_name for model in models if is_part(model)]
    return Q(codename__in=[f"delete_{name}" for name in parts])


def is_part(model) -> bool:
    """Whether rows of `model` go with a record when it is deleted."""
    if issubclass(model, Publishable):
        return False
    remote = (field.remote_field for field in model._meta.fields if field.remote_field)
    return any(relation.on_delete is CASCADE for relation in remote)


def ensure_groups() -> dict[str, Group]:
    """Make the groups, or give them back their rights, and return them by name."""
    return {
        "Editors": ensure_group("Editors", ENTER | LOOK | take_out()),
        "Reviewers": ensure_group("Reviewers", ENTER | LOOK | DECIDE),
    }


def ensure_group(name: str, rights: Q) -> Group:
    group, _made = Group.objects.get_or_create(name=name)
    where = Q(content_type__app_label__in=RECORDS) | OF_THE_SITE
    group.permissions.set(Permission.objects.filter(rights & where))
    return group
