"""Pages of rewards. Each view carries its audience."""

from django.urls import URLPattern

from rewards import award_urls, project_urls, shop_urls

urlpatterns: list[URLPattern] = [
    *award_urls.urlpatterns,
    *project_urls.urlpatterns,
    *shop_urls.urlpatterns,
]
