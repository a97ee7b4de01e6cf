"""Addresses of petitions: pages, and the interface below /api/v1/. Each view carries its audience."""

from django.urls import URLPattern, path

from petitions.board import api as board_api
from petitions.board import views as board
from petitions.cases import views as cases
from petitions.erasing import views as erasing
from petitions.filing import views as filing
from petitions.filing import views_for_others, views_import
from petitions.follow import views as follow
from petitions.letters import views as letters
from petitions.letters import views_replies
from petitions.petition import api as petition_api
from petitions.petition import views as petition
from petitions.petition import views_unmasking
from petitions.promises import api as promises_api
from petitions.promises import views as promises
from petitions.publishing import views as publishing
from petitions.publishing import views_public
from petitions.receptions import api as receptions_api
from petitions.receptions import views as receptions
from petitions.receptions import views_calendar, views_record
from petitions.worklist import views as worklist

urlpatterns: list[URLPattern] = [
    *filing.urlpatterns,
    *views_import.urlpatterns,
    *follow.urlpatterns,
    *worklist.urlpatterns,
    *views_for_others.urlpatterns,
    *petition.urlpatterns,
    *views_unmasking.urlpatterns,
    *erasing.urlpatterns,
    *views_replies.urlpatterns,
    *letters.urlpatterns,
    *board.urlpatterns,
    *publishing.urlpatterns,
    *views_public.urlpatterns,
    *views_calendar.urlpatterns,
    *receptions.urlpatterns,
    *views_record.urlpatterns,
    *promises.urlpatterns,
    *cases.urlpatterns,
]

api_urlpatterns: list[URLPattern] = [
    path("petitions/", petition_api.collection, name="api-petitions"),
    path("petitions/board/", board_api.board, name="api-petition-board"),
    path("petitions/receptions/", receptions_api.receptions, name="api-receptions"),
    path("petitions/receptions/<int:reception>/", receptions_api.reception, name="api-reception"),
    path("petitions/receptions/<int:reception>/records/", receptions_api.records, name="api-reception-records"),
    path("petitions/promises/", promises_api.promises, name="api-promises"),
    path("petitions/<str:number>/", petition_api.petition, name="api-petition"),
    path("petitions/<str:number>/transitions/", petition_api.transitions, name="api-petition-transitions"),
]
