"""A village lists its needs, residents choose on a phone, the county pays, supervisors accept: to the public account, in Chromium."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from django.urls import reverse

from households.roles import Role
from rewards.demo.projects import WANTED
from rewards.demo.scenes import photo
from rewards.models import Ballot, Project
from rewards.pictures import pictures
from rewards.projects.actions.ballots import choose
from rewards.projects.actions.projects import NeedDraft, list_need
from rewards.projects.actions.works import add_photo
from tests.browsing import enter, faults
from tests.plates import own_plate
from tests.rewards.projects.village_works import award, end_now, fresh
from tests.world import VILLAGE, World

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
YEAR = 2024
PHONE, DESK = 360, 1280


@pytest.fixture
def needs(world: World) -> list[Project]:
    """Three needs with pictures of the places as they are."""
    cadre = world.user(Role.CADRE)
    listed = [list_need(village=world.village, year=YEAR, need=need, by=cadre) for need in WANTED[:3]]
    for project in listed:
        picture = pictures.keep(photo(project.kind, "before", Random(3)), by=cadre)
        add_photo(project=project, picture=picture, stage="before", caption="现在的样子", by=cadre)
    return listed


class Visit:
    """One browser that changes hands: `desk` and `phone` are pages of the two widths, pictures are kept by name."""

    def __init__(self, world: World, open_page: Callable, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.desk, self.phone = open_page(DESK), open_page(PHONE)
        self.faults: list[str] = []

    def look(self, page: object, name: str) -> None:
        """Keep a picture; note what breaks the rules of accessibility."""
        page.screenshot(path=self.folder / f"projects-{name}.jpg", full_page=True)
        self.faults += [f"{name}: {fault}" for fault in faults(page)]

    def as_role(self, role: str, path: str) -> object:
        self.desk.context.clear_cookies()
        enter(self.desk, self.world, role)
        self.desk.goto(path)
        return self.desk

    def act(self, name: str, **typed: str) -> None:
        """Fill and send one form of the project's page."""
        form = f"form[action$='/{name}/']"
        if not self.desk.is_visible(f"{form} button"):
            self.desk.click(f"details:has({form}) > summary")
        for field, value in typed.items():
            control = f"{form} [name={field}]"
            if field == "photo":
                file = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": value}
                self.desk.set_input_files(control, file)
            elif self.desk.evaluate(f"document.querySelector({control!r}).tagName") == "SELECT":
                self.desk.select_option(control, label=value)
            else:
                self.desk.fill(control, value)
        with self.desk.expect_navigation():
            self.desk.click(f"{form} button")
        self.desk.wait_for_selector(".notice-success")


@pytest.fixture
def visit(world: World, browser_page: Callable, artefacts: Path) -> Iterator[Visit]:
    visit = Visit(world, browser_page, artefacts)
    yield visit
    assert visit.faults == []


def list_and_ask(visit: Visit, last: NeedDraft) -> Ballot:
    """The cadre lists one more need, moves it up, and asks the village."""
    page = visit.as_role(Role.CADRE, f"/projects/needs/{VILLAGE}/?year={YEAR}")
    page.click("text=列一项需求")
    for field, value in (("title", last.title), ("purpose", last.purpose), ("place", last.place)):
        page.fill(f"[name={field}]", value)
    page.select_option("[name=kind]", last.kind)
    page.fill("[name=estimate]", "27000")
    visit.look(page, "need-1280")
    page.click("main form button")
    page.goto(f"/projects/needs/{VILLAGE}/?year={YEAR}")
    added = Project.objects.get(title=last.title)
    page.focus(f"#up-{added.pk}")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"ol.needs li:nth-child(3):has-text('{last.title}')")
    visit.look(page, "needs-1280")
    page.click("text=请群众选择")
    for box in page.query_selector_all("[name=projects]"):
        box.check()
    page.fill("[name=closes_on]", "2030-01-31")
    visit.look(page, "ballot-new-1280")
    page.click("main form button")
    page.wait_for_selector("text=户在册")
    visit.look(page, "ballot-1280")
    return Ballot.objects.get()


def choose_by_phone(visit: Visit, project: Project) -> None:
    """张三丰's family scans the plate and chooses, first another one, then this."""
    plate, pin = own_plate(visit.world.household)
    page = visit.phone
    page.goto(reverse("plate", args=[plate.token]))
    page.fill("#pin", pin)
    page.click("main form button")
    page.wait_for_selector("text=张*家")
    page.goto(reverse("villager-projects", args=[plate.token]))
    visit.look(page, "villager-360")
    page.click("label.option >> nth=1")
    page.click("text=就选这个")
    page.click(f"label.option:has-text('{project.title}')")
    page.click("text=改成现在选的")
    page.wait_for_selector(".notice-success >> text=已记下")
    visit.look(page, "villager-chosen-360")


