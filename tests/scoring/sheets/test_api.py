"""Reading a village's month over HTTP: what is told to whom."""

from datetime import date

import pytest

from households.models import Household
from households.roles import Role
from scoring.models import Period, Sheet
from scoring.states import SheetState, lock_reason
from tests.scoring.points.asking import add, asker, op
from tests.world import DAY, MONTH, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

FIRST, SECOND_GROUP = f"{VILLAGE}010001", f"{VILLAGE}020001"
NAMES = {"张三丰", "李四光", "王五一", "赵六合", "单七星", "曾八方", "欧阳九州", "孙十全"}
DOCUMENT = "石公行罚决字〔2024〕5号"


def names(data: dict) -> list[str]:
    return [household["name"] for household in data["households"]]


def recorded_petition(world: World) -> int:
    return asker(world, Role.PETITION_OFFICE).record(FIRST, "FF01", document_no=DOCUMENT, note="只给两个办公室看")


def test_sheet_has_the_agreed_shape(world: World) -> None:
    data = asker(world, Role.CADRE).read()
    assert {"version", "state", "lock_reason", "closes_at", "households", "events"} <= set(data)
    assert (data["version"], data["state"], data["lock_reason"]) == (0, "open", "")
    assert (data["month"], data["closes_at"]) == (MONTH, "2024-05-31T23:59:59+08:00")
    assert data["village"]["above"] == [{"code": TOWNSHIP, "name": "罗坪乡"}, {"code": "430726", "name": "石门县"}]


def test_sheet_lists_every_household_of_the_village_and_no_other(world: World) -> None:
    data = asker(world, Role.CADRE).read()
    assert set(names(data)) == NAMES
    assert data["households"][0] == {"code": FIRST, "name": "张三丰", "initials": "zsf"}
    assert [group["code"] for group in data["groups"]] == [VILLAGE, f"{VILLAGE}01", f"{VILLAGE}02"]
    assert data["counts"] == {"households": 8, "events": 0, "exceptions": 0, "six_zero": 8}


def test_sheet_gives_the_scheme_of_the_month_with_who_may_record(world: World) -> None:
    scheme = asker(world, Role.CADRE).read()["scheme"]
    assert [zero["position"] for zero in scheme["indicators"]] == [1, 2, 3, 4, 5, 6]
    assert sum(zero["share"] for zero in scheme["indicators"]) == 100
    clauses = {clause["code"]: clause for zero in scheme["indicators"] for clause in zero["clauses"]}
    assert (clauses["WJ02"]["may_record"], clauses["WJ05"]["may_record"]) == (True, False)
    assert clauses["WJ05"]["recorder_name"] == "乡镇"
    assert not clauses["FF01"]["may_record"]


def test_older_month_is_read_under_the_older_scheme(world: World) -> None:
    Period.objects.all().delete()  # else it lies before the first
    data = asker(world, Role.CADRE, month="2022-06").read()
    assert data["scheme"]["code"] == "2022"
    assert "零疫情" in [zero["name"] for zero in data["scheme"]["indicators"]]


def test_reading_writes_nothing(world: World) -> None:
    before = Sheet.objects.count(), Period.objects.count()
    asker(world, Role.CADRE, month="2024-06").read()
    assert (Sheet.objects.count(), Period.objects.count()) == before


