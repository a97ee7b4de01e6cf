"""The HTTP interface of rewards, below /api/v1/."""

from django.urls import URLPattern, path

from rewards.api import redemptions

urlpatterns: list[URLPattern] = [
    path("shops/<str:village>/", redemptions.shop, name="api-shop"),
    path("redemptions/", redemptions.collection, name="api-redemptions"),
    path("redemptions/offline/", redemptions.offline, name="api-redemptions-offline"),
    path("redemptions/<int:redemption>/hand-over/", redemptions.hand_over, name="api-hand-over"),
    path("redemptions/<int:redemption>/void/", redemptions.void, name="api-void"),
    path("redemptions/<int:redemption>/reverse/", redemptions.reverse, name="api-reverse"),
]
