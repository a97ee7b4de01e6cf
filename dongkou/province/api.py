"""A province's month over HTTP: what its page shows, to whom it shows it."""

from typing import TypedDict

from django.conf import settings
from django.http import Http404, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from dongkou.province.reads import (
    CountyOfMonth,
    ProvinceMonth,
    ProvinceRow,
    departments_as_dicts,
    months,
    province_month,
)
from households.api import Shape, errors
from households.endpoints import endpoint
from households.months import Month
from scoring.addresses import month_of_address
from scoring.rankings.columns import as_dicts
from scoring.rankings.snapshots import AgreedLine


class ProvinceLineSerializer(Shape):
    code = serializers.CharField()
    name = serializers.CharField()
    households = serializers.IntegerField(min_value=0, help_text="Scored households.")
    coverage = serializers.CharField(help_text="Scored / active with four decimals, cut off.")
    total = serializers.IntegerField()
    result = serializers.CharField(allow_blank=True, help_text="total / households with two decimals.")
    six_zero_households = serializers.IntegerField(min_value=0)
    rank = serializers.IntegerField(
        allow_null=True, help_text="Null for the province, and while a county is not complete."
    )
    previous_rank = serializers.IntegerField(allow_null=True)


class ProvinceCountySerializer(ProvinceLineSerializer):
    closed = serializers.IntegerField(
        allow_null=True, help_text="Version in which its month was frozen; null while it is not."
    )


class ProvinceDepartmentSerializer(Shape):
    county = serializers.CharField()
    code = serializers.CharField()
    name = serializers.CharField()
    households = serializers.IntegerField(min_value=0, help_text="Weighted.")
    total = serializers.IntegerField(help_text="Weighted.")
    result = serializers.CharField(allow_blank=True)
    rank = serializers.IntegerField(allow_null=True)


class ProvinceMonthSerializer(Shape):
    month = serializers.CharField()
    closed = serializers.BooleanField(help_text="Whether every county has frozen it.")
    province = ProvinceLineSerializer(allow_null=True)
    counties = ProvinceCountySerializer(many=True)
    departments = ProvinceDepartmentSerializer(many=True)


class CountyAnswer(AgreedLine):
    closed: int | None


class ProvinceAnswer(TypedDict):
    """What `ProvinceMonthSerializer` writes."""

    month: Month
    closed: bool
    province: AgreedLine | None
    counties: list[CountyAnswer]
    departments: list[ProvinceRow]


@extend_schema(
    operation_id="province_month",
    summary="Counties and departments of a province in a month, on its node",
    parameters=[OpenApiParameter("month", str, OpenApiParameter.PATH, description="YYYY-MM")],
    responses={200: ProvinceMonthSerializer, **errors(404)},
)
@endpoint("GET", public=True)
def month_of_province(request: Request, month: str) -> HttpResponseBase:
    """404 anywhere but on a node, and without an account for a month that a county has not frozen."""
    known = months(everybody=not request.user.is_authenticated) if settings.PROVINCE else []
    if month_of_address(month) not in known:
        raise Http404
    return Response(ProvinceMonthSerializer(_answer(province_month(month))).data)


def _answer(found: ProvinceMonth) -> ProvinceAnswer:
    return {
        "month": found.month,
        "closed": found.is_closed,
        "province": next(iter(as_dicts([found.line])), None) if found.line else None,
        "counties": [_county(one) for one in found.counties],
        "departments": departments_as_dicts(found.departments),
    }


def _county(one: CountyOfMonth) -> CountyAnswer:
    [line] = as_dicts([one.line])
    return {**line, "closed": one.closed.version if one.closed else None}
