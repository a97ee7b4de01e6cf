"""The notice over HTTP: what its page shows, for everybody."""

from datetime import date, datetime
from typing import TypedDict

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from households.api import errors
from households.endpoints import endpoint
from households.months import Month
from scoring.addresses import month_of_address
from scoring.notices.reads import NoticeLine, PostedNotice, head, notices
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


class NoticeGroupAnswer(TypedDict):
    code: str
    name: str
    households: list[NoticeLine]


class NoticeAnswer(TypedDict):
    """What `NoticeSerializer` writes."""

    month: Month
    village: str
    name: str
    township: str
    state: str
    forced: bool
    posted_on: date
    post_until: date
    objections_until: date
    takes_objections: bool
    readable_until: date
    scheme: str
    households: int
    six_zero_households: int
    result: str
    as_of: datetime | None
    spoken: str
    groups: list[NoticeGroupAnswer]


def _as_dict(whole: PostedNotice) -> NoticeAnswer:
    head = whole.head
    return {
        "month": head.month,
        "village": head.village.code,
        "name": head.village.name,
        "township": head.village.parent.name if head.village.parent else "",
        "state": head.state.value,
        "forced": head.forced,
        "posted_on": head.posted_on,
        "post_until": head.days.post_until,
        "objections_until": head.days.objections_until,
        "takes_objections": head.takes_objections(timezone.localdate()),
        "readable_until": head.until,
        "scheme": whole.scheme.code,
        "households": whole.households,
        "six_zero_households": whole.six_zero,
        "result": whole.result,
        "as_of": whole.as_of,
        "spoken": whole.spoken,
        "groups": [{"code": one.code, "name": one.name, "households": one.lines} for one in whole.groups],
    }
