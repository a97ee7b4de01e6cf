"""Addresses of projects, ballots, the villagers' choice and the public accounts."""

from django.urls import URLPattern, path

from rewards.views import ballots, project_acts, projects, projects_public, villager_projects

urlpatterns: list[URLPattern] = [
    path("projects/", projects.projects, name="projects"),
    path("projects/<int:project>/", projects.project, name="project"),
    path("projects/<int:project>/edit/", projects.need_edit, name="project-edit"),
    path("projects/<int:project>/move/", projects.need_move, name="project-move"),
    *project_acts.urlpatterns,
    path("projects/needs/<str:village>/", projects.needs, name="project-needs"),
    path("projects/needs/<str:village>/new/", projects.need_new, name="project-new"),
    path("projects/needs/<str:village>/choice/", ballots.ballot_new, name="ballot-new"),
    path("projects/choice/<int:ballot>/", ballots.ballot, name="ballot"),
    path("projects/choice/<int:ballot>/paper/", ballots.ballot_paper, name="ballot-paper"),
    path("projects/choice/<int:ballot>/slip/", ballots.ballot_slip, name="ballot-slip"),
    path("projects/choice/<int:ballot>/check/", ballots.ballot_check, name="ballot-check"),
    path("projects/choice/<int:ballot>/settle/", ballots.ballot_settle, name="ballot-settle"),
    path("projects/choice/<int:ballot>/off/", ballots.ballot_off, name="ballot-off"),
    path("projects/choice/<int:ballot>/slips/", ballots.ballot_print, name="ballot-print"),
    path("projects/public/<str:village>/", projects_public.public_projects, name="public-projects"),
    path("projects/public/<str:village>/<int:project>/", projects_public.public_project, name="public-project"),
    path("h/<str:token>/projects/", villager_projects.villager_projects, name="villager-projects"),
]
