"""The HTTP interface of scoring, below /api/v1/."""

from django.urls import URLPattern, path

from scoring.api import accounts, adjustments, rankings, reviews, sheets, why

urlpatterns: list[URLPattern] = [
    path("sheets/<str:month>/<str:village>/", sheets.sheet, name="api-sheet"),
    path("sheets/<str:month>/<str:village>/ops/", sheets.operations, name="api-ops"),
    path("reviews/<str:month>/<str:village>/", reviews.review, name="api-review"),
    path("rankings/<str:month>/<str:level>/", rankings.ranking, name="api-ranking"),
    path("departments/rankings/<str:month>/", rankings.department_ranking, name="api-department-ranking"),
    path("why/<str:month>/<str:code>/", why.why, name="api-why"),
    path("accounts/<str:code>/", accounts.account, name="api-account"),
    path("adjustments/", adjustments.ask, name="api-adjustment-ask"),
    path("adjustments/<int:adjustment>/grant/", adjustments.grant, name="api-adjustment-grant"),
    path("adjustments/<int:adjustment>/refuse/", adjustments.refuse, name="api-adjustment-refuse"),
]
