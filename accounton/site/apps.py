from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class SiteConfig(AppConfig):
    name = "accounton.site"
    label = "accounton_site"


class StaticConfig(StaticFilesConfig):
    # The Bootstrap package ships every variant of its files; we serve one stylesheet and one script of them.
    ignore_patterns = [
        *("CVS", ".*", "*~", "*.rtl.*", "*.esm.*", "bootstrap-*", "bootstrap.css*", "bootstrap.js*"),
        *("bootstrap.min.js*", "bootstrap.bundle.js*"),
    ]
