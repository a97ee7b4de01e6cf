"""Looking before approving: what was opened is written down, drawn households too; together, and again when the county asks."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from households.models import AuditEvent
from households.roles import Role
from scoring.models import Decision, LookFound, Review, ReviewLook, ScoreEvent
from scoring.reviews.actions.decisions import send_back
from scoring.reviews.actions.reviewing import DrawnFinding, approve, exceptions_of, look, return_sheet, revoke
from scoring.reviews.draws import draw_of
from scoring.reviews.reads import open_sheet
from scoring.states import SheetState
from tests.audit_failure import audit_down
from tests.constraints import broken, raw
from tests.refusals import refusal, refusal_code
from tests.scoring.reviews.reviewing_pages import decide, queue, sheet_page
from tests.world import MONTH, SISTER, VILLAGE, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def declared(world: World) -> World:
    world.record(f"{VILLAGE}010001", "WR02")
    world.record(f"{VILLAGE}010002", "WR02")
    world.declare()
    return world


def drawn(world: World) -> list[str]:
    return [one.household.code for one in open_sheet(world.sheet()).sample]


def look_at_all(world: World, found: str = LookFound.DESK, note: str = "") -> None:
    events = [event.pk for event in exceptions_of(world.sheet())]
    findings = {code: DrawnFinding(found, note) for code in drawn(world)}
    look(sheet=world.sheet(), opened=events, households=findings, by=world.user(Role.TOWNSHIP))


def approve_looked(world: World) -> Review:
    return approve(sheet=world.sheet(), opened=(), by=world.user(Role.TOWNSHIP), looked=True)


def test_sheet_that_was_looked_at_is_approved_without_saying_so_again(declared: World) -> None:
    look_at_all(declared)
    review = approve_looked(declared)
    assert (len(review.opened), sorted(review.drawn)) == (2, sorted(drawn(declared)))
    assert declared.sheet().state == SheetState.REVIEWED


def test_drawn_household_that_was_not_opened_stops_the_approval(declared: World) -> None:
    events = [event.pk for event in exceptions_of(declared.sheet())]
    findings = {code: DrawnFinding(LookFound.DESK) for code in drawn(declared)[1:]}
    look(sheet=declared.sheet(), opened=events, households=findings, by=declared.user(Role.TOWNSHIP))
    assert refusal(approve_looked, declared).reason == "抽中的户还有 1 户没有打开看过。"
    assert declared.sheet().state == SheetState.DECLARED


def test_looks_of_another_person_do_not_count(declared: World) -> None:
    look_at_all(declared)
    act = {"sheet": declared.sheet(), "opened": (), "by": declared.user(Role.COUNTY_OFFICE), "looked": True}
    assert refusal_code(approve, **act) == "not_opened"


def test_household_found_otherwise_stops_the_approval_and_stays_written_down(declared: World) -> None:
    look_at_all(declared, LookFound.DIFFERS, "后院堆着垃圾")
    assert refusal_code(approve_looked, declared) == "found_otherwise"
    assert "后院堆着垃圾" in sheet_page(declared.client(Role.COUNTY_OFFICE)).content.decode()


def test_finding_that_differs_says_how(declared: World) -> None:
    assert refusal_code(look_at_all, declared, LookFound.DIFFERS) == "note_missing"
    assert refusal_code(look_at_all, declared, "nonsense") == "found_unknown"
    assert not ReviewLook.objects.exists()


def test_look_at_what_was_not_drawn_or_is_next_door_counts_for_nothing(declared: World) -> None:
    others = {household.code for household in declared.households} - set(drawn(declared))
    findings = {code: DrawnFinding(LookFound.DESK) for code in (*others, f"{SISTER}010001")}
    look(sheet=declared.sheet(), opened=[10**9], households=findings, by=declared.user(Role.TOWNSHIP))
    assert others and not ReviewLook.objects.exists()


def test_same_look_twice_is_written_once_and_another_finding_is_added(declared: World) -> None:
    look_at_all(declared)
    count = ReviewLook.objects.count()
    look_at_all(declared)
    assert ReviewLook.objects.count() == count == 2 + len(drawn(declared))
    look_at_all(declared, LookFound.ASKED)
    assert ReviewLook.objects.count() == count + len(drawn(declared))
    assert {one.look.found for one in open_sheet(declared.sheet()).sample} == {LookFound.ASKED}


def test_entry_that_moved_must_be_opened_again_and_a_new_declaration_draws_anew(declared: World) -> None:
    look_at_all(declared)
    by = declared.user(Role.TOWNSHIP)
    return_sheet(sheet=declared.sheet(), reason="漏了", by=by)
    fresh = declared.record(f"{VILLAGE}020003", "WR02")
    declared.declare(declared.village)
    opened = open_sheet(declared.sheet())
    assert fresh.pk not in opened.seen_by(by) and len(opened.seen_by(by)) == 2
    assert opened.looked(by).households == {}


def test_looks_are_never_changed_nor_written_without_the_log(declared: World) -> None:
    with audit_down():
        look_at_all(declared)
    assert not ReviewLook.objects.exists()
    look_at_all(declared)
    assert AuditEvent.objects.get(action="review.look").detail == {"opened": 2, "drawn": len(drawn(declared))}
    broken(raw("UPDATE scoring_reviewlook SET found = 'asked'"), "append-only|refused|permission")
    row = {"sheet": declared.sheet(), "by": declared.user(Role.TOWNSHIP)}
    broken(lambda: ReviewLook.objects.create(**row), "look_at_one_thing")
    [declaration] = declared.sheet().declarations.all()
    more = {"declaration": declaration, "household": f"{VILLAGE}010001", "found": LookFound.DIFFERS}
    broken(lambda: ReviewLook.objects.create(**row, **more), "look_that_differs_says_how")


def test_county_has_it_reviewed_again_and_everything_is_opened_anew(declared: World) -> None:
    look_at_all(declared)
    approve_looked(declared)
    office = declared.user(Role.COUNTY_OFFICE)
    answer = send_back(op_id=uuid4(), sheet=declared.sheet(), reason="抽查记录太少", by=office)
    assert answer["decision"] == Decision.REVOKE and declared.sheet().state == SheetState.DECLARED
    assert refusal_code(approve_looked, declared) == "not_opened"
    assert "抽查记录太少" in sheet_page(declared.client(Role.TOWNSHIP)).content.decode()
    look_at_all(declared)
    assert approve_looked(declared).pk


def test_approval_is_sent_back_with_a_reason_and_only_before_posting(declared: World) -> None:
    office = declared.user(Role.COUNTY_OFFICE)
    assert refusal_code(revoke, sheet=declared.sheet(), reason="x", by=office) == "sheet_state"
    declared.approve(declared.village)
    assert refusal_code(revoke, sheet=declared.sheet(), reason=" ", by=office) == "reason_missing"
    with audit_down():
        revoke(sheet=declared.sheet(), reason="x", by=office)
    assert declared.sheet().state == SheetState.REVIEWED


def test_page_keeps_looks_and_approves_them_together(declared: World) -> None:
    client = declared.client(Role.TOWNSHIP)
    assert "一起通过" not in queue(client).content.decode()
    decide(client, declared, "look")
    assert declared.sheet().state == SheetState.DECLARED
    text = queue(client).content.decode()
    assert "看过的 1 个村一起通过" in text and text.count('name="village"') == 1
    sent = {"op_id": str(uuid4()), "village": [VILLAGE, SISTER]}
    told = client.post(reverse("review-together", args=[MONTH]), sent, follow=True).content.decode()
    assert "1 个村已通过" in told and "西河村没有通过" in told
    assert (declared.sheet().state, declared.sheet(declared.sister).state) == ("reviewed", "declared")


def test_page_refuses_an_approval_without_the_drawn_and_keeps_what_was_found(declared: World) -> None:
    client, codes = declared.client(Role.TOWNSHIP), drawn(declared)
    changes = {f"found-{code}": "" for code in codes[1:]} | {f"note-{codes[0]}": "人在家"}
    answer = decide(client, declared, **changes)
    text = answer.content.decode()
    assert answer.status_code == 422 and f"抽中的户还有 {len(codes) - 1} 户没有打开看过" in text
    assert "人在家" in text and ReviewLook.objects.filter(household=codes[0]).exists()


def test_county_returns_an_approval_on_the_page_and_others_may_not(declared: World) -> None:
    declared.approve(declared.village)
    address, sent = reverse("review-revoke", args=[MONTH, VILLAGE]), {"op_id": str(uuid4()), "reason": "没有看"}
    assert declared.client(Role.TOWNSHIP).post(address, sent).status_code == 403
    assert "已退回乡镇重新审核" in declared.client(Role.COUNTY_OFFICE).post(address, sent, follow=True).content.decode()
    assert declared.sheet().state == SheetState.DECLARED


def api(client: Client, path: str, **body: object) -> tuple[int, dict[str, object]]:
    sent = {"op_id": str(uuid4()), **body}
    answer = client.post(f"/api/v1/reviews/{MONTH}/{path}", sent, content_type="application/json")
    return answer.status_code, answer.json()


def test_interface_names_what_to_open_and_keeps_it(declared: World) -> None:
    client = declared.client(Role.TOWNSHIP)
    wanted = client.get(f"/api/v1/reviews/{MONTH}/{VILLAGE}/").json()
    assert (wanted["state"], wanted["looked"]) == ("declared", {"events": [], "households": []})
    assert wanted["draw"]["households"] == draw_of(declared.sheet().declarations.get()).households
    found = [{"household": code, "found": "asked"} for code in wanted["draw"]["households"]]
    status, kept = api(client, f"{VILLAGE}/looks/", opened=wanted["exceptions"], households=found)
    assert (status, kept["households"]) == (200, sorted(wanted["draw"]["households"]))
    status, done = api(client, "", villages=[VILLAGE, SISTER])
    assert [one["status"] for one in done["results"]] == ["approved", "refused"]


def test_interface_approves_by_exceptions_alone_and_the_review_says_so(declared: World) -> None:
    """The shape that clients were given; what was not opened is not claimed."""
    client, events = declared.client(Role.TOWNSHIP), [event.pk for event in exceptions_of(declared.sheet())]
    some = [{"household": drawn(declared)[0], "found": "desk"}]
    status, told = api(client, f"{VILLAGE}/", decision="approve", opened=events, households=some)
    assert (status, told["code"]) == (422, "draw_not_opened")
    assert api(client, f"{VILLAGE}/", decision="approve", opened=events)[0] == 200
    assert Review.objects.get().drawn == []
    assert "没有记下看过抽查户" in sheet_page(declared.client(Role.COUNTY_OFFICE)).content.decode()


def test_interface_returns_an_approval_for_the_county_alone(declared: World) -> None:
    declared.approve(declared.village)
    assert api(declared.client(Role.TOWNSHIP), f"{VILLAGE}/revoke/", reason="x")[0] == 403
    status, told = api(declared.client(Role.COUNTY_OFFICE), f"{VILLAGE}/revoke/", reason="没有看")
    assert (status, told["state"]) == (200, "declared")


def test_sheet_compares_with_last_month(declared: World) -> None:
    compared = open_sheet(declared.sheet()).compared
    assert (compared.before, compared.fresh, compared.gone, compared.repeated) == (0, 2, 0, 0)
    assert "这个月新有例外 2 户" in sheet_page(declared.client(Role.TOWNSHIP)).content.decode()
    assert ScoreEvent.objects.count() == 2
