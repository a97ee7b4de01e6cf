"""The staff's pages of projects: the list and its files, one project, the list of needs, what each person may do."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from households.roles import Role
from rewards.models import Payment, Project, ProjectPhoto
from rewards.pictures import pictures
from rewards.projects.actions.payments import pay
from rewards.projects.actions.works import add_photo
from rewards.projects.files import COLUMNS
from tests.answers import whole
from tests.downloads import rows_of
from tests.rewards.pictures.photographs import photo
from tests.rewards.projects.project_pages import post
from tests.rewards.projects.village_works import (
    COST,
    YEAR,
    accepted,
    approved,
    award,
    bill,
    building,
    chosen,
    finished,
    fresh,
    listed,
)
from tests.world import SISTER, VILLAGE, World

pytestmark = pytest.mark.django_db
LIST = "/projects/"


def page(world: World, role: str, project: Project) -> str:
    return world.client(role).get(reverse("project", args=[project.pk])).content.decode()


def titles(world: World, role: str, query: str = "") -> list[str]:
    return [project.title for project in world.client(role).get(LIST + query).context["page"]]


@pytest.fixture
def several(world: World) -> World:
    """One paid, one with money, one listed; one next door."""
    project = accepted(world)
    pay(project=project, bill=bill(COST), by=None)
    listed(world, "路灯", "水渠")
    listed(world, "邻村水井", village=world.sister)
    return world


def test_everybody_sees_the_projects_of_his_places(several: World) -> None:
    assert titles(several, Role.CADRE) == ["一组道路硬化", "路灯", "水渠"]
    assert titles(several, Role.GROUP_LEADER) == titles(several, Role.CADRE)
    assert len(titles(several, Role.TOWNSHIP)) == len(titles(several, Role.DEPARTMENT)) == 4
    assert several.client(several.stranger(Role.CADRE)).get(LIST).context["totals"].projects == 0


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=listed", {"路灯", "水渠", "邻村水井"}),
        ("?money=paid", {"一组道路硬化"}),
        ("?money=none", {"路灯", "水渠", "邻村水井"}),
        ("?money=unpaid", set()),
        (f"?within={SISTER}", {"邻村水井"}),
        ("?q=渠", {"水渠"}),
        ("?kind=light", set()),
        (f"?year={YEAR}&state=accepted", {"一组道路硬化"}),
        ("?state=castle&year=abc&within=9&money=all", {"一组道路硬化", "路灯", "水渠", "邻村水井"}),
    ],
)
def test_list_is_filtered(several: World, query: str, expected: set[str]) -> None:
    assert set(titles(several, Role.TOWNSHIP, query)) == expected


def test_totals_are_those_of_the_filtered_list(several: World) -> None:
    client = several.client(Role.COUNTY_OFFICE)
    totals = client.get(LIST).context["totals"]
    assert (totals.projects, totals.allocated, totals.paid, totals.unpaid) == (4, COST, COST, 0)
    assert client.get(f"{LIST}?state=listed").context["totals"].paid == 0


def test_file_is_the_screen(several: World) -> None:
    client = several.client(Role.TOWNSHIP)
    answer = client.get(f"{LIST}?state=listed&format=csv")
    rows = rows_of(answer, COLUMNS)
    assert [row["title"] for row in rows] == titles(several, Role.TOWNSHIP, "?state=listed")
    assert rows[0]["estimate"] == "50,000.00"
    assert client.get(f"{LIST}?format=xlsx").content.startswith(b"PK")
    assert client.get(f"{LIST}?format=pdf").status_code == 404


def test_title_cannot_be_a_formula(world: World) -> None:
    listed(world, "=1+1")
    answer = world.client(Role.CADRE).get(f"{LIST}?format=csv")
    assert "'=1+1" in answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_queries_for_one_and_three(
    world: World, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listed(world, *["路", "渠", "灯"][:number])
    client = world.client(Role.COUNTY_OFFICE)
    client.get("/")  # stamps the session, and asks once whether the county is open
    with django_assert_num_queries(7):
        client.get(LIST)


@pytest.mark.parametrize("number", [1, 3])
def test_project_costs_the_same_queries_for_one_and_three(
    world: World, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    project, _ = building(world)
    for _ in range(number):
        pay(project=project, bill=bill(100), by=world.user(Role.COUNTY_OFFICE))
    client = world.client(Role.GROUP_LEADER)
    with django_assert_num_queries(20):
        client.get(reverse("project", args=[project.pk]))


@pytest.mark.parametrize("number", [1, 3])
def test_needs_cost_the_same_queries_for_one_and_three(
    world: World, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listed(world, *["路", "渠", "灯"][:number])
    client = world.client(Role.CADRE)
    with django_assert_num_queries(9):
        client.get(f"/projects/needs/{VILLAGE}/?year={YEAR}")


def test_cadre_lists_a_need(world: World) -> None:
    typed = {"op_id": str(uuid4()), "year": YEAR, "title": "三组水渠", "kind": "water", "purpose": "渠道渗漏。"}
    address = reverse("project-new", args=[VILLAGE])
    for _ in range(2):  # a double press lists it once
        answer = world.client(Role.CADRE).post(address, typed | {"place": "三组", "estimate": "12,345.60"})
        assert answer.status_code == 302
    project = Project.objects.get()
    assert (project.title, project.estimate_fen, project.priority) == ("三组水渠", 12_345_60, 1)


@pytest.mark.parametrize("estimate", ["", "很多", "-5", "1.234"])
def test_need_with_a_wrong_amount_comes_back(world: World, estimate: str) -> None:
    typed = {"op_id": str(uuid4()), "title": "水渠", "kind": "water", "purpose": "渗漏", "place": "三组"}
    answer = world.client(Role.CADRE).post(reverse("project-new", args=[VILLAGE]), typed | {"estimate": estimate})
    assert answer.status_code == 422
    assert "水渠" in answer.content.decode()
    assert not Project.objects.exists()


def test_cadre_edits_and_reorders(world: World) -> None:
    road, canal = listed(world, "路", "渠")
    client = world.client(Role.CADRE)
    answer = client.post(reverse("project-move", args=[canal.pk]), {"up": ""})
    assert answer["Location"] == f"/projects/needs/{VILLAGE}/?year={YEAR}#up-{canal.pk}"
    assert fresh(canal).priority == 1
    typed = {"title": "新路", "kind": "road", "purpose": "泥泞", "place": "一组", "estimate": "10"}
    assert client.post(reverse("project-edit", args=[road.pk]), typed).status_code == 302
    assert (fresh(road).title, fresh(road).estimate_fen) == ("新路", 10_00)


def test_township_approves_on_the_page(world: World) -> None:
    project = chosen(world)
    assert "立项" in page(world, Role.TOWNSHIP, project)
    answer = post(world, Role.TOWNSHIP, project, "approve", budget="48000", approval_no="罗政发〔2024〕9号")
    assert answer.status_code == 302
    assert fresh(project).budget_fen == 48_000_00


def test_county_allocates_and_pays(world: World) -> None:
    project, given = approved(world), award(world)
    post(world, Role.COUNTY_OFFICE, project, "allocate", award=given.pk, fen="50000")
    assert fresh(project).allocated_fen == COST
    assert "出资：林业局" in page(world, Role.CADRE, project)


def test_refusal_stands_on_the_project_page(world: World) -> None:
    project, _ = building(world)
    typed = {"payee_kind": "company", "payee": "建筑公司", "voucher_no": "付1", "paid_on": "2024-06-20"}
    answer = post(world, Role.COUNTY_OFFICE, project, "pay", fen="50000", **typed)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "验收前最多付到已安排的 80%" in text
    assert 'value="建筑公司"' in text
    assert not Payment.objects.exists()


def test_same_payment_sent_twice_is_made_once(world: World) -> None:
    project, _ = building(world)
    typed = {"payee_kind": "company", "payee": "建筑公司", "voucher_no": "付1", "paid_on": "2024-06-20", "fen": "100"}
    for _ in range(2):
        assert post(world, Role.COUNTY_OFFICE, project, "pay", op_id="0" * 31 + "1", **typed).status_code == 302
    assert fresh(project).paid_fen == 100_00


def test_form_with_a_fault_comes_back_open(world: World) -> None:
    project, _ = building(world)
    answer = post(world, Role.CADRE, project, "plan", title="", due="2024-07-01")
    assert answer.status_code == 422
    [plan] = [each for each in answer.context["acts"] if each["name"] == "plan"]
    assert plan["open"]
    assert plan["form"].errors


def test_milestone_is_finished_with_a_photo(world: World) -> None:
    project, _ = building(world)
    upload = SimpleUploadedFile("a.jpg", photo(), content_type="image/jpeg")
    typed = {"milestone": project.milestones.get().pk, "done_on": "2024-06-20", "note": "压实两遍", "photo": upload}
    assert post(world, Role.CADRE, project, "finish", **typed).status_code == 302
    assert project.photos.get().milestone.note == "压实两遍"


def test_what_is_no_photo_is_refused_and_nothing_is_done(world: World) -> None:
    project, _ = building(world)
    upload = SimpleUploadedFile("a.jpg", b"%PDF-1.7 no photo")
    typed = {"milestone": project.milestones.get().pk, "done_on": "2024-06-20", "photo": upload}
    answer = post(world, Role.CADRE, project, "finish", **typed)
    assert answer.status_code == 422
    assert "PDF" in answer.content.decode()
    assert project.milestones.get().done_on is None
    assert not ProjectPhoto.objects.exists()


def test_photo_is_taken_down_with_a_reason(world: World) -> None:
    [project] = listed(world)
    picture = pictures.keep(photo(), by=None)
    kept = add_photo(project=project, picture=picture, stage="before", caption="路面坑洼", by=None)
    assert "路面坑洼" in page(world, Role.CADRE, project)
    post(world, Role.CADRE, project, "unphoto", photo=kept.pk, reason="拍到了人脸")
    assert "路面坑洼" not in page(world, Role.CADRE, project)


def test_supervisor_and_township_accept_on_the_page(world: World) -> None:
    project = finished(world)
    assert "还差村务监督委员和乡镇签字" in page(world, Role.SUPERVISOR, project)
    post(world, Role.SUPERVISOR, project, "accept", passed="yes", remarks="路面平整")
    post(world, Role.TOWNSHIP, project, "township-accept", passed="yes", remarks="同意")
    assert fresh(project).state == "accepted"


def test_county_does_not_accept_for_the_township(world: World) -> None:
    project = finished(world)
    assert post(world, Role.COUNTY_OFFICE, project, "township-accept", passed="yes", remarks="好").status_code == 403
    assert not project.acceptances.exists()


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.GROUP_LEADER, set()),
        (Role.DEPARTMENT, set()),
        (Role.SUPERVISOR, {"accept"}),
        (Role.TOWNSHIP, {"township-accept"}),
        (Role.CADRE, {"plan", "finish", "photo", "unplan", "drop"}),
        (Role.COUNTY_OFFICE, {"pay", "release"}),
    ],
)
def test_page_offers_what_the_person_may_do_now(world: World, role: str, expected: set[str]) -> None:
    project, _ = building(world)
    acts = world.client(role).get(reverse("project", args=[project.pk])).context["acts"]
    assert {each["name"] for each in acts} == expected


@pytest.mark.parametrize("name", ["approve", "pay", "accept", "plan", "drop"])
def test_stranger_does_not_find_the_project(world: World, name: str) -> None:
    project, _ = building(world)
    for role in (Role.CADRE, Role.SUPERVISOR, Role.TOWNSHIP):
        client = world.client(world.stranger(role))
        for answer in (
            client.get(reverse("project", args=[project.pk])),
            client.post(reverse(f"project-{name}", args=[project.pk]), {"reason": "别村的"}),
        ):
            assert answer.status_code in (403, 404) and project.title not in whole(answer)
    assert (fresh(project).state, fresh(project).paid_fen) == ("building", 0)


def test_suspended_money_is_told_on_the_page(world: World) -> None:
    from tests.rewards.projects.village_works import restate

    project, _ = building(world)
    restate()
    text = page(world, Role.COUNTY_OFFICE, project)
    assert "资金暂停使用" in text
    assert "现在最多可以付 <strong>0.00</strong>" in text
