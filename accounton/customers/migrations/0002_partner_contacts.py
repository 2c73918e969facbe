"""Add the partner's e-mail address and mobile number, and let partners and mobile numbers be found by the search."""

from typing import Any

from django.db import migrations, models

from accounton.rows.names import search_text

AT_ONCE = 2000
SEARCHED = ("first_name", "last_name", "email", "client_code", "mobile", "spouse_first_name", "spouse_last_name")


def refresh_search(apps: Any, schema_editor: Any) -> None:
    """Write the search text of all customers anew, some thousands at a time."""
    connection = schema_editor.connection
    customers = apps.get_model("customers", "Customer")
    table, search, key = map(connection.ops.quote_name, (customers._meta.db_table, "search", "id"))
    statement = f"UPDATE {table} SET {search} = %s WHERE {key} = %s"  # noqa: S608 quoted names only
    last = 0
    while True:
        rows = customers.objects.using(connection.alias).filter(pk__gt=last).order_by("pk")
        some = list(rows.values_list("pk", *SEARCHED)[:AT_ONCE])
        if not some:
            return
        with connection.cursor() as cursor:
            cursor.executemany(statement, [(search_text(*values, "", ""), pk) for pk, *values in some])
        last = some[-1][0]


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="spouse_email",
            field=models.CharField(blank=True, db_default="", default="", max_length=254),
        ),
        migrations.AddField(
            model_name="customer",
            name="spouse_mobile",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.RunPython(refresh_search, migrations.RunPython.noop),
    ]
