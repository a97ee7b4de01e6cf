"""Pages of rewards. Each view carries its audience."""

from django.urls import URLPattern, path

from rewards.views import pictures

urlpatterns: list[URLPattern] = [
    path("pictures/<str:digest>/", pictures.picture, name="picture"),
]
