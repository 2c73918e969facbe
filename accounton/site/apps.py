from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig

from accounton.site.logs import begin_job, end_job


class SiteConfig(AppConfig):
    name = "accounton.site"
    label = "accounton_site"

    def ready(self) -> None:
        """Say what entries of the audit are about, for the rooms above offices; have jobs named in log lines."""
        # There are models by now.
        from django_q.signals import post_execute_in_worker, pre_execute  # noqa: PLC0415

        from accounton.site.audit_subjects import register_all  # noqa: PLC0415

        register_all()
        pre_execute.connect(begin_job, dispatch_uid="log lines")
        post_execute_in_worker.connect(end_job, dispatch_uid="log lines")


class StaticConfig(StaticFilesConfig):
    # The Bootstrap package ships every variant of its files; we serve one stylesheet and one script of them.
    ignore_patterns = [
        *("CVS", ".*", "*~", "*.rtl.*", "*.esm.*", "bootstrap-*", "bootstrap.css*", "bootstrap.js*"),
        *("bootstrap.min.js*", "bootstrap.bundle.js*"),
    ]
