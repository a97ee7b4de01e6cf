"""Pages of scoring. Each view carries its audience."""

from django.urls import URLPattern, path

from scoring.views import (
    adjustments,
    departments,
    ledger,
    points,
    rankings,
    review,
    rules,
    sheet,
    villager,
    villager_points,
    why,
)

urlpatterns: list[URLPattern] = [
    path("village/sheet/<str:month>/", sheet.sheet, name="sheet"),
    path("township/review/<str:month>/", review.review, name="review"),
    path("township/review/<str:month>/<str:village>/", review.review_sheet, name="review-sheet"),
    path("township/review/<str:month>/<str:village>/decide/", review.review_decide, name="review-decide"),
    path("h/<str:token>/", villager.plate, name="plate"),
    path("h/<str:token>/leave/", villager.plate_leave, name="plate-leave"),
    path("h/<str:token>/points/", villager_points.household_points, name="household-points"),
    path("h/<str:token>/points/proof/", villager_points.household_proof, name="household-proof"),
    path("points/", points.points_home, name="points-home"),
    path("points/adjustments/", points.point_adjustments_list, name="point-adjustments"),
    path("points/adjustments/<int:asked>/", points.point_adjustment_decide, name="point-adjustment-decide"),
    path("points/department/<str:code>/", points.department_points, name="department-points"),
    path("points/department/<str:code>/ask/", points.department_points_ask, name="department-points-ask"),
    path("points/<str:code>/", points.points, name="points"),
    path("points/<str:code>/ask/", points.points_ask, name="points-ask"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/check/", ledger.ledger_check, name="ledger-check"),
    path("ledger/<str:county>/<str:day>/", ledger.ledger_day, name="ledger-day"),
    path("rankings/<str:month>/<str:level>/", rankings.rankings, name="rankings"),
    path(
        "rankings/<str:month>/<str:level>/kept/<int:version>/",
        rankings.ranking_snapshot,
        name="ranking-snapshot",
    ),
    path("why/<str:month>/<str:code>/", why.why, name="why"),
    path("departments/rankings/<str:month>/", departments.department_rankings, name="department-rankings"),
    path("departments/<str:code>/<str:month>/", departments.department_why, name="department-why"),
    path("adjustments/", adjustments.adjustments, name="adjustments"),
    path("adjustments/new/", adjustments.ask_adjustment, name="adjustment-ask"),
    path("adjustments/<int:adjustment>/", adjustments.adjustment, name="adjustment"),
    path("adjustments/<int:adjustment>/grant/", adjustments.adjustment_grant, name="adjustment-grant"),
    path("adjustments/<int:adjustment>/refuse/", adjustments.adjustment_refuse, name="adjustment-refuse"),
    path("rules/", rules.rules, name="rules"),
    path("rules/<str:version>/", rules.rules, name="rules-version"),
]
