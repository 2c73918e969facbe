"""Addresses below /settings/, in the namespace of the settings."""

from django.urls import path

from accounton.overview.colleagues import account_views, customer_views, invitation_views, views

urlpatterns = [
    path("colleagues/", views.colleagues, name="colleagues"),
    path("colleagues/invite/", invitation_views.invite, name="invite"),
    path("colleagues/<int:user_id>/", views.colleague, name="colleague"),
    path("colleagues/<int:user_id>/role/", account_views.role, name="colleague_role"),
    path("colleagues/<int:user_id>/close/", account_views.close, name="close_colleague"),
    path("colleagues/<int:user_id>/reopen/", account_views.reopen, name="reopen_colleague"),
    path("colleagues/<int:user_id>/sign-out/", account_views.sign_out, name="sign_out_colleague"),
    path("colleagues/<int:user_id>/password/", account_views.password, name="colleague_password"),
    path("colleagues/<int:user_id>/second-factor/", account_views.second_factor, name="colleague_second_factor"),
    path("colleagues/<int:user_id>/invite-again/", invitation_views.invite_again, name="invite_again"),
    path("colleagues/<int:user_id>/withdraw/", invitation_views.withdraw, name="withdraw_invitation"),
    path("colleagues/<int:user_id>/hand-over/", customer_views.hand_over, name="hand_over"),
    path("hand-overs/<int:hand_over_id>/undo/", customer_views.hand_back, name="hand_back"),
]
