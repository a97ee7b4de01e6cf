"""After the term nothing that somebody wrote about a household is to be read from any table, whatever room keeps it."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model, Q
from django.utils import timezone

from households.changes.actions.proposals import propose, refuse
from households.changes.actions.watching import answer_objection, object_to
from households.changes.reads import lines_of
from households.house.checks import examine
from households.models import (
    AwaySpell,
    ChangeKind,
    CorrectionRequest,
    Household,
    HouseholdChange,
    HouseholdErasure,
    HouseholdProposal,
    Operation,
)
from households.own_data.registry import kept_about
from households.retention.actions import erase_expired, expired, keeps_until
from households.retention.registry import WORDS_GONE
from households.roles import Role
from households.trail.actions import seal
from rewards.house.retention import NO_PICTURE
from rewards.models import Picture, Redemption
from scoring.models import (
    Adjustment,
    Declaration,
    LookFound,
    Objection,
    PointAdjustment,
    ReviewLook,
    ScoreEvent,
    Withholding,
)
from scoring.objection_states import ObjectionState
from scoring.states import AdjustmentState, WithholdingState
from tests import copies
from tests.households.changes.histories import done, wish
from tests.petitions.desk import Desk
from tests.planted import ROOMS, columns, name_of, planted_scene
from tests.plates import own_plate
from tests.rewards.shop_world import build_shop
from tests.scoring.restatements.adjusting import ask_addition
from tests.world import VILLAGE, World, found

ONE, TWO = f"{VILLAGE}010001", f"{VILLAGE}010002"
TODAY = timezone.localdate
# Of a list of this house (older free words go by two people, ADR 31), or a petition's, which has a term of its own (ADR 18).
NOT_OF_THE_HOUSEHOLD = {"scoring_pointentry.text", "scoring_withholding.shown"}


def left(code: str = ONE) -> None:
    Household.objects.filter(pk=code).update(valid_from=None, valid_to=keeps_until(TODAY()) - timedelta(days=1))


def erase() -> int:
    return erase_expired(TODAY())


def rows_about(code: str) -> Iterator[tuple[type[Model], Model]]:
    """Every row that names the household: by key or by its code, in whatever column."""
    for model in apps.get_models():
        if model._meta.app_label not in ROOMS or model._meta.app_label == "petitions":
            continue
        named = Q()
        for field in model._meta.local_fields:
            if field.related_model is Household:
                named |= Q(**{field.attname: code})
            elif field.name in ("code", "owner", "place", "household") and not field.remote_field:
                named |= Q(**{field.name: code})
        account = {field.name for field in model._meta.local_fields} & {"account"}
        named |= Q(account__owner=code) if account else Q()
        yield from ((model, row) for row in (model._base_manager.filter(named) if named else ()))


def words_left(code: str) -> list[str]:
    """Columns that still hold a planted word about the household."""
    written = {(model, field.name): name_of(model, field) for model, field in columns()}
    return sorted(
        {
            name
            for model, row in rows_about(code)
            for (of, field), name in written.items()
            if of is model and "留" in str(getattr(row, field) or "") and name not in NOT_OF_THE_HOUSEHOLD
        }
    )


def settle(world: World) -> None:
    """What waits for a decision is decided, as if long ago."""
    said = {"decided_by": world.user(Role.COUNTY_OFFICE), "decided_at": timezone.now(), "answer": "留998字"}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Adjustment.objects.filter(state="asked").update(state=AdjustmentState.REFUSED, **said)
        PointAdjustment.objects.filter(state="asked").update(state="refused", **said)
        Withholding.objects.filter(state="asked").update(state=WithholdingState.REFUSED, **said)
        Objection.objects.open().update(state=ObjectionState.DISMISSED, due_on=None)
        cursor.execute("SET LOCAL session_replication_role = origin")
    CorrectionRequest.objects.filter(state="open").update(
        state="done", answered_by=said["decided_by"], answered_at=timezone.now(), answer="留997字".encode()
    )


def test_no_word_about_an_erased_household_stays_in_any_table(db: None) -> None:
    copies.scene("planted", planted_scene)
    settle(found())
    assert {"scoring_scoreevent.note", "households_household.address", "rewards_redemption.reason"} <= {
        *words_left(ONE)
    }
    left()
    assert erase() == 1
    assert words_left(ONE) == []
    requests = CorrectionRequest.objects.filter(household=ONE)
    assert [(one.asked_words, one.answer_words) for one in requests] == [(WORDS_GONE, WORDS_GONE)]
    assert words_left(TWO) != []  # the neighbour's stand


def changed(world: World) -> HouseholdChange:
    """A correction with a note, objected to and answered."""
    cadre, day = world.user(Role.CADRE), date(2024, 6, 3)
    change = done(cadre, ChangeKind.CORRECT, day, ONE, head_name="张小凤", address="河边三号", note="张三丰已去世")
    objection = object_to(change=change, text="张家还有老人", by=world.user(Role.TOWNSHIP))
    answer_objection(objection=objection, answer="老人随女儿住", by=cadre)
    return change


def test_sealed_words_of_changes_and_wishes_go_and_the_trail_holds(world: World) -> None:
    change, leader, cadre = changed(world), world.user(Role.GROUP_LEADER), world.user(Role.CADRE)
    wanted = wish(ChangeKind.CORRECT, date(2024, 6, 4), ONE, head_name="张大凤", note="听她儿子说的")
    refuse(proposal=propose(op_id=uuid4(), wish=wanted, by=leader), answer="张大凤不是户主", by=cadre)
    seal()
    left()
    assert erase() == 1
    seal()
    change, proposal = HouseholdChange.objects.get(pk=change.pk), HouseholdProposal.objects.get()
    assert (change.note, change.before, change.kind, change.day) == (None, None, ChangeKind.CORRECT, date(2024, 6, 3))
    assert (change.objection.text, change.objection.answer) == (WORDS_GONE, WORDS_GONE)
    told = json.loads(bytes(proposal.wish))
    assert (told["head_name"], told["note"], told["household"], proposal.answer) == (None, "", ONE, WORDS_GONE)
    assert lines_of([change], cadre)[0].corrected == []
    assert [one.sentence for one in examine(None) if not one.holds] == []


def test_note_of_a_split_goes_with_either_household(world: World) -> None:
    split = done(world.user(Role.CADRE), ChangeKind.SPLIT, date(2024, 6, 3), ONE, head_name="张小凤", note="兄弟不和")
    left(split.other_id)
    erase()
    split.refresh_from_db()
    assert split.note is None
    assert Household.objects.get(pk=ONE).head_name == "张三丰"


def test_words_of_a_household_that_stays_are_not_let_go(world: World) -> None:
    change = changed(world)
    world.record(ONE, "WJ02", document_no="石公〔2024〕12号")
    left(TWO)
    erase()
    for rows in (HouseholdChange.objects.filter(pk=change.pk), ScoreEvent.objects.filter(code=ONE)):
        with pytest.raises(DatabaseError), transaction.atomic():
            rows.update(note=None if rows.model is HouseholdChange else WORDS_GONE)
    with pytest.raises(DatabaseError), transaction.atomic():
        HouseholdErasure.objects.create(household_id=ONE, at=timezone.now())


def test_erased_words_become_nothing_else(world: World) -> None:
    change = changed(world)
    world.record(ONE, "WJ02", document_no="石公〔2024〕12号")
    left()
    erase()
    assert ScoreEvent.objects.get(code=ONE).document_no == WORDS_GONE
    with pytest.raises(DatabaseError), transaction.atomic():
        HouseholdChange.objects.filter(pk=change.pk).update(note="别的话".encode())
    with pytest.raises(DatabaseError), transaction.atomic():
        ScoreEvent.objects.filter(code=ONE).update(document_no="别的话")
    with pytest.raises(DatabaseError), transaction.atomic():
        HouseholdChange.objects.filter(pk=change.pk).delete()


def test_signature_and_who_fetched_goods_go(world: World) -> None:
    shop = build_shop(world)
    handed = shop.hand_over(shop.reserve(), collected_by="王小二", relation="邻居")
    left()
    erase()
    kept = Redemption.objects.get(pk=handed.pk)
    assert (kept.collected_by, kept.relation, kept.points) == (WORDS_GONE, WORDS_GONE, handed.points)
    assert bytes(Picture.objects.get(pk=kept.signature_id).content) == NO_PICTURE


def test_what_waits_or_is_held_keeps_a_household(world: World) -> None:
    desk = Desk(world)
    desk.assigned(household=world.household)
    wanted = wish(ChangeKind.CLOSE, date(2024, 6, 3), f"{VILLAGE}010004")
    propose(op_id=uuid4(), wish=wanted, by=world.user(Role.GROUP_LEADER))
    world.frozen_month()
    ask_addition(world, TWO)
    for code in (ONE, TWO, f"{VILLAGE}010003", f"{VILLAGE}010004"):
        left(code)
    assert expired(TODAY()) == [f"{VILLAGE}010003"]


def test_who_was_never_added_is_forgotten_too(world: World) -> None:
    leader, cadre = world.user(Role.GROUP_LEADER), world.user(Role.CADRE)
    wanted = wish(ChangeKind.ADD, date(2024, 6, 3), group=f"{VILLAGE}01", head_name="赵新来", phone="13800000077")
    proposal = refuse(proposal=propose(op_id=uuid4(), wish=wanted, by=leader), answer="赵家没有迁来", by=cadre)
    erase()
    assert "赵新来" in bytes(HouseholdProposal.objects.get().wish).decode()
    long_ago = timezone.now() - timedelta(days=366 * 6)
    HouseholdProposal.objects.filter(pk=proposal.pk).update(asked_at=long_ago, decided_at=long_ago)
    erase()
    kept = HouseholdProposal.objects.get()
    assert "赵新来" not in bytes(kept.wish).decode() and "13800000077" not in bytes(kept.wish).decode()
    assert kept.answer == WORDS_GONE


def test_marks_of_living_away_and_old_answers_go(world: World) -> None:
    AwaySpell.objects.create(household_id=ONE, since=date(2019, 1, 1), by=world.user(Role.CADRE))
    changed(world)
    op_ids = [*Operation.objects.values_list("op_id", flat=True)]
    Operation.objects.filter(op_id=op_ids[0]).update(at=timezone.now() - timedelta(days=366 * 6))
    left()
    erase()
    assert not AwaySpell.objects.exists()
    assert {*Operation.objects.values_list("op_id", flat=True)} == {*op_ids[1:]}


def test_own_copy_of_an_erased_household_tells_no_words(world: World) -> None:
    plate, _pin = own_plate(world.household)
    changed(world)
    left()
    erase()
    told = str(kept_about(plate))
    assert "去世" not in told and "张小凤" not in told and "河边" not in told


def test_what_a_reviewer_wrote_about_a_drawn_household_goes(world: World) -> None:
    world.declare(world.village)
    declaration = Declaration.objects.get()
    given = {"declaration": declaration, "by": world.user(Role.TOWNSHIP), "found": LookFound.DIFFERS}
    for code in (ONE, TWO):
        ReviewLook.objects.create(sheet=declaration.sheet, household=code, note="家里人说不是这样", **given)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReviewLook.objects.filter(household=ONE).update(note=WORDS_GONE)
    left()
    erase()
    assert [*ReviewLook.objects.order_by("household").values_list("note", flat=True)] == [
        WORDS_GONE,
        "家里人说不是这样",
    ]
