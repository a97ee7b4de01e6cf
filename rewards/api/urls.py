"""The HTTP interface of rewards, below /api/v1/."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
