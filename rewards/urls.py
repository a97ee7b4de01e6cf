"""Pages of rewards. Each view carries its audience."""

from django.urls import URLPattern

from rewards import project_urls, shop_urls

urlpatterns: list[URLPattern] = [
    *project_urls.urlpatterns,
    *shop_urls.urlpatterns,
]
