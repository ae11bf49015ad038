"""The groups of the desk and what each may do."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

RECORDS = ["network", "events"]
ENTER = Q(codename__startswith="add_") | Q(codename__startswith="change_")
LOOK = Q(codename__startswith="view_")
DECIDE = Q(codename__startswith="delete_") | Q(codename__startswith="publish_")

GROUPS = {
    "Editors": ENTER | LOOK,
    "Reviewers": ENTER | LOOK | DECIDE,
}


def ensure_groups() -> dict[str, Group]:
    """Make the groups, or give them back their rights, and return them by name."""
    return {name: ensure_group(name, rights) for name, rights in GROUPS.items()}


def ensure_group(name: str, rights: Q) -> Group:
    group, _made = Group.objects.get_or_create(name=name)
    group.permissions.set(Permission.objects.filter(rights, content_type__app_label__in=RECORDS))
    return group
