"""Which room answers which address."""

from django.urls import URLPattern, URLResolver, include, path

import households.urls
import petitions.urls
import rewards.urls
import scoring.urls
from dongkou.health import healthz
from dongkou.home import home
from dongkou.province.api import month_of_province
from dongkou.province.views import province, province_of_month
from dongkou.running.views import running
from dongkou.schema import schema
from dongkou.self_check.views import filing_form, filing_form_table, self_check, self_check_paper
from dongkou.training.views import enter_training, leave_training, make_training, training

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("healthz", healthz, name="healthz"),
    path("running/", running, name="running"),
    path("self-check/", self_check, name="self-check"),
    path("self-check/paper/", self_check_paper, name="self-check-paper"),
    path("self-check/filing/", filing_form, name="filing-form"),
    path("self-check/filing/table/", filing_form_table, name="filing-form-table"),
    path("province/", province, name="province"),
    path("province/<str:month>/", province_of_month, name="province-month"),
    path("training/", training, name="training"),
    path("training/leave/", leave_training, name="leave-training"),
    path("training/<str:code>/make/", make_training, name="make-training"),
    path("training/<str:code>/enter/", enter_training, name="enter-training"),
    path("api/v1/province/<str:month>/", month_of_province, name="api-province"),
    path("api/v1/schema/", schema, name="api-schema"),
    path("api/v1/", include(households.urls.api_urlpatterns)),
    path("api/v1/", include(scoring.urls.api_urlpatterns)),
    path("api/v1/", include(rewards.urls.api_urlpatterns)),
    path("api/v1/", include(petitions.urls.api_urlpatterns)),
    path("", include(households.urls.urlpatterns)),
    path("", include(scoring.urls.urlpatterns)),
    path("", include(rewards.urls.urlpatterns)),
    path("", include(petitions.urls.urlpatterns)),
]

handler400 = "dongkou.errors.bad_request"
handler403 = "dongkou.errors.forbidden"
handler404 = "dongkou.errors.not_found"
handler500 = "dongkou.errors.server_error"
