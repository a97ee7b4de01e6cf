"""Which room answers which address."""

from django.urls import URLPattern, URLResolver, include, path

from dongkou.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("scoring.api.urls")),
    path("", include("scoring.urls")),
]
