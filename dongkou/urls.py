"""Which room answers which address."""

from django.urls import URLPattern, URLResolver, path

from dongkou.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
]
