"""Addresses of accounts, the audit log, the register and the plates: pages, and the interface below /api/v1/."""

from django.urls import URLPattern, path

from households.accounts import api as accounts_api
from households.accounts import views as accounts
from households.accounts import views_posts, views_requests, views_second_factor, views_security, views_sessions
from households.accounts import views_slips as views_slips_of_accounts
from households.alarms import api as alarms_api
from households.alarms import views as alarms
from households.audit_log import views as audit_log
from households.borders import api as borders_api
from households.borders.views import urlpatterns as borders_urls
from households.changes import api as changes_api
from households.changes import views as changes
from households.changes import views_lists as change_lists
from households.contacts import api as contacts_api
from households.contacts.urls import urlpatterns as contacts_urls
from households.guides.views import urlpatterns as guides_urls
from households.inbox import views as inbox
from households.intake import views as intake
from households.kin import views as kin
from households.oidc import views as views_of_provider
from households.oidc import views_binding
from households.opening import views as opening
from households.own_data import views as own_data
from households.own_data import views_corrections
from households.plates import api as plates_api
from households.plates import views as plates
from households.plates import views_handout, views_never_opened, views_own_pin, views_runs, views_slips
from households.register import views as register
from households.sms import views as sms
from households.sms import views_household as own_sms
from households.workdays import api as workdays_api
from households.workdays import views as workdays

