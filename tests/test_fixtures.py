"""The record in fixtures/: it loads, twice, and comes out as it went in."""

import json
import shutil
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from events.models import Event
from network.models import Organisation, OrganisationName, PersonName, Topic
from wpssite.base.management.commands.load_demo import LOGINS, PASSWORD, Command
from wpssite.base.publishing import Publishable, Status
from wpssite.base.text import fold

FOLDER = settings.BASE_DIR / "fixtures"
FILES = ["reference", "network", "events"]
MODELS = [model for app in ("network", "events") for model in apps.get_app_config(app).get_models()]
KINDS = [model for model in MODELS if issubclass(model, Publishable)]
SEED = "wps-focal-points-network-high-level-side-event"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The record, loaded once for this file, without what is invented for the desk."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        patch.setattr(f"{Command.__module__}.FIXTURES", FILES)
        load_demo()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def db(loaded, django_db_blocker):
    """The record, for one test to look at or spoil.

    It stands in for the `db` of pytest-django, which closes the connection after each test and
    with it the transaction that holds the record.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def load_demo(*args, **kwargs) -> str:
    out = StringIO()
    call_command("load_demo", *args, stdout=out, **kwargs)
    return out.getvalue()


def dump() -> list[dict]:
    """Return all rows of the record as `dumpdata` writes them."""
    out = StringIO()
    keys = {"use_natural_foreign_keys": True, "use_natural_primary_keys": True}
    call_command("dumpdata", "network", "events", stdout=out, **keys)
    return json.loads(out.getvalue())


def sorted_rows(rows: list[dict]) -> list[str]:
    """Return rows in an order of their own; only many-to-many fields hold lists of lists."""
    for row in rows:
        for name, value in row["fields"].items():
            if isinstance(value, list) and value and isinstance(value[0], list):
                row["fields"][name] = sorted(value)
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


def rows_of_files() -> list[dict]:
    return [row for name in FILES for row in json.loads((FOLDER / f"{name}.json").read_text())]


@pytest.mark.usefixtures("db")
def test_the_seed_is_a_complete_event():
    event = Event.objects.published().get(slug=SEED)
    speakers = [appearance.who for appearance in event.appearances.order_by("order")]

    assert event.starts_utc.isoformat() == "2023-09-21T15:10:00+00:00"
    assert (event.second_printed_on.day, event.second_printed_time.minute) == (22, 10)
    assert speakers == [
        "Antony Blinken",
        "Luminița Odobescu",
        "Rebeca Grynspan",
        "Sima Bahous",
        "Kamikawa Yoko",
        "moderator",
    ]
    assert [row.organisation.iso_alpha2 for row in event.participations.hosting()] == ["US", "RO"]
    assert event.context.filter(plan__owner__slug="japan").count() == 3
    assert event.context.get(claim__isnull=False).claim.value == 100


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("slug", "code"), [("namibia", "NA"), ("norway", "NO")])
def test_country_codes_that_look_like_nothing_stay_text(slug, code):
    assert Organisation.objects.get(slug=slug).iso_alpha2 == code


@pytest.mark.usefixtures("db")
def test_a_second_load_does_nothing():
    Event.objects.filter(slug=SEED).update(title="Changed at the desk")

    assert "nothing done" in load_demo()
    assert Event.objects.get(slug=SEED).title == "Changed at the desk"


@pytest.mark.usefixtures("db")
def test_a_forced_load_puts_back_every_row_as_the_files_have_it():
    Event.objects.filter(slug=SEED).update(title="Changed at the desk")

    said = load_demo(again=True)

    assert [line.split(" … ")[0] for line in said.splitlines()[:3]] == [f"{f}.json" for f in FILES]
    assert sorted_rows(dump()) == sorted_rows(rows_of_files())


@pytest.mark.usefixtures("db")
def test_a_dump_loads_into_an_empty_database(tmp_path):
    before = dump()
    path = tmp_path / "dump.json"
    path.write_text(json.dumps(before))

    connection.check_constraints()  # PostgreSQL empties no table with checks still to be made.
    call_command("flush", interactive=False, inhibit_post_migrate=True, verbosity=0)
    assert not Event.objects.exists()
    call_command("loaddata", path, verbosity=0)

    assert dump() == before


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_stored_facts_are_those_worked_out_from_the_others(kind):
    names = [field.name for field in kind._meta.concrete_fields if not field.is_relation]
    stored = {row.pk: [getattr(row, name) for name in names] for row in kind.objects.all()}

    for row in kind.objects.all():
        row.derive()
        assert [getattr(row, name) for name in names] == stored[row.pk], row


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("model", [OrganisationName, PersonName])
def test_other_names_are_found_folded(model):
    rows = list(model.objects.all())

    assert rows
    assert [row.folded for row in rows] == [fold(row.text) for row in rows]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_row_keeps_the_rules_of_its_model(model):
    for row in model._base_manager.all():
        row.full_clean()


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_public_records_say_where_they_were_read(kind):
    rows = kind.objects.filter(status=Status.PUBLISHED)
    assert rows.exists()

    if kind not in (Organisation, Topic):  # Reference: names and codes that nobody disputes.
        assert list(rows.filter(sources=None)) == []


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("right", "wrong"),
    [('"uganda"', '"atlantis"'), ("}\n]", "}"), ('"2023-09-21"', '"soon"')],
    ids=["unknown reference", "cut short", "no date"],
)
def test_a_broken_file_leaves_the_database_as_it_was(tmp_path, right, wrong):
    for name in FILES:
        shutil.copy(FOLDER / f"{name}.json", tmp_path)
    spoil(tmp_path / "reference.json", '"name": "UN Women"', '"name": "Changed"')
    spoil(tmp_path / "network.json", right, wrong)
    before = counts()

    with pytest.raises(CommandError, match="network.json is broken"):
        load_demo(again=True, folder=tmp_path)

    assert counts() == before
    assert Organisation.objects.get(slug="un-women").name == "UN Women"


def counts() -> list[int]:
    return [model._base_manager.count() for model in MODELS]


def spoil(path, right: str, wrong: str):
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")


@pytest.mark.usefixtures("db")
def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="network.json"):
        load_demo(again=True, folder=tmp_path)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("arguments", "made"), [([], []), (["--with-logins"], ["admin", "editor", "reviewer"])]
)
def test_logins_are_made_only_when_asked_for(monkeypatch, settings, arguments, made):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # Quick.
    monkeypatch.setattr(Command, "load", lambda self, path: None)  # The rows are there.

    said = load_demo("--again", *arguments)

    accounts = get_user_model().objects.filter(username__in=LOGINS).order_by("username")
    assert [account.username for account in accounts] == made
    assert [account.username for account in accounts if account.is_superuser] == made[:1]
    assert all(account.is_staff and account.check_password(PASSWORD) for account in accounts)
    assert (PASSWORD in said) is bool(made)


@pytest.mark.usefixtures("db")
def test_editors_enter_and_reviewers_decide():
    def rights(name):
        return set(Group.objects.get(name=name).permissions.values_list("codename", flat=True))

    editors, reviewers = rights("Editors"), rights("Reviewers")
    publish = Permission.objects.filter(codename__startswith="publish_")

    assert {"add_event", "change_event", "view_event", "change_claim"} <= editors
    assert "delete_event" in reviewers
    assert set(publish.values_list("codename", flat=True)) <= reviewers
    assert not any(name.startswith("publish_") for name in editors)
    assert {"delete_point", "delete_appearance", "delete_membership"} <= editors
    assert editors.isdisjoint({"delete_event", "delete_person", "delete_source"})
    assert "change_user" not in reviewers


def test_the_demo_shows_every_state_of_the_desks_work(db):
    load_demo("--again", "--with-logins")

    states = set(Event.objects.values_list("status", flat=True))
    courses = set(Event.objects.values_list("event_status", flat=True))
    assert states == set(Status.values)
    assert {"scheduled", "cancelled", "postponed", "rescheduled"} <= courses
    assert Event.objects.published().upcoming().exists()
    assert Event.objects.filter(status=Status.PUBLISHED, published_at__gt=timezone.now()).exists()
