"""A filer's session: opened by number and follow code, half an hour long, about one petition and nothing else."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from households.sessions import ShortSession
from petitions.models import Petition

FOLLOWING = ShortSession(
    "petition", cookie="dongkou_petition", most=timedelta(hours=2)
)  # sent to every address: any sign-out ends it


def open_session(request: HttpRequest, response: HttpResponse, petition: Petition) -> None:
    """Give the browser a new session about `petition`."""
    FOLLOWING.open(request, response, petition.pk)


def petition_in_session(request: HttpRequest) -> Petition | None:
    """The petition that the browser's session is about; None without one. At most two queries."""
    known = FOLLOWING.about(request)
    if known is None:
        return None
    return Petition.objects.select_related("place__parent", "merged_into", "public_wish").filter(pk=known).first()
