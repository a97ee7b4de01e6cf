"""The pages, the file, the command and the interface by which places are changed."""

from datetime import date
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from households.borders.importing import import_borders
from households.intake.work import work
from households.models import BorderOrder, Division, Household, ImportRun, ImportState
from households.roles import Role
from tests.households.borders.orders import ordered
from tests.world import PASSWORD, SISTER, STRANGE, VILLAGE, World

pytestmark = pytest.mark.django_db
DAY = date(2024, 5, 10)
LIST_QUERIES = 4
ORDER = {"day": "2024-05-10", "reason": "villages", "document_no": "洞民政〔2024〕7号"}


@pytest.fixture
def office(world: World) -> Client:
    return world.client(Role.COUNTY_OFFICE)


def written(client: Client, answer_url: str) -> ImportRun:
    """The run of an address, written as the page does and worked on as the worker does."""
    client.post(f"{answer_url}write/", {"own_password": PASSWORD})
    run = ImportRun.objects.get(pk=int(answer_url.strip("/").rpartition("/")[2]))
    work(run.pk)
    run.refresh_from_db()
    return run


def test_small_act_is_rehearsed_written_and_taken_back(office: Client, world: World) -> None:
    assert "两村合并" in office.get("/borders/").content.decode()
    answer = office.post("/borders/new/merge/", ORDER | {"village": VILLAGE, "into": SISTER, "new_name": "东西村"})
    page = office.get(answer.url).content.decode()
    assert "演练通过" in page and "8 户换新的户编号" in page and "西河村（430726201202）更名为东西村" in page
    assert not BorderOrder.objects.exists()
    run = written(office, answer.url)
    assert run.state == ImportState.WRITTEN, run.said
    order = BorderOrder.objects.get()
    assert (order.run_id, order.document_no, order.households) == (run.pk, "洞民政〔2024〕7号", 8)
    shown = office.get(f"/borders/{order.pk}/").content.decode()
    assert "东山村" in shown and "并入" in shown and "到导入记录里撤回" in shown
    office.post(f"{answer.url}undo/", {"own_password": PASSWORD})
    work(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.UNDONE, run.said
    assert Household.objects.filter(code__startswith=VILLAGE, valid_to=None).count() == 8


def test_group_moves_to_the_next_number_of_the_village(office: Client, world: World) -> None:
    form = ORDER | {"group": f"{VILLAGE}02", "village": STRANGE, "number": "", "new_name": ""}
    run = written(office, office.post("/borders/new/move-group/", form).url)
    assert run.state == ImportState.WRITTEN, run.said
    assert Household.objects.filter(group=f"{STRANGE}02", valid_to=None).count() == 3


def test_day_of_an_order_is_filled_in_as_browsers_read_it(office: Client, world: World) -> None:
    page = office.get("/borders/new/move-group/").content.decode()
    assert f'value="{timezone.localdate().isoformat()}"' in page


def test_form_that_is_wrong_says_where_and_hands_in_nothing(office: Client, world: World) -> None:
    answer = office.post("/borders/new/merge/", ORDER | {"village": VILLAGE, "into": VILLAGE})
    assert answer.status_code == 422 and "不能并入自己" in answer.content.decode()
    assert not ImportRun.objects.exists()


def test_those_concerned_read_what_was_changed_and_others_do_not(world: World) -> None:
    order = ordered(None, DAY, (f"{VILLAGE}02", "", "二组"))
    for reader in (world.user(Role.TOWNSHIP), world.user(Role.CADRE)):
        assert "二组" in world.client(reader).get(f"/borders/{order.pk}/").content.decode()
    stranger = world.client(world.stranger(Role.TOWNSHIP))
    assert stranger.get(f"/borders/{order.pk}/").status_code == 404
    assert f"/borders/{order.pk}/" not in stranger.get("/borders/").content.decode()
    assert "两村合并" not in world.client(Role.TOWNSHIP).get("/borders/").content.decode()
    assert "次区划调整涉及本乡镇" in world.client(Role.TOWNSHIP).get("/").content.decode()


def test_file_says_what_is_wrong_beside_its_line(world: World) -> None:
    data = f"旧编码,新编码,新名称\n{VILLAGE},{SISTER},\n430726201999,{SISTER},\n{SISTER}01,{STRANGE},\n".encode()
    report = import_borders(name="对照.csv", data=data, day=DAY, reason="ordered", by=world.user(Role.COUNTY_OFFICE))
    assert [(one.line, one.column, one.reason) for one in report.errors] == [
        (3, "旧编码", "没有编码为 430726201999 的区划"),
        (4, "新编码", "旧编码是组，新编码是村，要同一级"),
    ]
    assert not BorderOrder.objects.exists()


def test_file_of_places_elsewhere_is_refused(world: World) -> None:
    data = "旧编码,新编码,新名称\n430727201201,,别县的村\n".encode()
    report = import_borders(name="对照.csv", data=data, day=DAY, reason="ordered", by=world.user(Role.COUNTY_OFFICE))
    assert "不在您的管辖范围内" in report.errors[0].reason


def test_command_rehearses_and_carries_out(world: World, tmp_path: object, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "borders.csv"
    file.write_text(f"old_code,new_code,new_name\n{VILLAGE},{SISTER},\n")
    call_command("change_borders", str(file), "--day", "2024-05-10", "--dry-run")
    assert "8 户换新的户编号" in capsys.readouterr().out
    assert not BorderOrder.objects.exists()
    call_command("change_borders", str(file), "--day", "2024-05-10", "--document", "7号")
    assert BorderOrder.objects.get().document_no == "7号"


def test_other_systems_read_which_code_became_which(office: Client, world: World) -> None:
    sent = {
        "op_id": str(uuid4()),
        "from": "2024-05-10",
        "reason": "villages",
        "lines": [{"old": VILLAGE, "new": SISTER, "name": ""}],
    }
    given = {"content_type": "application/json"}
    looked = office.post("/api/v1/divisions/changes/new/", sent | {"rehearse": True}, **given)
    assert looked.json()["households"] == 8 and looked.json()["stops"] == []
    assert not BorderOrder.objects.exists()
    first, again = (office.post("/api/v1/divisions/changes/new/", sent, **given) for _ in range(2))
    assert first.status_code == 201, first.content
    assert first.json() == again.json()
    told = office.get("/api/v1/divisions/changes/").json()
    assert told["next"] is None
    [order] = told["orders"]
    assert {
        "kind": "merge",
        "old": VILLAGE,
        "old_name": "东山村",
        "new": SISTER,
        "new_name": "西河村",
        "households": 8,
    } in order["lines"]
    assert world.client(world.stranger(Role.CADRE)).get("/api/v1/divisions/changes/").json()["orders"] == []


def test_order_of_no_file_is_taken_back_on_its_page(office: Client, world: World) -> None:
    order = ordered(None, DAY, (VILLAGE, "", "东岭村"))
    assert "整批撤回" in office.get(f"/borders/{order.pk}/").content.decode()
    office.post(f"/borders/{order.pk}/undo/", {"own_password": PASSWORD})
    assert Division.objects.get(code=VILLAGE).name == "东山村"
    assert "已整批撤回" in office.get(f"/borders/{order.pk}/").content.decode()


@pytest.mark.parametrize("orders", [1, 3])
def test_list_asks_the_same_number_of_times(
    office: Client, world: World, orders: int, django_assert_num_queries: object
) -> None:
    for number in range(orders):
        ordered(None, DAY, (VILLAGE, "", f"东山{number}村"))
    office.get("/borders/")
    with django_assert_num_queries(LIST_QUERIES):
        office.get("/borders/")
