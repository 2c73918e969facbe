from django.urls import path

from accounton.site import help_views

app_name = "help"
urlpatterns = [path("import/", help_views.importing, name="import")]
