"""Addresses of accounts and of the audit log."""

from django.urls import path

from households.views import accounts, audit

urlpatterns = [
    path("accounts/sign-in/", accounts.sign_in, name="sign-in"),
    path("accounts/sign-out/", accounts.sign_out, name="sign-out"),
    path("accounts/password/", accounts.change_password, name="change-password"),
    path("accounts/users/", accounts.users, name="users"),
    path("accounts/users/new/", accounts.create_user, name="create-user"),
    path("accounts/users/<int:user_id>/password/", accounts.new_password, name="new-password"),
    path("accounts/users/<int:user_id>/switch/", accounts.switch_user, name="switch-user"),
    path("audit/", audit.audit_log, name="audit"),
]
