from django.urls import path

from accounton.importing import views

app_name = "importing"
urlpatterns = [
    path("", views.batches, name="list"),
    path("new/", views.upload, name="upload"),
    path("template.xlsx", views.template, name="template"),
    path("sample.xlsx", views.sample, name="sample"),
    path("<int:batch_id>/", views.review, name="review"),
    path("<int:batch_id>/progress/", views.progress, name="progress"),
    path("<int:batch_id>/select/", views.select, name="select"),
    path("<int:batch_id>/choose/", views.choose, name="choose"),
    path("<int:batch_id>/add/", views.add, name="add"),
    path("<int:batch_id>/result/", views.result, name="result"),
    path("<int:batch_id>/discard/", views.discard, name="discard"),
]
