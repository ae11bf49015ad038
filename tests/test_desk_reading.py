"""What an editor sees of the forms: nothing wrong hides, the cursor stands where typing begins."""

import pytest
from django.urls import reverse

from tests.desk_forms import VALID, DeskPage, make_plain_editor

pytestmark = pytest.mark.django_db

END = "Its end, a repeated hour, one person&#x27;s times"
OWN_PLACE = "Its own date, time, place, sitting"


@pytest.fixture
def page(client):
    """The empty form of an event with what it must have filled in."""
    client.force_login(make_plain_editor())
    return DeskPage(client, reverse("admin:events_event_add")).set(**VALID)


def folded(response, heading: str) -> list[bool]:
    """Return of each fieldset with this heading, from top to bottom, whether it is folded."""
    html = response.content.decode()
    before = [part.rsplit("<fieldset", 1)[1] for part in html.split(f">{heading}</h")[:-1]]
    return ["<details>" in start for start in before]


def test_fieldset_is_folded_until_something_in_it_is_wrong(page):
    assert folded(page.save(title=""), END) == [True]
    assert folded(page.save(ends_on="2023-09-20"), END) == [False]
    assert folded(page.save(ends_time="noon"), END) == [False]


@pytest.mark.parametrize("wrong", [{"starts_time": "25:00"}, {"sitting_no": "7"}])
def test_fieldset_of_a_row_is_open_where_something_is_wrong(page, wrong):
    page.add_row("segments", kind="opening")
    page.add_row("segments", kind="national", **wrong)
    answer = page.save()
    assert answer.status_code == 200
    # The form has one empty row already, and one to copy from at its end.
    assert folded(answer, OWN_PLACE) == [True, True, False, True]
