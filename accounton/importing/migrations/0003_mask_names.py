"""National numbers in the names of files, sheets and columns, and in what was said of them, are masked (decision 022)."""

from typing import Any

from django.db import migrations

from accounton.belgium.numbers_in_text import masked_name

NAMES = {
    "Batch": ("file_name", "sheet", "columns", "notices", "problem", "mapping"),
    "LearntColumn": ("header", "key"),
    "Decision": ("name",),
    "Change": ("code",),
}


def mask_names(apps: Any, _schema_editor: Any) -> None:
    """Mask them; what holds no number is not touched."""
    for name, columns in NAMES.items():
        model = apps.get_model("importing", name)
        for row in model.objects.only(*columns).order_by("pk").iterator(chunk_size=2000):
            masked = {column: _masked(getattr(row, column)) for column in columns}
            if "key" in masked:  # letters and digits of the header only, by which it is found again
                masked["key"] = "".join(filter(str.isalnum, masked["key"]))
            changed = {column: value for column, value in masked.items() if value != getattr(row, column)}
            if changed:
                model.objects.filter(pk=row.pk).update(**changed)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return masked_name(value)
    if isinstance(value, dict):
        return {masked_name(key): _masked(each) for key, each in value.items()}
    return [_masked(each) for each in value] if isinstance(value, list) else value


class Migration(migrations.Migration):
    """Nothing is put back: what was masked is known no more."""

    dependencies = [("importing", "0002_leases")]

    operations = [migrations.RunPython(mask_names, migrations.RunPython.noop, elidable=True)]
