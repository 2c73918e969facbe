"""Addresses below /settings/, in the namespace of the settings."""

from django.urls import path

from accounton.overview.office import views

urlpatterns = [path("office/", views.office, name="office")]
