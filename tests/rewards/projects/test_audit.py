"""No line in the audit log, no deed: each action of projects and ballots, with a log that fails."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from households.models import AuditEvent
from households.roles import Role
from rewards.models import (
    Acceptance,
    Ballot,
    Milestone,
    Payment,
    Project,
    ProjectPhoto,
    ProjectStep,
    Slip,
    Voice,
    VoiceEntry,
)
from rewards.pictures import pictures
from rewards.projects.actions.ballots import call_off, check_slip, hand_out_slip, key_slip, open_ballot, settle_ballot
from rewards.projects.actions.payments import pay, reverse_payment
from rewards.projects.actions.projects import approve_project, close_project, return_project, start_project
from rewards.projects.actions.works import (
    add_photo,
    finish_milestone,
    judge_works,
    plan_milestone,
    remove_milestone,
    remove_photo,
)
from tests.audit_failure import audit_down
from tests.rewards.pictures.photographs import photo
from tests.rewards.projects.village_works import (
    COST,
    DAY,
    accepted,
    asked,
    bill,
    building,
    chosen,
    finished,
    funded,
    listed,
)
from tests.world import World

pytestmark = pytest.mark.django_db
KEPT = (Project, ProjectStep, Milestone, ProjectPhoto, Acceptance, Payment, Ballot, Voice, VoiceEntry, Slip)
Deed = Callable[[], object]


def everything() -> list[list[dict[str, object]]]:
    return [list(model.objects.order_by("pk").values()) for model in KEPT]


def approving(world: World) -> Deed:
    project = chosen(world)
    return lambda: approve_project(project=project, budget_fen=5, approval_no="1号", by=world.user(Role.TOWNSHIP))


def returning(world: World) -> Deed:
    project = chosen(world)
    return lambda: return_project(project=project, reason="选址不妥", by=world.user(Role.TOWNSHIP))


def starting(world: World) -> Deed:
    project, _ = funded(world)
    plan_milestone(project=project, title="路基", due=DAY, by=None)
    return lambda: start_project(project=project, by=world.user(Role.CADRE))


def planning(world: World) -> Deed:
    project, _ = building(world)
    return lambda: plan_milestone(project=project, title="路面", due=DAY, by=world.user(Role.CADRE))


def finishing(world: World) -> Deed:
    project, _ = building(world)
    return lambda: finish_milestone(milestone=project.milestones.get(), on=DAY, by=world.user(Role.CADRE))


def unplanning(world: World) -> Deed:
    project, _ = building(world)
    return lambda: remove_milestone(milestone=project.milestones.get(), by=world.user(Role.CADRE))


def showing(world: World) -> Deed:
    [project] = listed(world)
    picture = pictures.keep(photo(64, 64), by=None)
    return lambda: add_photo(project=project, picture=picture, stage="before", caption="坑", by=world.user(Role.CADRE))


def taking_down(world: World) -> Deed:
    showing(world)()
    return lambda: remove_photo(photo=ProjectPhoto.objects.get(), reason="人脸", by=world.user(Role.CADRE))


def judging(world: World) -> Deed:
    project = finished(world)
    return lambda: judge_works(project=project, passed=True, remarks="好", by=world.user(Role.SUPERVISOR))


def reversing(world: World) -> Deed:
    project, _ = building(world)
    payment = pay(project=project, bill=bill(5), by=None)
    return lambda: reverse_payment(payment=payment, voucher_no="冲1", reason="付错", on=DAY, by=None)


def closing(world: World) -> Deed:
    project = accepted(world)
    pay(project=project, bill=bill(COST), by=None)
    return lambda: close_project(project=project, by=world.user(Role.COUNTY_OFFICE))


def opening(world: World) -> Deed:
    needs = listed(world)
    end = timezone.now() + timedelta(days=1)
    cadre = world.user(Role.CADRE)
    return lambda: open_ballot(village=world.village, title="先办哪件", projects=needs, closes_at=end, by=cadre)


def handing_out(world: World) -> Deed:
    ballot = asked(world, listed(world))
    return lambda: hand_out_slip(ballot=ballot, household=world.household, by=world.user(Role.CADRE))


def keying(world: World) -> Deed:
    ballot = asked(world, listed(world))
    hand_out_slip(ballot=ballot, household=world.household, by=None)
    return lambda: key_slip(ballot=ballot, number=1, picks=[], by=world.user(Role.CADRE))


def checking(world: World) -> Deed:
    slip = keying(world)()
    return lambda: check_slip(slip=slip, picks=[], by=world.user(Role.SUPERVISOR))


def settling(world: World) -> Deed:
    ballot = asked(world, listed(world))
    return lambda: settle_ballot(ballot=ballot, at=ballot.closes_at, by=world.user(Role.CADRE))


def calling_off(world: World) -> Deed:
    ballot = asked(world, listed(world))
    return lambda: call_off(ballot=ballot, reason="重来", by=world.user(Role.CADRE))


DEEDS = {
    "project.approve": approving,
    "project.return": returning,
    "project.start": starting,
    "project.plan": planning,
    "project.progress": finishing,
    "project.plan-": unplanning,
    "project.photo": showing,
    "project.photo_removed": taking_down,
    "project.judge": judging,
    "project.reverse": reversing,
    "project.close": closing,
    "ballot.open": opening,
    "ballot.slip_out": handing_out,
    "ballot.slip_keyed": keying,
    "ballot.slip_checked": checking,
    "ballot.settle": settling,
    "ballot.call_off": calling_off,
}


@pytest.mark.parametrize("name", DEEDS)
def test_deed_leaves_one_line_about_the_village(world: World, name: str) -> None:
    deed = DEEDS[name](world)
    before = AuditEvent.objects.count()
    deed()
    line = AuditEvent.objects.order_by("-id").first()
    assert AuditEvent.objects.count() == before + 1
    assert line.action == name.rstrip("-")
    assert line.place.startswith(world.village.code)


@pytest.mark.parametrize("name", DEEDS)
def test_without_its_line_the_deed_is_not_done(world: World, name: str) -> None:
    deed = DEEDS[name](world)
    before = everything()

    with audit_down():
        deed()
    assert everything() == before


@pytest.mark.parametrize("name", DEEDS)
def test_log_names_no_household_head(world: World, name: str) -> None:
    DEEDS[name](world)()
    details = " ".join(str(line.detail) + line.subject for line in AuditEvent.objects.filter(action=name.rstrip("-")))
    assert not [household.head_name for household in world.households if household.head_name in details]
