"""Explanations over HTTP."""

import pytest
from django.test import Client

from households.roles import Role
from tests.scoring.eventful_month import CAPPED, DOCUMENT, FIRST, PLAIN, REMINDED, SECOND, UNLAWFUL, WAITING
from tests.world import COUNTY, MONTH, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

Answer = dict[str, object]


def why(world: World, code: str, role: str = Role.COUNTY_OFFICE, month: str = MONTH) -> Answer:
    response = world.client(role).get(f"/api/v1/why/{month}/{code}/")
    assert response.status_code == 200, response.content
    return response.json()


def status(world: World, code: str, role: str) -> int:
    return world.client(role).get(f"/api/v1/why/{MONTH}/{code}/").status_code


def test_division_answers_the_agreed_keys(eventful: World) -> None:
    answer = why(eventful, VILLAGE)
    agreed = ("code", "households", "total", "adjustment", "result", "scheme")
    assert {key: answer[key] for key in agreed} == {
        "code": VILLAGE,
        "households": 8,
        "total": 780,
        "adjustment": -1,
        "result": "97.50",
        "scheme": "2023",
    }
    assert answer["as_of"].startswith("20")
    assert [(event["clause"], event["points"]) for event in answer["events"]] == [("WR13", 1)]


def test_children_add_up_to_the_total(eventful: World) -> None:
    for code in (COUNTY, TOWNSHIP, VILLAGE, FIRST, SECOND):
        answer = why(eventful, code)
        below = sum(child["total"] or 0 for child in answer["children"])
        assert sum(child["households"] for child in answer["children"]) == answer["households"]
        assert below + answer["households"] * answer["adjustment"] == answer["total"], code


def test_household_answers_its_events_and_terms(eventful: World) -> None:
    answer = why(eventful, CAPPED)
    assert (answer["households"], answer["total"], answer["adjustment"], answer["result"]) == (1, 80, 0, "80.00")
    assert [(event["clause"], event["points"], event["date"]) for event in answer["events"]] == [
        ("WR04", 10, "2024-05-20"),
        ("WR04", 10, "2024-05-20"),
        ("WR02", 5, "2024-05-20"),
    ]
    assert [term["amount"] for term in answer["terms"]] == [100, -10, -10, -5, 5]
    assert answer["children"] == []


def test_household_without_a_score_answers_nothing_and_why(eventful: World) -> None:
    answer = why(eventful, f"{STRANGE}010001")
    assert (answer["households"], answer["total"], answer["result"]) == (0, None, "")
    assert (answer["reason"], answer["terms"]) == ("未申报，没有得分。", [])


def test_division_without_a_scored_household_has_no_total(eventful: World) -> None:
    answer = why(eventful, STRANGE)
    assert (answer["households"], answer["total"], answer["result"], answer["reason"]) == (
        0,
        None,
        "",
        "未申报，没有得分。",
    )


def test_waiting_event_is_answered_with_its_state(eventful: World) -> None:
    assert [(event["clause"], event["state"]) for event in why(eventful, WAITING)["events"]] == [("WJ04", "pending")]
    assert why(eventful, REMINDED)["events"][0]["state"] == "confirmed"


@pytest.mark.parametrize("role", [Role.CADRE, Role.TOWNSHIP, Role.DEPARTMENT, Role.SUPERVISOR])
def test_petition_event_is_points_alone(eventful: World, role: str) -> None:
    (event,) = why(eventful, UNLAWFUL, role)["events"]
    assert event == {
        "id": None,
        "indicator": "petition",
        "kind": "deduct",
        "points": 10,
        "state": "confirmed",
        "clause": "",
        "text": "依法记录，内容不公开",
        "date": None,
        "document_no": "",
        "note": "",
        "recorded_by": "",
        "confirmed_by": "",
        "photos": 0,
        "paper": False,
        "hands": [],
    }


def test_petition_event_is_whole_for_its_office(eventful: World) -> None:
    assert why(eventful, UNLAWFUL, Role.PETITION_OFFICE)["events"][0]["document_no"] == DOCUMENT


def test_names_are_masked_except_for_the_own_cadre(eventful: World) -> None:
    assert why(eventful, PLAIN, Role.TOWNSHIP)["name"] == "欧阳*"
    assert why(eventful, PLAIN, Role.CADRE)["name"] == "欧阳九州"
    assert {child["name"] for child in why(eventful, SECOND, Role.COUNTY_OFFICE)["children"]} == {"曾*", "欧阳*", "孙*"}


@pytest.mark.parametrize("code", [SISTER, f"{SISTER}010001", f"{STRANGE}01", "430727", "nonsense", f"{FIRST}9999"])
def test_what_lies_outside_the_scope_is_404(eventful: World, code: str) -> None:
    response = eventful.client(Role.CADRE).get(f"/api/v1/why/{MONTH}/{code}/")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_above_the_own_place_may_be_read(eventful: World) -> None:
    assert [status(eventful, code, Role.GROUP_LEADER) for code in (COUNTY, TOWNSHIP, VILLAGE, FIRST, SECOND)] == [
        200,
        200,
        200,
        200,
        404,
    ]


def test_explanations_are_closed_without_token_and_without_right(eventful: World) -> None:
    assert Client().get(f"/api/v1/why/{MONTH}/{VILLAGE}/").status_code == 401
    assert status(eventful, VILLAGE, Role.SYSTEM_ADMIN) == 403


def test_month_that_never_began_has_no_scheme(eventful: World) -> None:
    answer = why(eventful, VILLAGE, month="2023-05")
    assert (answer["scheme"], answer["as_of"], answer["households"]) == ("", None, 0)
