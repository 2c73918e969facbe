from django.urls import path

from accounton.mail import views

app_name = "mail"
urlpatterns = [
    path("", views.mails, name="mailbox"),
    path("<int:number>/", views.mail, name="mail"),
    path("empty/", views.empty, name="empty"),
]
