"""The peer: django-import-export doing the same work (preview, then import) with the same checks and matching.

`python -m bench.peer FILE [--bulk]`
"""

import sys
from pathlib import Path

from accounton.site.startup import start_django


def main(path: str, *, bulk: bool) -> None:
    start_django()
    from import_export import resources
    from tablib import Dataset

    from accounton.customers.models import Customer
    from accounton.customers.numbers import put
    from accounton.dossiers.models import Dossier
    from accounton.importing.check_settings import rules_of
    from accounton.offices.keys import sealer
    from accounton.offices.models import Office
    from accounton.offices.scoping import acting_for
    from accounton.questionnaires.models import Questionnaire
    from accounton.rows.checking import check_one
    from accounton.rows.columns import COLUMNS
    from accounton.rows.names import name_key, search_text

    office = Office.objects.get(slug="demo")
    rules = rules_of(office)
    headers = {column.headers["en"]: column.key for column in COLUMNS}
    plain = {f.name for f in Customer._meta.fields} & set(headers.values())

    class CustomerResource(resources.ModelResource):
        class Meta:
            model = Customer
            fields = (*sorted(plain), "name_key", "search")
            import_id_fields = ("client_code",)
            use_bulk = bulk
            batch_size = 1000
            skip_unchanged = False
            report_skipped = False

        def before_import_row(self, row, **kwargs):
            cells = {key: row.get(header) or "" for header, key in headers.items()}
            checked = check_one(cells, rules)
            if checked.problems(0):
                raise ValueError("; ".join(checked.problems(0)))
            values = {key: texts[0] for key, texts in checked.values.items()}
            number = values.get("national_number", "")
            known = number and Customer.objects.filter(national_number_hash=sealer().hash(number, office.pk)).exists()
            row["__known"] = known or Customer.objects.filter(client_code=values["client_code"]).exists()
            row["__numbers"] = (number, values.get("spouse_national_number", ""))
            row.update({key: values[key] for key in plain if key in values})
            row["name_key"] = name_key(values["first_name"], values["last_name"])
            row["search"] = search_text(
                values["first_name"], values["last_name"], values["email"], values["client_code"], values["mobile"]
            )
            row["labels"] = values.get("labels", "").split(",")
            row["responsible"] = None

        def before_save_instance(self, instance, row, **kwargs):
            instance.office_id = office.pk
            put(instance, "national_number", row["__numbers"][0])
            put(instance, "spouse_national_number", row["__numbers"][1])

        def skip_row(self, instance, original, row, import_validation_errors=None):
            return row["__known"]

        def after_save_instance(self, instance, row, **kwargs):
            if kwargs.get("dry_run") or bulk:
                return
            dossier = Dossier.objects.create(customer=instance, assessment_year=2026)
            Questionnaire.objects.create(dossier=dossier, definition="personenbelasting", language=instance.language)

    with acting_for(office.pk):
        resource = CustomerResource()
        dataset = Dataset().load(Path(path).read_bytes(), "xlsx")
        resource.import_data(dataset, dry_run=True)
        dataset = Dataset().load(Path(path).read_bytes(), "xlsx")
        result = resource.import_data(dataset, dry_run=False, raise_errors=False)
        print(result.totals)
        if bulk:
            lacking = Customer.objects.filter(dossiers=None)
            Dossier.objects.bulk_create([Dossier(customer=c, assessment_year=2026) for c in lacking], batch_size=1000)
            Questionnaire.objects.bulk_create(
                [
                    Questionnaire(dossier=d, definition="personenbelasting", language="dutch")
                    for d in Dossier.objects.filter(questionnaire=None)
                ],
                batch_size=1000,
            )


if __name__ == "__main__":
    main(sys.argv[1], bulk="--bulk" in sys.argv)
