"""Pages of rewards. Each view carries its audience."""

from django.urls import URLPattern

from rewards import shop_urls

urlpatterns: list[URLPattern] = [
    *shop_urls.urlpatterns,
]
