"""What the site is compared with: finished pages from a function, and from a bare Django view.

Both read the pages from the folder in BENCH_FINISHED: `name` holds the bytes of a page, and
`headers.json` the headers it was sent with, by name.
"""

import json
import os
import secrets
from pathlib import Path

FINISHED = Path(os.environ["BENCH_FINISHED"])
HEADERS = json.loads((FINISHED / "headers.json").read_text())
PAGES = {
    f"/{name}": ((FINISHED / name).read_bytes(), [tuple(pair) for pair in headers])
    for name, headers in HEADERS.items()
}
DEFAULT_MIDDLEWARE = [  # As `django-admin startproject` writes it.
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def function(environ, start_response):
    """Answer with the finished page and its headers: the least a WSGI server can be asked."""
    body, headers = PAGES[environ["PATH_INFO"]]
    start_response("200 OK", headers)
    return [body]


def view(request, name):
    """Answer with the finished page, as Django's simplest view does."""
    from django.http import HttpResponse

    return HttpResponse(PAGES[f"/{name}"][0])


def bare_django():
    """Return a Django of one view, its default middleware and no database."""
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.urls import path

    settings.configure(
        SECRET_KEY=secrets.token_urlsafe(50),
        ALLOWED_HOSTS=["127.0.0.1"],
        MIDDLEWARE=DEFAULT_MIDDLEWARE,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
        ],
        ROOT_URLCONF=(path("<str:name>", view),),
        USE_TZ=True,
    )
    return get_wsgi_application()


if os.environ.get("BENCH_BASELINE") == "bare":
    bare = bare_django()
