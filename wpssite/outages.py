"""The page for a failure: 503 while the database is away, 500 for a fault of ours."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.template import loader
from django.views import defaults

RETRY_AFTER = "10"  # seconds
AWAY = ("08", "53", "57P")  # SQLSTATE: connection, resources, shutdown
AWAY_SQLITE = {"SQLITE_BUSY", "SQLITE_CANTOPEN", "SQLITE_FULL", "SQLITE_IOERR"}


def is_outage(error: BaseException | None) -> bool:
    """Whether a database did not answer, as opposed to answering that a query is wrong."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    cause = error.__cause__
    if name := getattr(cause, "sqlite_errorname", None):
        return name in AWAY_SQLITE
    state = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(AWAY)


def server_error(request):
    """Answer the exception that is being handled."""
    if not is_outage(sys.exc_info()[1]):
        return defaults.server_error(request)
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": RETRY_AFTER})
