"""The pages that run an office, for its admins: each room brings its own addresses."""

from django.urls import URLPattern, URLResolver

app_name = "settings"
urlpatterns: list[URLPattern | URLResolver] = []
