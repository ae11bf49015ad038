"""The rows of search, and what each database finds them by.

A later migration that alters `base_searchdocument` must call `forget` before and `install` after:
SQLite makes the table anew then, and the triggers go with the old one.
"""

import django.db.models.deletion
from django.db import migrations, models

SQLITE = [
    """CREATE VIRTUAL TABLE base_search USING fts5(
        names, summary, body, content='base_searchdocument', content_rowid='id',
        prefix='2 3', tokenize="unicode61 remove_diacritics 0")""",
    "INSERT INTO base_search(base_search, rank) VALUES ('rank', 'bm25(10.0, 4.0, 1.0)')",
    """CREATE TRIGGER base_search_insert AFTER INSERT ON base_searchdocument BEGIN
        INSERT INTO base_search(rowid, names, summary, body)
        VALUES (new.id, new.names, new.summary, new.body);
    END""",
    """CREATE TRIGGER base_search_delete AFTER DELETE ON base_searchdocument BEGIN
        INSERT INTO base_search(base_search, rowid, names, summary, body)
        VALUES ('delete', old.id, old.names, old.summary, old.body);
    END""",
    """CREATE TRIGGER base_search_update AFTER UPDATE ON base_searchdocument BEGIN
        INSERT INTO base_search(base_search, rowid, names, summary, body)
        VALUES ('delete', old.id, old.names, old.summary, old.body);
        INSERT INTO base_search(rowid, names, summary, body)
        VALUES (new.id, new.names, new.summary, new.body);
    END""",
    "INSERT INTO base_search(base_search) VALUES ('rebuild')",
]
SQLITE_BACK = [
    "DROP TRIGGER base_search_update",
    "DROP TRIGGER base_search_delete",
    "DROP TRIGGER base_search_insert",
    "DROP TABLE base_search",
]
# Each word with its weight, cast and not parsed: PostgreSQL's own parser drops and splits some.
POSTGRESQL = [
    r"""ALTER TABLE base_searchdocument ADD COLUMN vector tsvector GENERATED ALWAYS AS ((
        regexp_replace(names, '[^ \n]+', '\&:1A', 'g')
        || regexp_replace(summary, '[^ ]+', '\&:2B', 'g')
        || regexp_replace(body, '[^ ]+', '\&:3C', 'g'))::tsvector) STORED""",
    "CREATE INDEX base_searchdocument_vector ON base_searchdocument USING gin (vector)",
]
POSTGRESQL_BACK = ["ALTER TABLE base_searchdocument DROP COLUMN vector"]


def run(statements):
    """Return what a migration calls: it runs the statements written for its database."""

    def operation(apps, schema_editor):
        for sql in statements[schema_editor.connection.vendor]:
            schema_editor.execute(sql, params=None)

    return operation


install = run({"sqlite": SQLITE, "postgresql": POSTGRESQL})
forget = run({"sqlite": SQLITE_BACK, "postgresql": POSTGRESQL_BACK})


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='StaleRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(max_length=60, verbose_name='model')),
                ('record_id', models.BigIntegerField(verbose_name='row')),
                ('due_at', models.DateTimeField(db_index=True, null=True, verbose_name='due')),
            ],
            options={
                'verbose_name': 'stale record',
                'verbose_name_plural': 'stale records',
                'ordering': ['due_at', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SearchDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30, verbose_name='kind')),
                ('record_id', models.BigIntegerField(verbose_name='record')),
                ('public_from', models.DateTimeField(verbose_name='public from')),
                ('year', models.PositiveSmallIntegerField(null=True, verbose_name='year')),
                ('day', models.DateField(null=True, verbose_name='date')),
                ('precision', models.CharField(max_length=10, verbose_name='known to the')),
                ('language', models.CharField(blank=True, max_length=35, verbose_name='language of the title')),
                ('path', models.CharField(max_length=300, verbose_name='address')),
                ('title', models.TextField(verbose_name='title')),
                ('names', models.TextField(verbose_name='names as found')),
                ('summary', models.TextField(verbose_name='summary as found')),
                ('body', models.TextField(verbose_name='body as found')),
                ('text', models.TextField(verbose_name='text shown')),
            ],
            options={
                'verbose_name': 'search document',
                'verbose_name_plural': 'search documents',
                'ordering': ['kind', 'record_id'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('kind', 'record_id'), name='base_searchdocument_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchFacet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=10, verbose_name='facet')),
                ('value', models.CharField(max_length=120, verbose_name='value')),
                ('label', models.CharField(max_length=200, verbose_name='label')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facets', to='base.searchdocument')),
            ],
            options={
                'verbose_name': 'search facet',
                'verbose_name_plural': 'search facets',
                'ordering': ['document', 'name', 'value'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('document', 'name', 'value'), name='base_searchfacet_once')],
            },
        ),
        migrations.RunPython(install, forget),
    ]
