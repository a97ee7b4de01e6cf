"""Pages of petitions. Each view carries its audience."""

from django.urls import URLPattern

from petitions.views import (
    board,
    case_acts,
    days,
    desk,
    erasures,
    filing_for_others,
    following,
    importing,
    intake,
    letters,
    owned,
    promises,
    public_list,
    publishing,
    reception,
    reception_record,
    templates,
    unmasking,
)

urlpatterns: list[URLPattern] = [
    *intake.urlpatterns,
    *importing.urlpatterns,
    *following.urlpatterns,
    *desk.urlpatterns,
    *filing_for_others.urlpatterns,
    *case_acts.urlpatterns,
    *unmasking.urlpatterns,
    *erasures.urlpatterns,
    *templates.urlpatterns,
    *letters.urlpatterns,
    *board.urlpatterns,
    *publishing.urlpatterns,
    *public_list.urlpatterns,
    *days.urlpatterns,
    *reception.urlpatterns,
    *reception_record.urlpatterns,
    *promises.urlpatterns,
    *owned.urlpatterns,
]
