from django.urls import include, path

from accounton.site import views

handler500 = views.failed
urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("accounton.offices.account_urls")),
    path("language/", views.choose_language, name="set_language"),
    path("health/", views.health, name="health"),
    path("customers/", include("accounton.overview.urls")),
    path("imports/", include("accounton.importing.urls")),
    path("settings/", include("accounton.offices.settings_urls")),
    path("mailbox/", include("accounton.mail.urls")),
    path("help/", include("accounton.site.help_urls")),
]
