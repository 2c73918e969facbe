from django.urls import include, path

from accounton.offices import settings_urls
from accounton.site import views

handler500 = views.failed
handler403 = views.forbidden
# The pages of colleagues tell of customers, which offices/ knows nothing of.
SETTINGS = [
    *settings_urls.urlpatterns,
    path("", include("accounton.overview.office.urls")),
    path("", include("accounton.overview.colleagues.urls")),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("accounton.offices.account_urls")),
    path("language/", views.choose_language, name="set_language"),
    path("health/", views.health, name="health"),
    path("customers/", include("accounton.overview.urls")),
    path("imports/", include("accounton.importing.urls")),
    path("settings/", include((SETTINGS, settings_urls.app_name))),
    path("mailbox/", include("accounton.mail.urls")),
    path("help/", include("accounton.site.help_urls")),
]
