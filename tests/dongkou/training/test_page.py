"""The page 练习村: who sees which township, who makes a village, and how one is made anew."""

import pytest
from celery import current_app
from celery.result import EagerResult
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from dongkou.training import database
from dongkou.training.posts import POSTS
from dongkou.training.state import MARK, PREFIX
from dongkou.training.villages import TrainingVillage, make_village, villages
from households.models import AuditEvent, Division, Household, User
from households.roles import Role
from households.scope import lies_in
from scoring.models import PointEntry
from tests.world import OTHER_TOWNSHIP, TOWNSHIP, World


def test_township_makes_its_village_by_one_click(world: World, training_database: None) -> None:
    client = world.client(Role.TOWNSHIP)
    page = client.post(reverse("make-training", args=[TOWNSHIP]), follow=True).content.decode()
    assert "罗坪乡的练习村建好了" in page
    assert "壶瓶乡" not in page  # the neighbour is the county's to see
    assert AuditEvent.objects.get(action="training.make").place == TOWNSHIP


def test_cadre_enters_and_cannot_make(world: World, village: TrainingVillage) -> None:
    client = world.client(Role.CADRE)
    page = client.get(reverse("training")).content.decode()
    assert "进入练习村" in page
    assert "从头再来" not in page
    assert client.post(reverse("make-training", args=[TOWNSHIP])).status_code == 403
    assert client.post(reverse("enter-training", args=[OTHER_TOWNSHIP]), {"post": Role.CADRE}).status_code == 404
    refused = client.post(reverse("enter-training", args=[TOWNSHIP]), {"post": Role.COUNTY_OFFICE})
    assert "练习村里没有这个岗位" in refused.content.decode()


def test_whoever_comes_first_has_it_made_and_the_next_one_finds_it(world: World, village: TrainingVillage) -> None:
    with database.opened():
        inside = Division.objects.filter(lies_in(village.code[:9])).exclude(pk=village.code[:9])
        inside.update(valid_to=timezone.localdate())
    assert villages([TOWNSHIP]) == {}
    client = world.client(Role.CADRE)
    assert "第一次进去时现建" in client.get(reverse("training")).content.decode()
    for _time in range(2):
        answer = client.post(reverse("enter-training", args=[TOWNSHIP]), {"post": Role.CADRE})
        assert answer["Location"] == f"{PREFIX}/"
        assert villages([TOWNSHIP])[TOWNSHIP].made == village.made + 1
    assert AuditEvent.objects.filter(action="training.make", actor="cadre").count() == 1
    assert make_village(township=world.township, by=None, anew=False).made == village.made + 1


@pytest.mark.parametrize("post", POSTS)
def test_every_post_has_its_own_home_there(world: World, village: TrainingVillage, post: Role) -> None:
    client = world.client(Role.CADRE)
    client.post(reverse("enter-training", args=[TOWNSHIP]), {"post": post})
    page = client.get(f"{PREFIX}/").content.decode()
    assert post.label in page
    assert f'href="{PREFIX}/' in page


def test_what_is_asked_of_the_worker_there_is_done_at_once(village: TrainingVillage) -> None:
    with database.opened():
        done = current_app.send_task("households.tasks.work_import", (0,), queue="export")
    assert isinstance(done, EagerResult)
    assert done.successful()


def test_made_anew_closes_the_one_before_and_deletes_nothing(world: World, village: TrainingVillage) -> None:
    with database.opened():
        households, entries = Household.objects.count(), PointEntry.objects.count()
    page = world.client(Role.COUNTY_OFFICE).post(reverse("make-training", args=[TOWNSHIP]), follow=True)
    assert f"第 {village.made + 1} 次" in page.content.decode()
    with database.opened():
        assert Division.objects.get(pk=village.code).valid_to is not None
        assert Household.objects.filter(valid_to=None, code__startswith=village.code[:9]).count() == 12
        assert Household.objects.count() == households + 12
        assert PointEntry.objects.count() > entries  # a frozen month gives points to practise with


def test_command_makes_one_and_prints_its_code(
    world: World, training_database: None, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("training_village", OTHER_TOWNSHIP)
    assert capsys.readouterr().out.startswith(f"{MARK}{OTHER_TOWNSHIP[2:]}")
    with pytest.raises(SystemExit):
        call_command("training_village", world.village.code)
    assert "不是乡镇" in capsys.readouterr().err


def test_page_asks_the_county_the_same_with_one_village_and_two(world: World, village: TrainingVillage) -> None:
    client, asked = world.client(Role.COUNTY_OFFICE), []
    for township in (TOWNSHIP, OTHER_TOWNSHIP):
        client.post(reverse("make-training", args=[township]))
        client.get(reverse("training"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("training"))
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_people_of_it_are_nobody_of_the_county(world: World, village: TrainingVillage) -> None:
    assert not User.objects.filter(username__startswith="practice-").exists()
    assert not Household.objects.filter(code__startswith=MARK).exists()
