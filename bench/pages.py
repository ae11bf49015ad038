"""Which pages are measured on a database, what they weigh and ask: JSON on standard output.

DATABASE_URL=… python -m bench.pages
"""

import json
import os
from contextlib import ExitStack

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wpssite.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.test import Client  # noqa: E402

from events.models import Event, Statement  # noqa: E402

HOST = "127.0.0.1"


def addresses() -> dict[str, str]:
    """Return the addresses of the pages by name; records from the middle of the database."""
    events, statements = Event.objects.published(), Statement.objects.published()
    deep = max(events.count() // settings.PAGE_SIZE - 1, 1)
    event = events.order_by("pk")[events.count() // 2]
    statement = statements.order_by("pk")[statements.count() // 2]
    return {
        "home": "/",
        "list": "/events/",
        "deep page": f"/events/?page={deep}",
        "event": event.get_absolute_url(),
        "statement": statement.get_absolute_url(),
        "statement list": "/statements/",
        "members on a day": "/members/?on=2020-06-30",
        "member": "/members/japan/",
        "person": statement.person.get_absolute_url(),
        "search": f"/search/?q={statement.person.family_name.lower()}",
        "search, common word": "/search/?q=women",
    }


def queries_of(client, path: str) -> int:
    """Return how many queries a page asks that was asked for before in this process."""
    asked = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(count))
        client.get(path)
    return len(asked)


def described(client, path: str) -> dict:
    answer = client.get(path)
    if answer.status_code != 200:
        raise SystemExit(f"{path} answers {answer.status_code}.")
    return {"path": path, "bytes": len(answer.content), "queries": queries_of(client, path)}


def filling() -> list[str]:
    """Return the addresses of events, to fill the cache with."""
    return [event.get_absolute_url() for event in Event.objects.published().order_by("pk")[:4000]]


def main():
    client = Client(headers={"host": HOST})
    pages = {name: described(client, path) for name, path in addresses().items()}
    print(json.dumps({"pages": pages, "filling": filling()}))


if __name__ == "__main__":
    main()
