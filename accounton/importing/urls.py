from django.urls import path

from accounton.importing import repair_views, return_views, views

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
    path("<int:batch_id>/errors.xlsx", return_views.errors, name="errors"),
    path("<int:batch_id>/review.xlsx", return_views.whole_review, name="review_workbook"),
    path("<int:batch_id>/returned/", return_views.returned, name="returned"),
    path("<int:batch_id>/edit/", repair_views.edit, name="edit"),
    path("<int:batch_id>/bulk/", repair_views.bulk, name="bulk"),
    path("<int:batch_id>/accept/", repair_views.accept, name="accept"),
    path("<int:batch_id>/rows/<int:number>/", repair_views.row, name="row"),
    path("<int:batch_id>/values/<str:code>/", repair_views.values, name="values"),
    path("<int:batch_id>/without-email/", repair_views.without_email, name="without_email"),
    path("<int:batch_id>/changes/", repair_views.changes, name="changes"),
    path("<int:batch_id>/changes/<int:change_id>/undo/", repair_views.undo_change, name="undo_change"),
]
