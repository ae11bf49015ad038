"""A process of the site, told by lines of JSON what to do: for tests of several at once.

Started by `tests/test_coherence.py` with the settings in its environment.
"""

import json
import sys
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core import serializers
from django.core.management import call_command
from django.db import transaction

from wpssite.wsgi import application  # The site is set up by this, before its models come.

from django.test import Client  # isort: skip
from django.utils import timezone  # isort: skip

from events.models import Event  # isort: skip
from tests.desk_forms import DeskPage, make_account  # isort: skip
from tests.factories import make_event  # isort: skip


class Undone(Exception):
    """Ends a transaction that must leave nothing behind."""


def get(address: str) -> str:
    """Return the status and the text of a page, as a visitor gets it."""
    path, _mark, query = address.partition("?")
    reply = []
    body = application(
        {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "HTTP_HOST": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
        },
        lambda status, headers, exc_info=None: reply.append(status[:3]),
    )
    text = b"".join(body).decode()
    getattr(body, "close", lambda: None)()
    return f"{reply[0]} {text}"


def begin(slugs: list[str]):
    """Make the events, each public with the title `Slug 0`."""
    Event.objects.all().delete()
    for slug in slugs:
        make_event(slug=slug, title=f"{slug} 0")


def save(slug: str, title: str):
    event = Event.objects.get(slug=slug)
    event.title = title
    event.save()


def update(slug: str, title: str):
    Event.objects.filter(slug=slug).update(title=title)


def load(slug: str, title: str):
    """Change an event as `loaddata` does."""
    event = Event.objects.get(slug=slug)
    event.title = title
    with TemporaryDirectory() as folder:
        path = Path(folder) / "event.json"
        path.write_text(serializers.serialize("json", [event]))
        call_command("loaddata", path, verbosity=0)


def desk(slug: str, title: str):
    """Change an event at the desk, where its editor sees the change on the page at once."""
    client = Client()
    client.force_login(editor())
    page = DeskPage(client, f"/desk/events/event/{Event.objects.get(slug=slug).pk}/change/")
    assert page.save(title=title).status_code == 302
    assert title in client.get(f"/events/2023/{slug}/").content.decode()


@cache
def editor():
    return make_account("Reviewers")


def undo(slug: str, title: str):
    """Change an event in a transaction that comes to nothing."""
    try:
        with transaction.atomic():
            save(slug, title)
            raise Undone
    except Undone:
        pass


def half_undo(slug: str, title: str):
    """Change an event after a change in the same transaction that came to nothing."""
    with transaction.atomic():
        undo(slug, "nothing")
        save(slug, title)


def hide(slug: str, title: str):
    Event.objects.get(slug=slug).take_back()


def show(slug: str, title: str):
    event = Event.objects.get(slug=slug)
    event.published_at = None
    event.publish()


def schedule(slug: str, title: str, seconds: float) -> float:
    """Publish an event some time from now; return the moment."""
    event = Event.objects.get(slug=slug)
    event.published_at = timezone.now() + timedelta(seconds=seconds)
    event.publish()
    return event.published_at.timestamp()


WORDS = {
    word.__name__: word
    for word in (get, begin, save, update, load, desk, undo, half_undo, hide, show, schedule)
}

if __name__ == "__main__":
    for line in sys.stdin:
        word, *arguments = json.loads(line)
        print(json.dumps(WORDS[word](*arguments)), flush=True)
