"""Who reads which database: pure decisions; tests/services asks a real replica."""

from types import SimpleNamespace

import pytest
from django.db import OperationalError, transaction
from django.http import HttpResponse

from wpssite.base import replica
from wpssite.base.models import Report


class Connection:
    """A connection to the replica as far as the choice looks at it."""

    def __init__(self, away=False, broken=False):
        self.away, self.broken, self.connection = away, broken, None

    def is_away(self):
        return self.away

    def ensure_connection(self):
        if self.broken:
            raise OperationalError("gone")
        self.connection = object()


class Primary:
    in_atomic_block = False


@pytest.fixture
def databases(monkeypatch):
    """Two databases that hold nothing but their names."""
    names = SimpleNamespace(DATABASES={"default": {}, "replica": {}})
    monkeypatch.setattr(replica, "settings", names)
    found = {"default": Primary(), "replica": Connection()}
    monkeypatch.setattr(replica, "connections", found)
    return found


def asked(rf_request, *steps, environ=None):
    """Return what `reading()` said at each step of a request; a step may do something first."""
    said = []

    def view(request):
        for step in steps:
            step()
            said.append(replica.reading())
        return HttpResponse()

    rf_request.META |= environ or {}
    replica.reads_for_readers(view)(rf_request)
    return said


def nothing():
    pass


def write():
    replica.Router().db_for_write(Report)


def test_a_reader_reads_the_replica_and_a_command_the_primary(rf, databases):
    assert asked(rf.get("/"), nothing) == ["replica"]
    assert asked(rf.head("/"), nothing) == ["replica"]
    assert replica.reading() == "default"
    assert replica.Router().db_for_read(Report) == "default"


def test_whoever_sends_something_or_has_an_account_reads_the_primary(rf, databases, settings):
    rf.cookies[settings.SESSION_COOKIE_NAME] = "anything"
    signed_in = rf.get("/")
    rf.cookies.clear()

    assert asked(signed_in, nothing) == ["default"]
    assert asked(rf.post("/report/"), nothing) == ["default"]


def test_a_request_that_writes_reads_its_own_writing_and_the_next_one_is_free(rf, databases):
    assert asked(rf.get("/"), nothing, write, nothing) == ["replica", "default", "default"]
    assert asked(rf.get("/"), nothing) == ["replica"]


def test_inside_a_transaction_the_primary_is_read(rf, databases):
    def begin():
        databases["default"].in_atomic_block = True

    def end():
        databases["default"].in_atomic_block = False

    assert asked(rf.get("/"), nothing, begin, end) == ["replica", "default", "replica"]


def test_a_replica_known_to_be_away_is_not_asked(rf, databases):
    databases["replica"].away = databases["replica"].broken = True

    assert replica.edition_database() == "default"
    assert asked(rf.get("/"), nothing) == ["default"]


def test_a_replica_found_away_leaves_the_request_to_the_primary(rf, databases):
    databases["replica"].broken = True

    def repair():
        databases["replica"].broken = False

    assert asked(rf.get("/"), nothing, repair) == ["default", "default"]  # One page, one state.


def test_the_choice_made_before_django_holds(rf, databases):
    assert replica.edition_database() == "replica"
    assert asked(rf.get("/"), nothing, environ={replica.CHOSEN: "default"}) == ["default"]


def test_an_exception_leaves_no_choice_behind(rf, databases):
    def fail(request):
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 — ours, two lines above.
        replica.reads_for_readers(fail)(rf.get("/"))

    assert replica.reading() == "default"


def test_only_the_primary_is_migrated():
    assert replica.Router().allow_migrate("default", "base")
    assert not replica.Router().allow_migrate("replica", "base")


@pytest.mark.django_db
def test_without_a_replica_there_is_no_router_and_readers_read_the_primary(settings):
    assert settings.DATABASE_ROUTERS == []
    assert not any("replica" in name for name in settings.MIDDLEWARE)
    assert replica.edition_database() == "default"
    with transaction.atomic():
        assert Report.objects.count() == 0
