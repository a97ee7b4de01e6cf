"""Addresses of funds, runs of awards, awards, and departments' performance."""

from django.urls import URLPattern, path

from rewards.awards import views, views_awards, views_performance, views_runs

_FUND = "funds/<int:fund>/"
_RUN = "funds/runs/<int:run>/"

urlpatterns: list[URLPattern] = [
    path("funds/", views.funds, name="funds"),
    path(_RUN, views_runs.award_run, name="award-run"),
    path(f"{_RUN}confirm/", views_runs.award_run_confirm, name="award-run-confirm"),
    path(f"{_RUN}discard/", views_runs.award_run_discard, name="award-run-discard"),
    path(f"{_RUN}review/", views_runs.award_review, name="award-review"),
    path(f"{_RUN}review/<int:review>/", views_runs.award_review_end, name="award-review-end"),
    path(f"{_RUN}<str:paper>.pdf", views_runs.award_run_paper, name="award-run-paper"),
    path(_FUND, views.fund, name="fund"),
    path(f"{_FUND}sources/", views.fund_source, name="fund-source"),
    path(f"{_FUND}preview/", views.fund_preview, name="fund-preview"),
    path(f"{_FUND}rules/<str:kind>/", views.fund_rule, name="fund-rule"),
    path("awards/", views_awards.awards, name="awards"),
    path("awards/<int:award>/letter.pdf", views_awards.award_letter, name="award-letter"),
    path("awards/public/<str:county>/", views_awards.public_awards, name="public-awards"),
    path("awards/shared/<str:month>/<str:code>/", views_awards.same_reward, name="same-reward"),
    path("performance/", views_performance.performances, name="performances"),
    path("performance/grades/", views_performance.performance_grades, name="performance-grades"),
    path("performance/issue/", views_performance.performance_issue, name="performance-issue"),
    path("performance/<str:department>/<int:year>/", views_performance.statement, name="performance-statement"),
]
