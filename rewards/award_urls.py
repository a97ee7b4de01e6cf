"""Addresses of funds, runs of awards, awards, and departments' performance."""

from django.urls import URLPattern, path

from rewards.views import award_runs, awards, funds, performance

_FUND = "funds/<int:fund>/"
_RUN = "funds/runs/<int:run>/"

urlpatterns: list[URLPattern] = [
    path("funds/", funds.funds, name="funds"),
    path(_RUN, award_runs.award_run, name="award-run"),
    path(f"{_RUN}confirm/", award_runs.award_run_confirm, name="award-run-confirm"),
    path(f"{_RUN}discard/", award_runs.award_run_discard, name="award-run-discard"),
    path(f"{_RUN}review/", award_runs.award_review, name="award-review"),
    path(f"{_RUN}review/<int:review>/", award_runs.award_review_end, name="award-review-end"),
    path(f"{_RUN}<str:paper>.pdf", award_runs.award_run_paper, name="award-run-paper"),
    path(_FUND, funds.fund, name="fund"),
    path(f"{_FUND}sources/", funds.fund_source, name="fund-source"),
    path(f"{_FUND}preview/", funds.fund_preview, name="fund-preview"),
    path(f"{_FUND}rules/<str:kind>/", funds.fund_rule, name="fund-rule"),
    path("awards/", awards.awards, name="awards"),
    path("awards/<int:award>/letter.pdf", awards.award_letter, name="award-letter"),
    path("awards/public/<str:county>/", awards.public_awards, name="public-awards"),
    path("awards/shared/<str:month>/<str:code>/", awards.same_reward, name="same-reward"),
    path("performance/", performance.performances, name="performances"),
    path("performance/grades/", performance.performance_grades, name="performance-grades"),
    path("performance/issue/", performance.performance_issue, name="performance-issue"),
    path("performance/<str:code>/<int:year>/", performance.statement, name="performance-statement"),
]
