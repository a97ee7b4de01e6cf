"""Pages of petitions. Each view carries its audience."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
