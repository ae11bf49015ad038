"""Deleting at the desk: what is in use stays, and the page says what uses it."""

import pytest
from django.urls import reverse

from network.models import Person
from tests.desk_forms import make_reviewer
from tests.factories import make_appearance, make_person, make_user

pytestmark = pytest.mark.django_db

NO_RIGHT = "doesn&#x27;t have permission"
PROTECTED = "would require deleting the following protected related objects"


def make_speaker():
    person = make_person()
    return person, make_appearance(person=person)


@pytest.mark.parametrize("admin", [True, False])
def test_record_in_use_says_what_uses_it(client, admin):
    everything = {"is_staff": True, "is_superuser": True}
    client.force_login(make_user(**everything) if admin else make_reviewer())
    person, appearance = make_speaker()
    use = reverse("admin:events_appearance_change", args=[appearance.pk])
    pages = [
        client.get(reverse("admin:network_person_delete", args=[person.pk])),
        client.post(
            reverse("admin:network_person_changelist"),
            {"action": "delete_selected", "_selected_action": [person.pk]},
        ),
    ]
    for page in pages:
        html = page.content.decode()
        assert NO_RIGHT not in html
        assert PROTECTED in html
        assert f'<a href="{use}">' in html
    client.post(reverse("admin:network_person_delete", args=[person.pk]), {"post": "yes"})
    assert Person.objects.filter(pk=person.pk).exists()