urlpatterns: list[URLPattern] = [
    *borders_urls,
    *contacts_urls,
    *guides_urls,
    *intake.urlpatterns,
    *opening.urlpatterns,
    path("accounts/sign-in/", accounts.sign_in, name="sign-in"),
    path("accounts/second-factor/", views_second_factor.second_factor, name="second-factor"),
    path("accounts/factor/", views_second_factor.own_factor, name="own-factor"),
    path("accounts/factor/begin/", views_second_factor.begin_factor, name="begin-factor"),
    path("accounts/factor/finish/", views_second_factor.finish_factor, name="finish-factor"),
    path("accounts/factor/codes/", views_second_factor.renew_recovery, name="renew-recovery"),
    path("accounts/factor/remove/", views_second_factor.remove_factor, name="remove-factor"),
    path("accounts/sign-out/", accounts.sign_out, name="sign-out"),
    path("accounts/password/", accounts.change_password, name="change-password"),
    path("accounts/users/", accounts.users, name="users"),
    path("accounts/users/new/", accounts.create_user, name="create-user"),
    path("accounts/users/table/", accounts.users_table, name="users-table"),
    path("accounts/users/<int:user_id>/", views_posts.account, name="account"),
    path("accounts/users/<int:user_id>/correct/", views_posts.correct_account, name="correct-account"),
    path("accounts/users/<int:user_id>/move/", views_posts.move_account, name="move-account"),
    path("accounts/users/<int:user_id>/hand-over/", views_posts.hand_over_account, name="hand-over-account"),
    path("accounts/slips/", views_slips_of_accounts.account_slips, name="account-slips"),
    path("accounts/slips/forget/", views_slips_of_accounts.forget_account_slips, name="forget-account-slips"),
    path("accounts/post/", views_posts.own_post, name="own-post"),
    path("accounts/users/<int:user_id>/password/", accounts.new_password, name="new-password"),
    path("accounts/users/<int:user_id>/close/", accounts.close_user, name="close-user"),
    path("accounts/users/<int:user_id>/reopen/", accounts.reopen_user, name="reopen-user"),
    path("accounts/users/<int:user_id>/ask/", views_requests.ask_about_account, name="ask-about-account"),
    path("accounts/users/<int:user_id>/factor/", views_requests.ask_factor_off, name="ask-factor-off"),
    path("accounts/users/<int:user_id>/end-sessions/", views_security.end_sessions, name="end-sessions"),
    path("accounts/requests/", views_requests.account_requests, name="account-requests"),
    path("accounts/requests/new/", views_requests.ask_account, name="ask-account"),
    path("accounts/requests/<int:request_id>/confirm/", views_requests.confirm_account, name="confirm-account"),
    path("accounts/requests/<int:request_id>/refuse/", views_requests.refuse_account, name="refuse-account"),
    path("accounts/oidc/", views_binding.own_identity, name="own-identity"),
    path("accounts/oidc/go/", views_of_provider.go, name="oidc-go"),
    path("accounts/oidc/back/", views_of_provider.back, name="oidc-back"),
    path("accounts/oidc/left/", views_of_provider.left, name="oidc-left"),
    path("accounts/oidc/begin/", views_binding.begin_identity, name="begin-identity"),
    path("accounts/oidc/bind/", views_binding.bind_identity, name="bind-identity"),
    path("accounts/oidc/unbind/", views_binding.unbind_identity, name="unbind-identity"),
    path("accounts/users/<int:user_id>/identity/", views_binding.account_identity, name="account-identity"),
    path("accounts/users/<int:user_id>/identity/off/", views_binding.account_identity_off, name="account-identity-off"),
    path("accounts/security/", views_security.security, name="security"),
    path("accounts/sign-ins/", views_sessions.sign_ins, name="sign-ins"),
    path("accounts/sign-ins/end/", views_sessions.end_sign_in, name="end-sign-in"),
    path("accounts/sign-ins/end-token/", views_sessions.end_token, name="end-token"),
    path("accounts/sign-ins/end-others/", views_sessions.end_other_sign_ins, name="end-other-sign-ins"),
    path("arrangements/", workdays.arrangements, name="arrangements"),
    path("arrangements/preview/", workdays.preview_arrangement, name="preview-arrangement"),
    path("arrangements/new/", workdays.arrange_year, name="arrange-year"),
    path("kin/", kin.own_kin, name="kin"),
    path("kin/<int:user_id>/", kin.kin_of, name="kin-of"),
    path("kin/<int:user_id>/declare/", kin.declare_kin_of, name="declare-kin"),
    path("kin/<int:user_id>/end/", kin.end_kin_of, name="end-kin"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/number/", inbox.inbox_number, name="inbox-number"),
    path("inbox/alarms/", alarms.alarms, name="alarms"),
    path("inbox/alarms/<int:alarm>/seen/", alarms.acknowledge_alarm, name="acknowledge-alarm"),
    path("outbox/", sms.outbox, name="outbox"),
    path("outbox/slips/", sms.outbox_slips, name="outbox-slips"),
    path("audit/", audit_log.audit_log, name="audit"),
    path("audit/export/", audit_log.audit_file, name="audit-file"),
    path("audit/<int:line>/address/", audit_log.line_address, name="audit-address"),
    path("village/households/", register.households, name="households"),
    path("village/households/find/", register.find_household, name="find-household"),
    path("village/households/new/", changes.add_household, name="add-household"),
    path("village/households/changes/", change_lists.household_changes, name="household-changes"),
    path("village/households/changes/read/", change_lists.read_changes, name="read-changes"),
    path("village/households/changes/<int:change>/answer/", change_lists.answer_change, name="answer-change"),
    path("village/households/proposals/<int:proposal>/", change_lists.proposal, name="household-proposal"),
    path("village/households/proposals/<int:proposal>/accept/", change_lists.accept_proposal, name="accept-proposal"),
    path("village/households/proposals/<int:proposal>/refuse/", change_lists.refuse_proposal, name="refuse-proposal"),
    path("village/households/<str:household>/", changes.household_file, name="household-file"),
    path("village/households/<str:household>/away/", changes.away, name="household-away"),
    path(
        "village/households/<str:household>/change/<str:change_kind>/",
        changes.change_household,
        name="change-household",
    ),
    path("village/households/<str:household>/phone/", register.show_phone, name="show-phone"),
    path("plates/never-opened/", views_never_opened.never_opened_home, name="never-opened-home"),
    path("plates/never-opened/<str:code>/", views_never_opened.never_opened, name="never-opened"),
    path("plates/runs/", views_runs.plate_runs, name="plate-runs"),
    path("plates/runs/<int:plate_run>/", views_runs.plate_run, name="plate-run"),
    path("plates/runs/<int:plate_run>/forget/", views_runs.forget_run_pins, name="forget-run-pins"),
    path("plates/runs/<int:plate_run>/<str:township>/pins/", views_runs.plate_run_pins, name="plate-run-pins"),
    path(
        "plates/runs/<int:plate_run>/<str:township>/<str:run_paper>/",
        views_runs.plate_run_paper,
        name="plate-run-paper",
    ),
    path("village/plates/", plates.plates, name="plates"),
    path("village/plates/issue/", plates.issue_plates, name="issue-plates"),
    path("village/plates/handout/", views_handout.plate_handout, name="plate-handout"),
    path("village/plates/sheet/", views_slips.plate_sheet, name="plate-sheet"),
    path("village/plates/slips/<str:batch>/", views_slips.plate_slips, name="plate-slips"),
    path("village/plates/slips/<str:batch>/forget/", views_slips.forget_slips, name="forget-slips"),
    path("village/plates/slips/<str:batch>/plates/", views_slips.plate_slips_plates, name="plate-slips-plates"),
    path("village/plates/slips/<str:batch>/receipts/", views_slips.plate_slips_receipts, name="plate-slips-receipts"),
    path("village/corrections/", views_corrections.corrections, name="corrections"),
    path("village/corrections/<int:correction>/", views_corrections.correction, name="correction"),
    path("h/<str:token>/data/", own_data.own_data, name="own-data"),
    path("h/<str:token>/data/copy.<str:form>", own_data.own_copy, name="own-copy"),
    path("h/<str:token>/messages/", own_sms.household_messages, name="household-messages"),
    path("h/<str:token>/messages/sms/", own_sms.choose_household_sms, name="choose-household-sms"),
    path("h/<str:token>/pin/", views_own_pin.own_pin, name="own-pin"),
    path("h/<str:token>/pin/forget-devices/", views_own_pin.forget_plate_devices, name="forget-plate-devices"),
    path("village/plates/<str:household>/", plates.plate_of, name="plate-of"),
    path("village/plates/<str:household>/new/", plates.new_plate, name="new-plate"),
    path("village/plates/<str:household>/pin/", plates.new_plate_pin, name="new-plate-pin"),
    path("village/plates/<str:household>/unlock/", plates.unlock, name="unlock-plate"),
    path("village/plates/<str:household>/revoke/", plates.revoke, name="revoke-plate"),
    path("village/plates/<str:household>/qr.<str:form>", plates.plate_image, name="plate-image"),
]

api_urlpatterns: list[URLPattern] = [
    path("auth/login/", accounts_api.login, name="api-login"),
    path("auth/logout/", accounts_api.logout, name="api-logout"),
    path("households/", changes_api.households, name="api-households"),
    path("households/changes/", changes_api.change, name="api-household-changes"),
    path("divisions/changes/", borders_api.border_changes, name="api-border-changes"),
    path("divisions/changes/new/", borders_api.change_borders, name="api-change-borders"),
    path("alarms/", alarms_api.alarms, name="api-alarms"),
    path("alarms/<int:alarm>/acknowledge/", alarms_api.acknowledge_alarm, name="api-acknowledge-alarm"),
    path("contacts/", contacts_api.contacts, name="api-contacts"),
    path("contacts/hand-over/", contacts_api.hand_over_contacts, name="api-hand-over-contacts"),
    path("contacts/<int:contact>/end/", contacts_api.end_contact, name="api-end-contact"),
    path("workdays/", workdays_api.arrange, name="api-arrange-year"),
    path("workdays/<str:year>/", workdays_api.year, name="api-workdays"),
    path("me/", accounts_api.me, name="api-me"),
    path("h/<str:token>/session/", plates_api.household_session, name="api-household-session"),
    path("h/<str:token>/pin/", plates_api.household_own_pin, name="api-household-own-pin"),
]
