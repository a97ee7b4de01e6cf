"""Who objects to what, when, and what it says; an objection costs nothing."""

from uuid import uuid4

import pytest
from django.db import connection

from households.kin.actions import declare_kin
from households.models import AuditEvent
from households.roles import Role
from scoring.models import HouseholdScore, Objection, ObjectionPhoto, ObjectionStep, ScoreEvent
from scoring.notices.reads import head_of
from scoring.objections.actions.filing import MAX_OPEN, file_by_household, file_by_staff
from scoring.objections.reads import is_own, objections_of, of_household
from scoring.rollup.rollup import roll_up
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.refusals import refused
from tests.scoring.notices.posting import DAY, POSTED, days_ago, posted_event
from tests.scoring.objections.objecting import ONE, TWO, WORDS, filing, keyed_in, objected, ruled, state
from tests.world import VILLAGE, World


@pytest.fixture
def event(world: World) -> ScoreEvent:
    """The cadre's, on the first household of a month that is posted now."""
    return posted_event(world, ONE)


def own(world: World, event: ScoreEvent) -> Objection:
    return Objection.objects.get(pk=objected(world, event.pk, month=POSTED)["id"])


def test_household_objects_to_its_own_record_and_gets_a_number(world: World, event: ScoreEvent) -> None:
    made = own(world, event)
    assert (made.state, made.blocks, made.way, made.text) == ("first", True, "plate", WORDS)
    assert made.number == f"{POSTED.replace('-', '')}-{made.pk:06d}"
    assert list(of_household(ONE)) == [made] and not of_household(TWO).exists()


def test_words_lie_sealed_and_outside_the_log(world: World, event: ScoreEvent) -> None:
    made = own(world, event)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM scoring_objection WHERE id = %s", [made.pk])
        assert WORDS.encode() not in bytes(cursor.fetchone()[0])
    assert not any(WORDS in str(line.detail) for line in AuditEvent.objects.filter(action__startswith="objection"))


def test_objecting_costs_nothing(world: World, event: ScoreEvent) -> None:
    before = list(HouseholdScore.objects.filter(month=POSTED).values_list("code", "score").order_by("code"))
    number = own(world, event).pk
    ruled(number, world.user(Role.SUPERVISOR), upheld=False)
    roll_up(POSTED, full=True)
    assert list(HouseholdScore.objects.filter(month=POSTED).values_list("code", "score").order_by("code")) == before


def test_same_request_again_files_once(world: World, event: ScoreEvent) -> None:
    op_id = uuid4()
    first = file_by_household(op_id=op_id, filing=filing(event.pk, month=POSTED))
    assert file_by_household(op_id=op_id, filing=filing(event.pk, month=POSTED)) == first
    assert Objection.objects.count() == 1


def test_second_objection_to_the_same_record_is_told(world: World, event: ScoreEvent) -> None:
    own(world, event)
    refused("objected_before", lambda: objected(world, event.pk, month=POSTED))
    refused("objected_before", lambda: objected(world, event.pk, world.user(Role.SUPERVISOR), month=POSTED))


def test_record_that_was_ruled_on_is_not_objected_to_again(world: World, event: ScoreEvent) -> None:
    number = own(world, event).pk
    ruled(number, world.user(Role.SUPERVISOR))
    refused("withdrawn", lambda: objected(world, event.pk, month=POSTED))


def test_neighbours_record_is_unknown(world: World, event: ScoreEvent) -> None:
    refused("event_unknown", lambda: objected(world, event.pk, month=POSTED, code=TWO))


def test_month_that_is_not_posted_takes_none(world: World) -> None:
    made = world.record(ONE, "WR02", day=DAY)
    for _ in ("open", "declared"):
        refused("not_posted", lambda: objected(world, made.pk, month=POSTED))
        world.declare(month=POSTED) if world.sheet(month=POSTED).state == "open" else None


def test_late_one_stands_above_the_village_and_holds_nothing_up(world: World, event: ScoreEvent) -> None:
    sheet = world.sheet(month=POSTED)
    days_ago(sheet, (head_of(sheet).days.objections_until - head_of(sheet).posted_on).days + 10)
    made = own(world, event)
    assert (made.state, made.blocks) == ("second", False)


def test_empty_words_are_asked_for(world: World, event: ScoreEvent) -> None:
    assert refused("words_missing", lambda: objected(world, event.pk, month=POSTED, text="  ")).fields["text"]


def test_household_has_few_in_hand_at_once(world: World, event: ScoreEvent) -> None:
    for _ in range(MAX_OPEN):
        objected(world, None, month=POSTED)
    refused("too_many_open", lambda: objected(world, event.pk, month=POSTED))
    ruled(Objection.objects.latest("pk").pk, world.user(Role.SUPERVISOR), upheld=False)


