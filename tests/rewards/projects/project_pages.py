"""Pressing the buttons of a project's page."""

from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse

from rewards.models import Project
from tests.world import World


def post(world: World, role: str, project: Project, name: str, **typed: object) -> HttpResponse:
    """One act of a role's person, as the page sends it."""
    typed.setdefault("op_id", str(uuid4()))
    return world.client(role).post(reverse(f"project-{name}", args=[project.pk]), typed)
