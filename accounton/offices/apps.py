from django.apps import AppConfig
from django.db.models.signals import post_migrate


class OfficesConfig(AppConfig):
    name = "accounton.offices"

    def ready(self) -> None:
        """Have the audit's triggers put back after migrations: SQLite loses those of a table that it makes anew."""
        from accounton.offices.audit.upkeep import after_migrating  # noqa: PLC0415 - there are models by now

        post_migrate.connect(after_migrating, sender=self, dispatch_uid="audit")