def test_missing_good_deed_needs_a_household_with_a_result(world: World, event: ScoreEvent) -> None:
    assert objected(world, None, month=POSTED, code=TWO)["state"] == "first"
    refused("no_result", lambda: objected(world, None, world.user(Role.SUPERVISOR), month=POSTED, code=VILLAGE))


def test_cadre_keys_in_paper_with_a_photo_of_it(world: World, event: ScoreEvent) -> None:
    cadre = world.user(Role.CADRE)
    about = filing(event.pk, month=POSTED, paper=True)
    refused("photo_missing", lambda: file_by_staff(op_id=uuid4(), filing=about, by=cadre))
    own = filing(event.pk, month=POSTED)
    refused("paper_only", lambda: file_by_staff(op_id=uuid4(), filing=own, by=cadre, photo=b"paper"))
    number = objected(world, event.pk, cadre, month=POSTED)["id"]
    photo = ObjectionPhoto.objects.get(objection=number)
    assert bytes(photo.content) == b"\xff\xd8 paper" and list(of_household(ONE).values_list("pk", flat=True)) == [
        number
    ]


def test_department_objects_to_its_own_finding_alone(world: World, event: ScoreEvent) -> None:
    department = world.user(Role.DEPARTMENT)
    refused("not_own_finding", lambda: objected(world, event.pk, department, month=POSTED))
    refused("event_missing", lambda: objected(world, None, department, month=POSTED))
    refused("not_yours", lambda: objected(world, event.pk, world.stranger(Role.DEPARTMENT), month=POSTED))


def test_household_is_told_of_what_others_contest_for_it_but_not_their_words(world: World, event: ScoreEvent) -> None:
    number = objected(world, event.pk, world.user(Role.SUPERVISOR), month=POSTED)["id"]
    [one] = of_household(ONE)
    assert one.pk == number and not is_own(one)


def test_nobody_elsewhere_and_no_other_post_objects(world: World, event: ScoreEvent) -> None:
    for user in (world.stranger(Role.SUPERVISOR), world.user(Role.GROUP_LEADER), world.user(Role.COUNTY_OFFICE)):
        refused("not_yours", lambda user=user: objected(world, event.pk, user, month=POSTED))
    refused("not_yours", lambda: keyed_in(event.pk, world.stranger(Role.TOWNSHIP), month=POSTED))
    refused("no_paper", lambda: keyed_in(event.pk, world.user(Role.DEPARTMENT), month=POSTED))
    assert not objections_of(world.stranger(Role.TOWNSHIP)).exists()


def test_panel_of_which_nobody_is_free_is_passed_by(world: World) -> None:
    """The cadre recorded it, the supervisor is kin."""
    made = posted_event(world, ONE)
    supervisor = world.user(Role.SUPERVISOR)
    declare_kin(user=supervisor, household=world.household, relation="kin", by=supervisor)
    assert own(world, made).state == "second"


def test_objection_and_its_audit_line_stand_or_fall_together(world: World, event: ScoreEvent) -> None:
    with audit_down():
        objected(world, event.pk, month=POSTED)
    assert not Objection.objects.exists()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("UPDATE scoring_objection SET code = village_id", "never edited"),
        ("UPDATE scoring_objection SET state = 'gone'", "objection_state_known|objection_due_while_open"),
        ("UPDATE scoring_objection SET state = 'upheld'", "objection_due_while_open"),
        ("UPDATE scoring_objection SET text = NULL", "never edited"),
        ("DELETE FROM scoring_objection", "append-only"),
        ("DELETE FROM scoring_objectionstep", "append-only"),
        ("UPDATE scoring_objectionstep SET role = 'cadre'", "never edited"),
        ("UPDATE scoring_sheet SET state = 'frozen', frozen_at = now()", "waits for an objection"),
    ],
)
def test_database_keeps_objections(world: World, event: ScoreEvent, change: str, rule: str) -> None:
    own(world, event)
    broken(raw(change), rule)


def test_database_takes_no_ruling_without_a_reason(world: World, event: ScoreEvent) -> None:
    ruling = ObjectionStep(objection=own(world, event), action="uphold", state="upheld", role=Role.CADRE)
    broken(ruling.save, "objection_ruling_has_reason")


def test_database_moves_nothing_that_is_over(world: World, event: ScoreEvent) -> None:
    number = own(world, event).pk
    ruled(number, world.user(Role.SUPERVISOR))
    broken(raw("UPDATE scoring_objection SET state = 'first', due_on = now()"), "never edited")
    assert state(number) == "upheld"
