"""Pages of petitions. Each view carries its audience."""

from django.urls import URLPattern

from petitions.views import case_acts, desk, filing_for_others, following, importing, intake, letters, unmasking

urlpatterns: list[URLPattern] = [
    *intake.urlpatterns,
    *importing.urlpatterns,
    *following.urlpatterns,
    *desk.urlpatterns,
    *filing_for_others.urlpatterns,
    *case_acts.urlpatterns,
    *unmasking.urlpatterns,
    *letters.urlpatterns,
]