def test_event_tells_everything_about_itself(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    number = cadre.record(FIRST, "WJ04", note="放线往外移了半米")
    (event,) = cadre.read()["events"]
    assert (event["id"], event["code"], event["clause"], event["indicator"]) == (
        number,
        FIRST,
        "WJ04",
        "illegal_building",
    )
    assert (event["kind"], event["points"], event["date"]) == ("deduct", 5, DAY.isoformat())
    assert (event["note"], event["document_no"], event["state"]) == ("放线往外移了半米", "", "pending")
    assert event["recorded_by"] == {"name": "村干部甲", "role": "cadre", "role_name": "村干部"}
    assert (event["can_withdraw"], event["can_confirm"]) == (True, False)


def test_withdrawn_event_stays_with_its_reason(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.send(op("withdraw", event=cadre.record(FIRST), reason="记错了户"))
    (event,) = cadre.read()["events"]
    assert (event["state"], event["withdraw_reason"], event["can_withdraw"]) == ("withdrawn", "记错了户", False)


def test_counts_speak_of_households_not_of_events(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    for clause in ("WJ02", "WR02", "SG03"):
        cadre.record(FIRST, clause)
    cadre.record(VILLAGE, "WR13")
    assert cadre.read()["counts"] == {"households": 8, "events": 4, "exceptions": 1, "six_zero": 7}


def test_household_that_has_left_is_not_listed(world: World) -> None:
    Household.objects.filter(code=FIRST).update(valid_to=date(2024, 5, 31))
    assert "张三丰" not in names(asker(world, Role.CADRE).read())
    assert "张三丰" in names(asker(world, Role.CADRE, month="2024-04").read())


def test_leader_sees_his_group_only(world: World) -> None:
    asker(world, Role.CADRE).record(SECOND_GROUP)
    asker(world, Role.CADRE).record(VILLAGE, "WR13")
    data = asker(world, Role.GROUP_LEADER).read()
    assert len(names(data)) == 5
    assert not {"曾八方", "欧阳九州", "孙十全"} & set(names(data))
    assert data["events"] == []
    assert [group["code"] for group in data["groups"]] == [f"{VILLAGE}01"]
    assert data["counts"]["households"] == 5


def test_linked_group_shows_a_department_that_group_only(world: World) -> None:
    linkage = world.user(Role.DEPARTMENT).department.linkages.get(division=VILLAGE)
    type(linkage).objects.filter(pk=linkage.pk).update(division=f"{VILLAGE}02")
    data = asker(world, Role.DEPARTMENT).read()
    assert {household["code"][:14] for household in data["households"]} == {f"{VILLAGE}02"}


@pytest.mark.parametrize("role", [Role.CADRE, Role.GROUP_LEADER])
def test_own_cadre_and_leader_read_names(world: World, role: str) -> None:
    assert set(names(asker(world, role).read())) <= NAMES


@pytest.mark.parametrize(
    "role", [Role.SUPERVISOR, Role.TOWNSHIP, Role.DEPARTMENT, Role.PETITION_OFFICE, Role.COUNTY_OFFICE]
)
def test_everybody_else_reads_masked_names(world: World, role: str) -> None:
    read = names(asker(world, role).read())
    assert read[0] == "张*"
    assert not NAMES & set(read)


def test_who_records_finds_households_by_initials_who_only_reads_does_not(world: World) -> None:
    assert asker(world, Role.DEPARTMENT).read()["households"][0]["initials"] == "zsf"
    assert asker(world, Role.SUPERVISOR).read()["households"][0]["initials"] == ""


def test_sheet_holds_no_phone_number_and_no_address(world: World) -> None:
    body = world.client(Role.CADRE).get(asker(world, Role.CADRE).url).content.decode()
    assert "13800000001" not in body
    assert "一组1号" not in body


@pytest.mark.parametrize("role", [Role.CADRE, Role.GROUP_LEADER, Role.TOWNSHIP, Role.SUPERVISOR, Role.DEPARTMENT])
def test_petition_entry_stands_but_says_nothing(world: World, role: str) -> None:
    recorded_petition(world)
    (event,) = asker(world, role).read()["events"]
    assert (event["indicator"], event["kind"], event["points"]) == ("petition", "deduct", 10)
    assert (event["secret"], event["clause"], event["note"], event["document_no"]) == (True, "", "", "")
    assert not event["can_confirm"]


@pytest.mark.parametrize("role", [Role.PETITION_OFFICE, Role.COUNTY_OFFICE])
def test_two_offices_read_petition_entries(world: World, role: str) -> None:
    recorded_petition(world)
    (event,) = asker(world, role).read()["events"]
    assert (event["secret"], event["clause"], event["document_no"]) == (False, "FF01", DOCUMENT)


def test_declared_sheet_says_who_signed_and_why_it_is_locked(world: World) -> None:
    cadre = asker(world, Role.CADRE)
    cadre.record(FIRST)
    cadre.send(op("declare"))
    data = cadre.read()
    assert (data["state"], data["lock_reason"]) == ("declared", lock_reason(SheetState.DECLARED))
    assert {key: data["declared"][key] for key in ("by", "households", "exceptions")} == {
        "by": "村干部甲",
        "households": 8,
        "exceptions": 1,
    }
    assert data["may"] == {"record": False, "declare": False, "undeclare": True}
    assert not data["events"][0]["can_withdraw"]


def test_returned_sheet_says_why_until_it_is_declared_again(world: World) -> None:
    cadre, township = asker(world, Role.CADRE), world.client(Role.TOWNSHIP)
    cadre.send(op("declare"))
    sent = {"op_id": op("x")["op_id"], "decision": "return", "reason": "二组漏了一条"}
    township.post(f"/api/v1/reviews/{MONTH}/{VILLAGE}/", sent, content_type="application/json")
    assert cadre.read()["returned"]["reason"] == "二组漏了一条"
    cadre.send(op("declare", again=True))
    assert cadre.read()["returned"] is None


def test_returned_sheet_counts_what_was_done_to_it_since(world: World) -> None:
    cadre, township = asker(world, Role.CADRE), world.client(Role.TOWNSHIP)
    cadre.record(f"{VILLAGE}010001")
    cadre.send(op("declare"))
    sent = {"op_id": op("x")["op_id"], "decision": "return", "reason": "二组漏了一条"}
    township.post(f"/api/v1/reviews/{MONTH}/{VILLAGE}/", sent, content_type="application/json")
    assert cadre.read()["returned"]["changes"] == 0
    cadre.record(f"{VILLAGE}020001")
    assert cadre.read()["returned"]["changes"] == 1


def test_entry_says_who_the_second_person_was(world: World) -> None:
    number = asker(world, Role.CADRE).record(f"{VILLAGE}010001", "WJ04")
    supervisor = asker(world, Role.SUPERVISOR)
    assert supervisor.read()["events"][0]["confirmed_by"] is None
    supervisor.send(op("confirm", event=number))
    confirmed = supervisor.read()["events"][0]
    assert confirmed["confirmed_by"]["role_name"] == "村务监督委员"
    assert confirmed["confirmed_at"]


def test_entry_that_needs_no_second_person_names_none(world: World) -> None:
    asker(world, Role.CADRE).record(f"{VILLAGE}010001", "WR05")
    assert asker(world, Role.CADRE).read()["events"][0]["confirmed_by"] is None


def test_rights_are_the_callers_own(world: World) -> None:
    may = {role: asker(world, role).read()["may"] for role in (Role.CADRE, Role.GROUP_LEADER, Role.SUPERVISOR)}
    assert may[Role.CADRE] == {"record": True, "declare": True, "undeclare": False}
    assert may[Role.GROUP_LEADER] == {"record": True, "declare": False, "undeclare": False}
    assert may[Role.SUPERVISOR] == {"record": False, "declare": False, "undeclare": False}


@pytest.mark.parametrize(
    "village", [SISTER, STRANGE, f"{VILLAGE}01", TOWNSHIP, "430726", "430726201000", "999999999999", "abc", "4307 \x00"]
)
def test_what_is_no_village_of_mine_is_not_found(world: World, village: str) -> None:
    response = world.client(Role.CADRE).get(f"/api/v1/sheets/{MONTH}/{village}/")
    assert response.status_code == 404
    assert response.json()["code"] == "not_found"


def test_strangers_account_finds_nothing_and_writes_nothing(world: World) -> None:
    for stranger in world.strangers.values():
        client = world.client(stranger)
        assert client.get(asker(world, Role.CADRE).url).status_code == 404
        assert asker(world, stranger).post({"ops": [add(FIRST)]}).status_code == 404
    assert asker(world, Role.CADRE).read()["events"] == []


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.AUDITOR])
def test_roles_without_sheets_are_refused(world: World, role: str) -> None:
    answer = world.client(role).get(asker(world, Role.CADRE).url)
    assert (answer.status_code, set(answer.json())) == (403, {"code", "detail", "fields"})


@pytest.mark.parametrize(
    "month", ["2024-13", "2024-5", "202405", "2024-00", "１２３４-05", "month", "2024-05-01", "1999-01"]
)
def test_month_that_is_none_is_refused_by_name(world: World, month: str) -> None:
    response = world.client(Role.CADRE).get(f"/api/v1/sheets/{month}/{VILLAGE}/")
    assert response.status_code == 400
    assert response.json()["code"] == "month_unreadable"
    assert response.json()["fields"]["month"] in response.json()["detail"]


def test_future_month_is_refused(world: World) -> None:
    response = world.client(Role.CADRE).get(f"/api/v1/sheets/2099-01/{VILLAGE}/")
    assert (response.status_code, response.json()["code"]) == (422, "month_in_future")
    assert response.json()["detail"] == "2099-01 还没有到，不能录入。"


def test_month_before_every_scheme_is_refused_with_a_way_out(world: World) -> None:
    response = world.client(Role.CADRE).get(f"/api/v1/sheets/2020-01/{VILLAGE}/")
    assert (response.status_code, response.json()["code"]) == (422, "no_scheme")
    assert "县六零办" in response.json()["detail"]


def test_answer_is_kept_by_no_cache(world: World) -> None:
    response = world.client(Role.CADRE).get(asker(world, Role.CADRE).url)
    assert "no-store" in response["Cache-Control"]
