from django.urls import path

from accounton.overview import entry_views, reveal_views, views

app_name = "customers"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("new/", entry_views.new, name="new"),
    path("numbers/", reveal_views.reveals, name="reveals"),
    path("numbers/lift/", reveal_views.lift, name="lift_reveals"),
    path("<int:customer_id>/", views.customer, name="customer"),
    path("<int:customer_id>/edit/", entry_views.edit, name="edit"),
    path("<int:customer_id>/archive/", views.archive, name="archive"),
    path("<int:customer_id>/bring-back/", views.bring_back, name="bring_back"),
    path("<int:customer_id>/reveal/<str:column>/", views.reveal, name="reveal"),
]
