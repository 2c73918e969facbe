import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

AT_ONCE = 2_000


def hash_entries(apps, schema_editor):
    """Give the entries of a version before there were chains their hashes, as they stand; they are chained afterwards."""
    from accounton.offices.audit.hashes import own_hash

    entries = apps.get_model("offices", "AuditEntry").objects.order_by("pk")
    columns = ("pk", "office_id", "at", "user_id", "action", "subject", "details")
    last = 0
    while rows := list(entries.filter(pk__gt=last).values_list(*columns)[:AT_ONCE]):
        last = rows[-1][0]
        hashed = [(own_hash(tuple(said)), pk) for pk, *said in rows]
        with schema_editor.connection.cursor() as cursor:
            cursor.executemany("UPDATE offices_auditentry SET own_hash = %s WHERE id = %s", hashed)


class Migration(migrations.Migration):

    dependencies = [
        ('offices', '0007_office_settings'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditHead',
            fields=[
                ('chain', models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ('position', models.PositiveBigIntegerField(default=0)),
                ('chain_hash', models.BinaryField(max_length=32)),
                ('head_hash', models.BinaryField(max_length=32)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='at',
            field=models.DateTimeField(),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='office',
            field=models.ForeignKey(db_constraint=False, db_index=False, editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='offices.office'),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='user',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='chain_hash',
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='position',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='own_hash',
            field=models.BinaryField(max_length=24, null=True),
        ),
        migrations.RunPython(hash_entries, migrations.RunPython.noop, elidable=False),
        migrations.AlterField(
            model_name='auditentry',
            name='own_hash',
            field=models.BinaryField(max_length=24, unique=True),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['office', '-at', '-id'], name='audit_at'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['office', 'user', '-at'], name='audit_user'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(condition=models.Q(('position', None)), fields=['office', 'id'], name='audit_unchained'),
        ),
        migrations.AddConstraint(
            model_name='auditentry',
            constraint=models.UniqueConstraint(fields=('office', 'position'), name='audit_chain'),
        ),
    ]