def test_village_wins_and_finishes_a_project(world: World, needs: list[Project], visit: Visit) -> None:
    canal = needs[0]
    ballot = list_and_ask(visit, WANTED[3])
    choose_by_phone(visit, canal)
    choose(ballot=ballot, household=world.households[1], picks=[canal.pk])
    choose(ballot=ballot, household=world.households[2], picks=[needs[1].pk])
    end_now(ballot)
    page = visit.as_role(Role.CADRE, f"/projects/choice/{ballot.pk}/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.click("text=计票并公布结果")
    page.wait_for_selector(".result .won")
    visit.look(page, "ballot-result-1280")
    visit.phone.reload()
    visit.look(visit.phone, "villager-result-360")

    here = f"/projects/{canal.pk}/"
    visit.as_role(Role.TOWNSHIP, here)
    visit.act("approve", budget="128000", approval_no="罗政发〔2024〕17号")
    given = award(world, 150_000_00)
    visit.as_role(Role.COUNTY_OFFICE, here)
    visit.act("allocate", award=f"综合奖 {given.letter_no}，还剩 150,000.00 元", fen="128000")
    visit.as_role(Role.CADRE, here)
    for title, due in (("清淤开挖", "2024-08-01"), ("边坡硬化", "2024-09-01")):
        visit.act("plan", title=title, due=due)
    visit.act("start")
    visit.look(visit.desk, "project-building-1280")
    for title, kind in (("清淤开挖", "water"), ("边坡硬化", "road")):
        picture = photo(kind, "during", Random(3))
        visit.act("finish", milestone=title, done_on="2024-08-20", photo=picture)
    visit.act("photo", stage="完工后", caption="通水以后", photo=photo("water", "after", Random(3)))
    for role, name in ((Role.SUPERVISOR, "accept"), (Role.TOWNSHIP, "township-accept")):
        visit.as_role(role, here)
        visit.act(name, remarks="断面符合计划，通水正常。")
    visit.as_role(Role.COUNTY_OFFICE, here)
    visit.act("pay", fen="128000", payee="罗坪乡兴农水利工程队", voucher_no="付字〔01〕号")
    visit.act("close")
    visit.look(visit.desk, "project-closed-1280")
    assert (fresh(canal).state, fresh(canal).paid_fen) == ("closed", 128_000_00)


def test_everybody_reads_the_account(world: World, visit: Visit) -> None:
    from rewards.projects.actions.payments import pay
    from tests.rewards.projects.village_works import accepted, bill

    project = accepted(world)
    for stage in ("before", "after"):
        picture = pictures.keep(photo("road", stage, Random(3)), by=None)
        add_photo(project=project, picture=picture, stage=stage, caption="一组水井旁", by=None)
    pay(project=project, bill=bill(48_000_00), by=None)
    list_need(village=world.village, year=YEAR, need=WANTED[2], by=None)
    for width, page in ((PHONE, visit.phone), (DESK, visit.desk)):
        page.goto(reverse("public-projects", args=[VILLAGE]))
        visit.look(page, f"public-list-{width}")
        page.click("a:has-text('一组道路硬化')")
        page.wait_for_selector("text=谁验收的")
        visit.look(page, f"public-{width}")
        assert page.evaluate("[...document.images].every(i => i.naturalWidth > 0 || i.loading === 'lazy')")


def test_staff_pages_fit_a_phone(world: World, needs: list[Project], visit: Visit) -> None:
    from tests.rewards.projects.village_works import asked, building

    project, _ = building(world)
    ballot = asked(world, needs)
    enter(visit.phone, world, Role.CADRE)
    paths = {
        "list": "/projects/",
        "project": f"/projects/{project.pk}/",
        "needs": f"/projects/needs/{VILLAGE}/?year={YEAR}",
        "ballot": f"/projects/choice/{ballot.pk}/",
        "slips": f"/projects/choice/{ballot.pk}/slips/?slips=4",
    }
    for name, path in paths.items():
        visit.phone.goto(path)
        visit.look(visit.phone, f"{name}-360")
    visit.as_role(Role.COUNTY_OFFICE, "/projects/")
    visit.look(visit.desk, "list-1280")


def test_choice_works_without_scripts(world: World, needs: list[Project], browser_page: Callable) -> None:
    from tests.rewards.projects.village_works import asked

    ballot = asked(world, needs)
    plate, pin = own_plate(world.household)
    page = browser_page(PHONE, java_script_enabled=False)
    page.goto(reverse("plate", args=[plate.token]))
    page.fill("#pin", pin)
    page.click("main form button")
    page.goto(reverse("villager-projects", args=[plate.token]))
    page.click("main form button")
    assert "请选一个项目" in page.inner_text("[role=alert]")
    page.click("label.option >> nth=0")
    with page.expect_navigation():
        page.click("main form button")
    assert ballot.voices.get().picks == [needs[0].pk]
