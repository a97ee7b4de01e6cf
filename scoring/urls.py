"""Addresses of scoring: pages, and the interface below /api/v1/. Each view carries its audience."""

from django.urls import URLPattern, path

from scoring.batches import api as batches_api
from scoring.batches import views as batches
from scoring.batches import views_correct as correcting
from scoring.carrying import api as carrying_api
from scoring.carrying import views as carrying
from scoring.cockpit import views as cockpit
from scoring.evidence import api as evidence_api
from scoring.evidence import views as evidence
from scoring.evidence import views_villager as evidence_villager
from scoring.findings import api as findings_api
from scoring.findings import views as findings
from scoring.foresight import api as foresight_api
from scoring.ledger import views as ledger
from scoring.linkages import api as linkages_api
from scoring.linkages import views as linkages
from scoring.notices import api as notices_api
from scoring.notices import views as notices
from scoring.notices import views_staff as notices_staff
from scoring.objections import api as objections_api
from scoring.objections import views as objections
from scoring.objections import views_new as objections_new
from scoring.objections import views_villager as objections_villager
from scoring.papers import views as papers
from scoring.places import views as places
from scoring.points import api as points_api
from scoring.points import views as points
from scoring.points import views_villager
from scoring.rankings import api as rankings_api
from scoring.rankings import views as rankings
from scoring.rankings import views_departments
from scoring.reminders import views as reminders
from scoring.restatements import api as restatements_api
from scoring.restatements import views as restatements
from scoring.restatements import views_public as restatements_public
from scoring.reviews import api as reviews_api
from scoring.reviews import views as reviews
from scoring.reviews import views_draws as draws
from scoring.schemes import views as schemes
from scoring.schemes import views_asks as scheme_asks
from scoring.sheets import api as sheets_api
from scoring.sheets import views as sheets
from scoring.supervision import views as supervision
from scoring.timetable import api as timetable_api
from scoring.timetable import views as timetable
from scoring.villager import views as villager
from scoring.why import api as why_api
from scoring.why import views as why
from scoring.withholdings import api as withholdings_api
from scoring.withholdings import views as withholdings

