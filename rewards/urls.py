"""Addresses of rewards: pages, and the interface below /api/v1/. Each view carries its audience."""

from django.urls import URLPattern, path

from rewards.awards import urls as awards
from rewards.projects import urls as projects
from rewards.shop import api
from rewards.shop import urls as shop

urlpatterns: list[URLPattern] = [
    *awards.urlpatterns,
    *projects.urlpatterns,
    *shop.urlpatterns,
]

api_urlpatterns: list[URLPattern] = [
    path("shops/<str:village>/", api.shop, name="api-shop"),
    path("redemptions/", api.collection, name="api-redemptions"),
    path("redemptions/offline/", api.offline, name="api-redemptions-offline"),
    path("redemptions/<int:redemption>/hand-over/", api.hand_over, name="api-hand-over"),
    path("redemptions/<int:redemption>/void/", api.void, name="api-void"),
    path("redemptions/<int:redemption>/reverse/", api.reverse, name="api-reverse"),
]
