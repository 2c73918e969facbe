"""The pages that run an office, for its admins: each room brings its own addresses."""

from django.urls import URLPattern, URLResolver, path

from accounton.offices.audit import views as audit

app_name = "settings"
urlpatterns: list[URLPattern | URLResolver] = [
    path("log/", audit.log, name="audit"),
    path("log/download/", audit.download, name="audit_download"),
]
