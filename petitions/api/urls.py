"""The HTTP interface of petitions, below /api/v1/."""

from django.urls import URLPattern, path

from petitions.api import board, petitions, promises, receptions

urlpatterns: list[URLPattern] = [
    path("petitions/", petitions.collection, name="api-petitions"),
    path("petitions/board/", board.board, name="api-petition-board"),
    path("petitions/receptions/", receptions.receptions, name="api-receptions"),
    path("petitions/receptions/<int:reception>/", receptions.reception, name="api-reception"),
    path("petitions/receptions/<int:reception>/records/", receptions.records, name="api-reception-records"),
    path("petitions/promises/", promises.promises, name="api-promises"),
    path("petitions/<str:number>/", petitions.petition, name="api-petition"),
    path("petitions/<str:number>/transitions/", petitions.transitions, name="api-petition-transitions"),
]
