"""What every endpoint reads by: bodies, numbers, days and choices of an address, and pages of a list."""

from datetime import date

import pytest
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from households.api import PAGE, OnceSerializer, Shape, asked_choice, asked_day, asked_number, first_page, sent
from households.models import Department
from households.refusals import Refused

STATES = [("open", "开着"), ("closed", "关了")]
NO_STATE = "没有这种状态。"


class NamedSerializer(OnceSerializer):
    name = serializers.CharField(max_length=3)


def asking(query: str = "") -> Request:
    return Request(APIRequestFactory().get(f"/?{query}"))


def sending(body: object) -> Request:
    return Request(APIRequestFactory().post("/", body, format="json"), parsers=[JSONParser()])


@pytest.mark.parametrize(
    ("query", "number"), [("", None), ("n=", None), ("n=0", 0), ("n=007", 7), ("n=" + "9" * 18, 10**18 - 1)]
)
def test_number_of_an_address(query: str, number: int | None) -> None:
    assert asked_number(asking(query), "n") == number


@pytest.mark.parametrize("text", ["x", "-1", "1.5", "٣", "9" * 19, "%00"])
def test_what_is_no_number_is_refused_by_name(text: str) -> None:
    with pytest.raises(Refused) as refused:
        asked_number(asking(f"n={text}"), "n")
    assert (refused.value.status, list(refused.value.fields)) == (400, ["n"])


def test_day_of_an_address() -> None:
    assert asked_day(asking("to=2026-10-31"), "to") == date(2026, 10, 31)
    assert asked_day(asking(), "to") is None
    with pytest.raises(Refused, match="to 应是日期"):
        asked_day(asking("to=31.10.2026"), "to")


def test_choice_of_an_address() -> None:
    assert asked_choice(asking("state=open"), "state", STATES, NO_STATE) == "open"
    assert asked_choice(asking(), "state", STATES, NO_STATE) == ""
    with pytest.raises(Refused, match=NO_STATE):
        asked_choice(asking("state=ajar"), "state", STATES, NO_STATE)


def test_body_is_read_as_its_shape() -> None:
    op_id = "0190f6c4-3b1e-7000-8000-000000000001"
    given = sent(NamedSerializer, sending({"op_id": op_id, "name": "村", "more": 1}))
    assert (str(given["op_id"]), given["name"], set(given)) == (op_id, "村", {"op_id", "name"})


@pytest.mark.parametrize("body", [{}, [], {"op_id": "x", "name": "村"}, {"op_id": None, "name": "村"}])
def test_body_of_another_shape_is_refused(body: object) -> None:
    with pytest.raises(ValidationError):
        sent(NamedSerializer, sending(body))


def test_shape_of_what_is_sent_once_says_nothing_about_others() -> None:
    assert OnceSerializer.__doc__ == Shape.__doc__ or not OnceSerializer.__doc__


@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "shown", "more"), [(0, 0, False), (PAGE, PAGE, False), (PAGE + 1, PAGE, True)])
def test_page_tells_where_it_goes_on(rows: int, shown: int, more: bool) -> None:
    Department.objects.all().delete()
    Department.objects.bulk_create(Department(code=f"{number:04d}", name="局") for number in range(rows))
    found, following = first_page(Department.objects.order_by("code"))
    assert len(found) == shown
    assert following == (f"{PAGE - 1:04d}" if more else None)
