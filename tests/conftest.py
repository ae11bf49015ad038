"""Settings of the property tests, alike on every machine; and what no test may do."""

import sys

import pytest
from django.db.models import Model
from hypothesis import HealthCheck, settings

# A slow machine is no fault of the code; the same cases on each run make a failure repeatable.
settings.register_profile(
    "wpssite",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("wpssite")


@pytest.fixture(autouse=True)
def columns_come_with_their_record(monkeypatch):
    """Refuse that a column left out of a query is asked for later, row by row."""
    refresh = Model.refresh_from_db

    def refresh_from_db(record, using=None, fields=None, **options):
        deferred = sys._getframe(1).f_code.co_name == "__get__"
        assert not deferred, f"{type(record).__name__} was loaded without {fields}: see `linked`."
        return refresh(record, using=using, fields=fields, **options)

    monkeypatch.setattr(Model, "refresh_from_db", refresh_from_db)
