"""Give every record an identity that outlasts its address."""

import uuid

from django.db import migrations, models

KINDS = ["ActionPlan", "Document", "Organisation", "Person", "Resolution", "Topic"]


def identify(apps, schema_editor):
    """Work out the identities of records that are there, as those in fixtures/ were."""
    for kind in KINDS:
        model = apps.get_model("network", kind)
        for pk, slug in model.objects.values_list("pk", "slug"):
            name = f"network.{kind.lower()}/{slug}"
            model.objects.filter(pk=pk).update(uid=uuid.uuid5(uuid.NAMESPACE_URL, name))


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="actionplan",
            name="uid",
            field=models.UUIDField(null=True, editable=False, verbose_name="permanent identity"),
        ),
        migrations.AddField(
            model_name="document",
            name="uid",
            field=models.UUIDField(null=True, editable=False, verbose_name="permanent identity"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="uid",
            field=models.UUIDField(null=True, editable=False, verbose_name="permanent identity"),
        ),
        migrations.AddField(
            model_name="person",
            name="uid",
            field=models.UUIDField(null=True, editable=False, verbose_name="permanent identity"),
        ),
        migrations.AddField(
            model_name="resolution",
            name="uid",
            field=models.UUIDField(null=True, editable=False, verbose_name="permanent identity"),
        ),
        migrations.AddField(
            model_name="topic",
            name="uid",
            field=models.UUIDField(null=True, editable=False, verbose_name="permanent identity"),
        ),
        migrations.RunPython(identify, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="actionplan",
            name="uid",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="permanent identity"
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="uid",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="permanent identity"
            ),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="uid",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="permanent identity"
            ),
        ),
        migrations.AlterField(
            model_name="person",
            name="uid",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="permanent identity"
            ),
        ),
        migrations.AlterField(
            model_name="resolution",
            name="uid",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="permanent identity"
            ),
        ),
        migrations.AlterField(
            model_name="topic",
            name="uid",
            field=models.UUIDField(
                default=uuid.uuid4, editable=False, unique=True, verbose_name="permanent identity"
            ),
        ),
    ]