urlpatterns: list[URLPattern] = [
    path("village/sheet/", sheets.sheet_due, name="sheet-due"),
    path("village/sheet/worker.js", sheets.sheet_worker, name="sheet-worker"),
    path("village/sheet/<str:month>/", sheets.sheet, name="sheet"),
    path("village/sheet/<str:month>/batches/", batches.batches, name="batches"),
    path("village/sheet/<str:month>/batches/many/", batches.record_one_clause, name="record-one-clause"),
    path("village/sheet/<str:month>/batches/paste/", batches.paste_rows, name="paste-rows"),
    path("village/sheet/<str:month>/batches/file/", batches.month_workbook, name="month-workbook"),
    path("village/sheet/<str:month>/batches/<int:batch_no>/", batches.batch, name="batch"),
    path("village/sheet/<str:month>/batches/<int:batch_no>/undo/", batches.batch_undo, name="batch-undo"),
    path("village/sheet/<str:month>/papers/", papers.paper_list, name="papers"),
    path("village/sheet/<str:month>/papers/<str:group>/print/", papers.paper_print, name="paper-print"),
    path("village/papers/by-code/<str:paper_token>/", papers.paper_by_token, name="paper-by-token"),
    path("village/carried/", carrying.carried, name="carried"),
    path("village/carried/<str:carried>/", carrying.carried_receipts, name="carried-receipts"),
    path("village/papers/<int:sheet_no>/", papers.paper, name="paper"),
    path("village/papers/<int:sheet_no>/settle/", papers.paper_settle, name="paper-settle"),
    path("village/papers/<int:sheet_no>/photo/", papers.paper_photo, name="paper-photo"),
    path("village/sheet/<str:month>/reminders/", reminders.reminders, name="reminders"),
    path("places/entries/", places.place_entries_due, name="place-entries-due"),
    path("places/<str:month>/<str:code>/", places.place_entries, name="place-entries"),
    path("places/<str:month>/<str:code>/add/", places.place_entry_add, name="place-entry-add"),
    path("places/entries/<int:event>/withdraw/", places.place_entry_withdraw, name="place-entry-withdraw"),
    path("places/entries/<int:event>/confirm/", places.place_entry_confirm, name="place-entry-confirm"),
    path("county/cockpit/", cockpit.cockpit_due, name="cockpit-due"),
    path("county/cockpit/<str:month>/", cockpit.cockpit, name="cockpit"),
    path("county/cockpit/<str:month>/<str:village>/remind/", cockpit.remind, name="remind"),
    path("county/calendar/", timetable.calendar, name="calendar"),
    path("county/calendar/preview/", timetable.preview_calendar, name="preview-calendar"),
    path("county/calendar/set/", timetable.set_calendar, name="set-calendar"),
    path("county/calendar/<str:month>/<str:village>/", timetable.village_month, name="village-month"),
    path("county/calendar/<str:month>/<str:village>/extend/", timetable.extend, name="extend-month"),
    path("county/calendar/<str:month>/<str:village>/force/", timetable.ask_force, name="force-freeze"),
    path("county/calendar/<str:month>/<str:village>/decide/", timetable.decide_force, name="decide-force"),
    path("township/review/", reviews.review_due, name="review-due"),
    path("township/review/<str:month>/", reviews.review, name="review"),
    path("township/review/<str:month>/together/", reviews.review_together, name="review-together"),
    path("township/review/<str:month>/<str:village>/", reviews.review_sheet, name="review-sheet"),
    path("township/review/<str:month>/<str:village>/decide/", reviews.review_decide, name="review-decide"),
    path("notice/", notices.notice_list, name="notice-list"),
    path("notice/<str:village>/<str:month>/", notices.notice, name="notice"),
    path("notices/", notices_staff.notices, name="notices"),
    path("township/review/<str:month>/<str:village>/revoke/", reviews.review_revoke, name="review-revoke"),
    path("draws/<str:month>/", draws.draws, name="draws"),
    path("draws/<str:month>/<str:village>/", draws.draw, name="draw"),
    path("h/<str:token>/", villager.plate, name="plate"),
    path("h/<str:token>/leave/", villager.plate_leave, name="plate-leave"),
    path("h/<str:token>/points/", views_villager.household_points, name="household-points"),
    path("h/<str:token>/points/proof/", views_villager.household_proof, name="household-proof"),
    path("h/<str:token>/objections/", objections_villager.household_objections, name="household-objections"),
    path(
        "h/<str:token>/objections/new/<str:month>/",
        objections_villager.household_objection_new,
        name="household-objection-new",
    ),
    path(
        "h/<str:token>/objections/<int:objection>/",
        objections_villager.household_objection,
        name="household-objection",
    ),
    path(
        "h/<str:token>/objections/<int:objection>/appeal/",
        objections_villager.household_objection_appeal,
        name="household-objection-appeal",
    ),
    path(
        "h/<str:token>/objections/<int:objection>/withdraw/",
        objections_villager.household_objection_withdraw,
        name="household-objection-withdraw",
    ),
    path(
        "h/<str:token>/objections/<int:objection>/letter/",
        objections_villager.household_objection_letter,
        name="household-objection-letter",
    ),
    path("h/<str:token>/events/<int:event>/", evidence_villager.household_event, name="household-event"),
    path(
        "h/<str:token>/events/<int:event>/photos/<int:photo>/",
        evidence_villager.household_event_photo,
        name="household-event-photo",
    ),
    path("supervision/", supervision.supervision_due, name="supervision-due"),
    path("supervision/<str:month>/", supervision.supervision, name="supervision"),
    path("supervision/<str:month>/report/", supervision.supervision_report, name="supervision-report"),
    path("events/<int:event>/", evidence.event, name="event"),
    path("events/<int:event>/correct/", correcting.correct_event, name="correct-event"),
    path("events/<int:event>/put-right/", reminders.reminder_put_right, name="reminder-put-right"),
    path("events/<int:event>/day/", reminders.reminder_day, name="reminder-day"),
    path("events/<int:event>/follow/", reminders.reminder_follow, name="reminder-follow"),
    path("events/<int:event>/photos/", evidence.event_photo_add, name="event-photo-add"),
    path("events/<int:event>/photos/<int:photo>/", evidence.event_photo, name="event-photo"),
    path("events/<int:event>/photos/<int:photo>/withdraw/", evidence.event_photo_withdraw, name="event-photo-withdraw"),
    path("findings/", findings.findings, name="findings"),
    path("findings/new/", findings.finding_new, name="finding-new"),
    path("findings/<int:finding>/", findings.finding, name="finding"),
    path("findings/<int:finding>/withdraw/", findings.finding_withdraw, name="finding-withdraw"),
    path("findings/<int:finding>/explain/", findings.finding_explain, name="finding-explain"),
    path("findings/<int:finding>/correct/", findings.finding_correct, name="finding-correct"),
    path("findings/<int:finding>/decline/", findings.finding_decline, name="finding-decline"),
    path("objections/", objections.objections, name="objections"),
    path("objections/new/", objections_new.objection_new, name="objection-new"),
    path("objections/form/", objections.objection_form, name="objection-form"),
    path("objections/<int:objection>/", objections.objection, name="objection"),
    path("objections/<int:objection>/rule/", objections.objection_rule, name="objection-rule"),
    path("objections/<int:objection>/hand-on/", objections.objection_hand_on, name="objection-hand-on"),
    path("objections/<int:objection>/appeal/", objections.objection_appeal, name="objection-appeal"),
    path("objections/<int:objection>/withdraw/", objections.objection_withdraw, name="objection-withdraw"),
    path("objections/<int:objection>/letter/", objections.objection_letter, name="objection-letter"),
    path("objections/<int:objection>/photo/", objections.objection_photo, name="objection-photo"),
    path("points/", points.points_home, name="points-home"),
    path("points/adjustments/", points.point_adjustments_list, name="point-adjustments"),
    path("points/adjustments/<int:asked>/", points.point_adjustment_decide, name="point-adjustment-decide"),
    path("points/heirless/", points.heirless_points, name="heirless-points"),
    path("points/department/<str:department>/", points.department_points, name="department-points"),
    path("points/department/<str:department>/ask/", points.department_points_ask, name="department-points-ask"),
    path("points/<str:code>/", points.points, name="points"),
    path("points/<str:code>/ask/", points.points_ask, name="points-ask"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/check/", ledger.ledger_check, name="ledger-check"),
    path("ledger/<str:county>/<str:day>/", ledger.ledger_day, name="ledger-day"),
    path("rankings/", rankings.rankings_now, name="rankings-now"),
    path("rankings/restatements/", restatements_public.public_restatements, name="public-restatements"),
    path("rankings/<str:month>/<str:level>/", rankings.rankings, name="rankings"),
    path(
        "rankings/<str:month>/<str:level>/kept/<int:version>/",
        rankings.ranking_snapshot,
        name="ranking-snapshot",
    ),
    path("why/<str:month>/<str:code>/", why.why, name="why"),
    path("departments/rankings/", views_departments.department_rankings_now, name="department-rankings-now"),
    path("departments/rankings/<str:month>/", views_departments.department_rankings, name="department-rankings"),
    path("departments/", linkages.departments, name="departments"),
    path("departments/new/", linkages.set_department_name, name="set-department"),
    path("departments/<str:department>/", linkages.department, name="department"),
    path("departments/<str:department>/change/", linkages.change_linkage, name="change-linkage"),
    path("departments/<str:department>/<str:month>/", views_departments.department_why, name="department-why"),
    path("adjustments/", restatements.adjustments, name="adjustments"),
    path("adjustments/new/", restatements.ask_adjustment, name="adjustment-ask"),
    path("adjustments/<int:adjustment>/", restatements.adjustment, name="adjustment"),
    path("adjustments/<int:adjustment>/grant/", restatements.adjustment_grant, name="adjustment-grant"),
    path("adjustments/<int:adjustment>/refuse/", restatements.adjustment_refuse, name="adjustment-refuse"),
    path("withholdings/", withholdings.withholdings, name="withholdings"),
    path("withholdings/new/", withholdings.ask_withholding, name="withholding-ask"),
    path("withholdings/<int:withholding>/", withholdings.withholding, name="withholding"),
    path("withholdings/<int:withholding>/grant/", withholdings.withholding_grant, name="withholding-grant"),
    path("withholdings/<int:withholding>/refuse/", withholdings.withholding_refuse, name="withholding-refuse"),
    path("schemes/", scheme_asks.scheme_asks, name="scheme-asks"),
    path("schemes/template/", scheme_asks.scheme_template, name="scheme-template"),
    path("schemes/adopt/", schemes.adopt_scheme, name="adopt-scheme"),
    path("schemes/asked/<int:scheme_ask>/", scheme_asks.scheme_ask, name="scheme-ask"),
    path("schemes/asked/<int:scheme_ask>/publish/", scheme_asks.publish_asked, name="publish-scheme"),
    path("schemes/asked/<int:scheme_ask>/refuse/", scheme_asks.refuse_asked, name="refuse-scheme"),
    path("rules/", schemes.rules, name="rules"),
    path("rules/<str:scheme>/", schemes.rules, name="rules-version"),
]

api_urlpatterns: list[URLPattern] = [
    path("linkages/", linkages_api.linkages, name="api-linkages"),
    path("sheets/<str:month>/<str:village>/", sheets_api.sheet, name="api-sheet"),
    path("sheets/<str:month>/<str:village>/carrying/", carrying_api.carrying, name="api-carrying"),
    path("sheets/<str:month>/<str:village>/ops/", sheets_api.operations, name="api-ops"),
    path("sheets/<str:month>/<str:village>/batches/", batches_api.batches, name="api-batches"),
    path(
        "sheets/<str:month>/<str:village>/batches/<int:batch_no>/undo/", batches_api.batch_undo, name="api-batch-undo"
    ),
    path("sheets/<str:month>/<str:village>/impact/", foresight_api.impact, name="api-impact"),
    path("events/<int:event>/photos/", evidence_api.photos, name="api-event-photos"),
    path("events/<int:event>/photos/<int:photo>/", evidence_api.photo, name="api-event-photo"),
    path("events/<int:event>/photos/<int:photo>/withdraw/", evidence_api.withdraw, name="api-event-photo-withdraw"),
    path("calendar/", timetable_api.set_days, name="api-calendar-set"),
    path("calendar/extensions/", timetable_api.extend, name="api-extend"),
    path("calendar/forced/", timetable_api.ask_force, name="api-force"),
    path("calendar/forced/decide/", timetable_api.decide_force, name="api-force-decide"),
    path("calendar/<str:month>/", timetable_api.month_days, name="api-calendar"),
    path("reviews/<str:month>/<str:village>/", reviews_api.review, name="api-review"),
    path("notices/<str:month>/<str:village>/", notices_api.notice, name="api-notice"),
    path("reviews/<str:month>/<str:village>/looks/", reviews_api.looks, name="api-review-looks"),
    path("reviews/<str:month>/<str:village>/revoke/", reviews_api.revoke, name="api-review-revoke"),
    path("reviews/<str:month>/", reviews_api.together, name="api-reviews-together"),
    path("rankings/<str:month>/<str:level>/", rankings_api.ranking, name="api-ranking"),
    path("departments/rankings/<str:month>/", rankings_api.department_ranking, name="api-department-ranking"),
    path("why/<str:month>/<str:code>/", why_api.why, name="api-why"),
    path("accounts/<str:code>/", points_api.account, name="api-account"),
    path("findings/", findings_api.findings, name="api-findings"),
    path("findings/<int:finding>/withdraw/", findings_api.withdraw, name="api-finding-withdraw"),
    path("objections/", objections_api.objections, name="api-objections"),
    path("objections/paper/", objections_api.paper, name="api-objection-paper"),
    path("objections/<int:objection>/ruling/", objections_api.ruling, name="api-objection-ruling"),
    path("adjustments/", restatements_api.ask, name="api-adjustment-ask"),
    path("adjustments/<int:adjustment>/grant/", restatements_api.grant, name="api-adjustment-grant"),
    path("adjustments/<int:adjustment>/refuse/", restatements_api.refuse, name="api-adjustment-refuse"),
    path("withholdings/", withholdings_api.ask, name="api-withholding-ask"),
    path("withholdings/<int:withholding>/grant/", withholdings_api.grant, name="api-withholding-grant"),
    path("withholdings/<int:withholding>/refuse/", withholdings_api.refuse, name="api-withholding-refuse"),
]
