"""The HTTP interface of petitions, below /api/v1/."""

from django.urls import URLPattern, path

from petitions.api import petitions

urlpatterns: list[URLPattern] = [
    path("petitions/", petitions.collection, name="api-petitions"),
    path("petitions/<str:number>/", petitions.petition, name="api-petition"),
    path("petitions/<str:number>/transitions/", petitions.transitions, name="api-petition-transitions"),
]
