"""How many records are published of each kind, by year and month: known without counting them.

Triggers of the database add a row for each change, whoever writes; the sum over the rows is the
number. Rows are only added, so that no writer waits for another, and are folded now and then. A
model says by `tallied` which column holds its year (the calendar of the place) and which its month
(the order of its list). Derived: `count_anew` makes all rows from the records.
"""

from collections import Counter
from datetime import date
from functools import cache

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from .prepared import Prepared, now

MOST_ROWS = 5_000  # beyond this they are folded
SUMS = "INSERT INTO base_tally (kind, year, month, number) SELECT kind, year, month, sum(number)"

SQLITE = {
    "year": "CAST(substr({row}.{year}, 1, 4) AS INTEGER)",
    "month": "substr({row}.{month}, 1, 7) || '-01'",
    "insert": """CREATE TRIGGER {table}_tally_insert AFTER INSERT ON {table}
        WHEN new.status = 'published' BEGIN {add}; END""",
    "delete": """CREATE TRIGGER {table}_tally_delete AFTER DELETE ON {table}
        WHEN old.status = 'published' BEGIN {subtract}; END""",
    "update": """CREATE TRIGGER {table}_tally_update AFTER UPDATE OF status, {columns} ON {table}
        WHEN old.status = 'published' OR new.status = 'published' BEGIN
            {subtract} WHERE old.status = 'published'; {add} WHERE new.status = 'published'; END""",
    "fold": [
        f"{SUMS} FROM base_tally WHERE id <= %(last)s GROUP BY kind, year, month",
        "DELETE FROM base_tally WHERE id <= %(last)s",
    ],
    "installed": "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
}
POSTGRESQL = {
    "year": "extract(year FROM {row}.{year})",
    "month": "date_trunc('month', {row}.{month} {zone})::date",
    "function": """CREATE OR REPLACE FUNCTION {table}_tally() RETURNS trigger AS $$ BEGIN
        IF TG_OP <> 'INSERT' THEN {subtract} WHERE old.status = 'published'; END IF;
        IF TG_OP <> 'DELETE' THEN {add} WHERE new.status = 'published'; END IF;
        RETURN NULL; END $$ LANGUAGE plpgsql""",
    "some": """CREATE TRIGGER {table}_tally_some AFTER INSERT OR DELETE ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_tally()""",
    "update": """CREATE TRIGGER {table}_tally_update AFTER UPDATE OF status, {columns} ON {table}
        FOR EACH ROW EXECUTE FUNCTION {table}_tally()""",
    # In one statement: what another transaction adds meanwhile is neither summed nor deleted.
    "fold": [
        "WITH gone AS (DELETE FROM base_tally WHERE id <= %(last)s RETURNING *) "
        f"{SUMS} FROM gone GROUP BY kind, year, month"
    ],
    "installed": "SELECT count(*) FROM pg_trigger WHERE tgname LIKE %s",
}
MAKERS = ("function", "insert", "delete", "some", "update")


class TallyQuerySet(models.QuerySet):
    def sums_of(self, kind: str):
        """How many records of a kind have the status “published”: (year, month, number)."""
        rows = self.filter(kind=kind).order_by().values_list("year", "month")
        return rows.annotate(total=Sum("number"))

    @transaction.atomic
    def fold(self):
        """Make one row of those of the same month, when there are many."""
        words = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
        if self.count() > MOST_ROWS:
            last = self.order_by("pk").last().pk
            with connection.cursor() as cursor:
                for statement in words["fold"]:
                    cursor.execute(statement, {"last": last})


class Tally(models.Model):
    """So many records more, or fewer, are published in a month."""

    kind = models.CharField(_("kind"), max_length=30)  # app_label.model_name
    year = models.SmallIntegerField(_("year"))
    month = models.DateField(_("first day of the month"))
    number = models.BigIntegerField(_("number"))

    objects = TallyQuerySet.as_manager()

    class Meta:
        default_permissions = ()  # Derived: nobody edits it.
        indexes = [models.Index(fields=["kind", "year", "month", "number"], name="base_tally_sums")]

    def __str__(self):
        return f"{self.kind} {self.month}: {self.number}"


def tallied_models() -> list:
    return [model for model in apps.get_models() if hasattr(model, "tallied")]


def words_for(model) -> dict[str, str]:
    """Return what the statements of this database say for a model."""
    words = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    year, month = model.tallied
    is_moment = isinstance(model._meta.get_field(month), models.DateTimeField)
    names = {"table": model._meta.db_table, "year": year, "month": month}
    names |= {"columns": ", ".join({year: 0, month: 0}), "zone": "AT TIME ZONE 'UTC'" * is_moment}

    def change(row: str, sign: str) -> str:
        when = ", ".join(words[name].format(row=row, **names) for name in ("year", "month"))
        return (
            "INSERT INTO base_tally (kind, year, month, number) "
            f"SELECT '{model._meta.label_lower}', {when}, {sign}"
        )

    names |= {"add": change("new", "1"), "subtract": change("old", "-1")}
    names["all"] = change(model._meta.db_table, "count(*)") + (
        f" FROM {model._meta.db_table} WHERE status = 'published' GROUP BY 1, 2, 3"
    )
    return names | {maker: words[maker].format(**names) for maker in MAKERS if maker in words}


@transaction.atomic
def count_anew():
    """Make all rows from the records themselves."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            tables = ", ".join(model._meta.db_table for model in tallied_models())
            cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")
        Tally.objects.all().delete()
        for model in tallied_models():
            cursor.execute(words_for(model)["all"])


def install(**signal):
    """Set the triggers that are missing, and count anew: called after `migrate` and `flush`.

    SQLite loses the triggers of a table that a migration makes anew, and a flush that empties the
    tally before the records counts these below zero.
    """
    words = POSTGRESQL if connection.vendor == "postgresql" else SQLITE
    if "base_tally" not in connection.introspection.table_names():
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for model in tallied_models():
            statements = {} if is_installed(model, words) else words_for(model)
            for maker in MAKERS:
                if maker in statements:
                    cursor.execute(statements[maker])
        count_anew()


def is_installed(model, words) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(words["installed"], [f"{model._meta.db_table}_tally_%"])
        return cursor.fetchone()[0] > 0


sums_of = Prepared(lambda kind: Tally.objects.sums_of(kind), str)


@cache
def waiting_for(model) -> Prepared:
    """Return the query for the days of what waits for its hour."""
    # In that order, so that the index by the moment is used and no other.
    rows = model.objects.published_or_scheduled
    return Prepared(
        lambda: (
            rows()
            .filter(published_at__gt=now())
            .order_by("published_at")
            .values_list(*model.tallied)
        )
    )


def published(model) -> Counter:
    """Return how many records of a model are public now, by (year, month)."""
    sums = sums_of(model._meta.label_lower)
    found = Counter({(year, month): number for year, month, number in sums})
    for year, month in waiting_for(model)():
        found[year.year, date(month.year, month.month, 1)] -= 1
    return +found
