"""The HTTP interface of petitions, below /api/v1/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
