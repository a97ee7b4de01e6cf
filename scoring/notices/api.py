"""The notice over HTTP: what its page shows, for everybody."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import errors
from households.endpoints import endpoint
from scoring.addresses import month_of_address
from scoring.notices.reads import PostedNotice, head, notices
from scoring.notices.serializers import NoticeSerializer


@extend_schema(
    operation_id="notice",
    summary="The posted month of a village",
    parameters=[OpenApiParameter("month", str, OpenApiParameter.PATH, description="YYYY-MM")],
    responses={200: NoticeSerializer, **errors(404)},
)
@endpoint("GET", public=True)
def notice(_request: Request, month: str, village: str) -> HttpResponseBase:
    """404 for a month that was not posted, or whose days are over."""
    found = head(month_of_address(month), village)
    if found is None or not found.is_open(timezone.localdate()):
        raise Http404
    [whole] = notices([found])
    return Response(NoticeSerializer(_as_dict(whole)).data)


def _as_dict(whole: PostedNotice) -> dict[str, Any]:
    head = whole.head
    return {
        "month": head.month,
        "village": head.village.code,
        "name": head.village.name,
        "state": head.state.value,
        "posted_on": head.posted_on,
        "post_until": head.days.post_until,
        "objections_until": head.days.objections_until,
        "readable_until": head.until,
        "scheme": whole.scheme.code,
        "households": whole.households,
        "six_zero_households": whole.six_zero,
        "result": whole.result,
        "as_of": whole.as_of,
        "groups": [{"code": one.code, "name": one.name, "households": one.lines} for one in whole.groups],
    }
