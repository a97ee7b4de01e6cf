"""Addresses of projects, ballots, the villagers' choice and the public accounts."""

from django.urls import URLPattern, path

from rewards.projects import views, views_acts, views_ballots, views_public, views_villager

urlpatterns: list[URLPattern] = [
    path("projects/", views.projects, name="projects"),
    path("projects/<int:project>/", views.project, name="project"),
    path("projects/<int:project>/edit/", views.need_edit, name="project-edit"),
    path("projects/<int:project>/move/", views.need_move, name="project-move"),
    *views_acts.urlpatterns,
    path("projects/needs/<str:village>/", views.needs, name="project-needs"),
    path("projects/needs/<str:village>/new/", views.need_new, name="project-new"),
    path("projects/needs/<str:village>/choice/", views_ballots.ballot_new, name="ballot-new"),
    path("projects/choice/<int:ballot>/", views_ballots.ballot, name="ballot"),
    path("projects/choice/<int:ballot>/paper/", views_ballots.ballot_paper, name="ballot-paper"),
    path("projects/choice/<int:ballot>/slip/", views_ballots.ballot_slip, name="ballot-slip"),
    path("projects/choice/<int:ballot>/check/", views_ballots.ballot_check, name="ballot-check"),
    path("projects/choice/<int:ballot>/settle/", views_ballots.ballot_settle, name="ballot-settle"),
    path("projects/choice/<int:ballot>/off/", views_ballots.ballot_off, name="ballot-off"),
    path("projects/choice/<int:ballot>/slips/", views_ballots.ballot_print, name="ballot-print"),
    path("projects/public/<str:village>/", views_public.public_projects, name="public-projects"),
    path("projects/public/<str:village>/<int:project>/", views_public.public_project, name="public-project"),
    path("h/<str:token>/projects/", views_villager.villager_projects, name="villager-projects"),
]
