"""The HTTP interface of scoring, below /api/v1/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
