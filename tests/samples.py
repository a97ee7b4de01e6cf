"""What stands for the parts of addresses, by their names: something of everything, and it all lies in 东山村.

The name of a part says what it is, the same in every address; so a page whose address is put together from known parts needs
nothing here. A new part needs one line: `OF_NO_PLACE` if it names nothing that lies in a place, otherwise `laid_out`.
"""

from datetime import date
from uuid import uuid4

from households.accounts.actions.requests import ask_about
from households.alarms.actions import AlarmFinding, found_by
from households.changes.actions.proposals import propose
from households.models import Alarm, AlarmKind, AuditEvent, ChangeKind, HouseholdProposal, RequestKind
from households.own_data.actions import ask_correction
from households.plates.actions import runs
from households.plates.actions.plates import issue_plate
from households.roles import Role
from rewards.pictures.pictures import keep_signature
from rewards.shop.actions.stocktakes import open_stocktake
from scoring.evidence.actions import add_photo
from scoring.models import EventPhoto, ObjectionPhoto
from tests.households.borders.orders import ordered
from tests.households.changes.histories import done, wish
from tests.households.contacts.village_contacts import give, grid_of, visited
from tests.households.contacts.village_contacts import person as contact_person
from tests.households.intake.runs import handed_in
from tests.petitions.desk import Desk
from tests.petitions.filers import papered
from tests.petitions.receptions.scene import Days
from tests.rewards.awards.scene import awarded
from tests.rewards.projects.village_works import asked, listed
from tests.rewards.shop_world import SIGNATURE, build_shop
from tests.scoring.batches.many import batch_of
from tests.scoring.evidence.photographs import picture
from tests.scoring.findings.found import finding_of
from tests.scoring.objections.objecting import objected
from tests.scoring.papers.papered import keyed, line, printed
from tests.scoring.points.points_by_hand import ask as ask_points
from tests.scoring.restatements.adjusting import ask_addition
from tests.scoring.schemes.own_schemes import asked as scheme_asked
from tests.scoring.withholdings.free_words import ask as ask_withholding
from tests.scoring.withholdings.free_words import free_entry
from tests.world import COUNTY, MONTH, TOWNSHIP, VILLAGE, World, build

# Shown alike to everybody who may see such pages at all.
OF_NO_PLACE = {
    "month": MONTH,
    "year": "2024",
    "level": "village",
    "version": "1",
    "scheme": "2023",
    "county": COUNTY,
    "day": "2024-06-12",
    "post": "cadre",
    "act": "confirm",
    "change_kind": "close",
    "border_act": "rename",
    "key": "accept-plain",
    "intake": "households",
    "secret": "x" * 43,  # an address that nobody was given
    "carried": "x" * 22,  # the same of receipts
    "batch": "x" * 22,  # whoever printed it alone knows it, and this one nobody printed
}
# Of 东山村 and its department; a form, a kind or a number within what another part names.
OF_THE_VILLAGE = {
    "village": VILLAGE,
    "code": VILLAGE,
    "township": TOWNSHIP,
    "household": f"{VILLAGE}010001",
    "group": f"{VILLAGE}01",
    "department": "LYJ",
    "form": "png",
    "kind": "comprehensive",
    "paper": "letters",
    "run_paper": "sheet",
    "seq": "2",
}


def _objected(world: World, event: int) -> int:
    """By the household, and with a photo as one on paper has."""
    number = int(objected(world, event)["id"])
    ObjectionPhoto.objects.create(objection_id=number, content=b"\xff\xd8 paper")
    return number


def _proposed(world: World) -> HouseholdProposal:
    """The leader asks for a household to be closed."""
    wanted = wish(ChangeKind.CLOSE, date(2024, 6, 3), f"{VILLAGE}010004")
    return propose(op_id=uuid4(), wish=wanted, by=world.user(Role.GROUP_LEADER))


def alarm() -> int:
    """A drift in the village that nobody has answered for."""
    found_by("nightly", [AlarmFinding(AlarmKind.DRIFT, "户分数与事件相符", f"{VILLAGE}010001", VILLAGE)])
    return Alarm.objects.latest("pk").pk


def laid_out() -> dict[str, str]:
    """Everything in the small world that an address can name, made through the doors."""
    world = build()
    plate, _pin = issue_plate(household=world.household, by=None)
    event = world.record(world.household.code, "WJ02")
    add_photo(op_id=uuid4(), event=event, photo=picture(), by=world.user(Role.CADRE))
    batch, paper = batch_of(world), printed(world)
    keyed(world, paper, line(4))
    world.frozen_month()
    shop = build_shop(world)
    [project] = listed(world)
    petition = papered(Desk(world).assigned())
    days = Days(Desk(world))
    head = contact_person(world)
    [contact] = give(world, head, 0)
    held = days.plan()
    days.put(held, petition)
    return {
        **OF_NO_PLACE,
        **OF_THE_VILLAGE,
        **awarded(world),
        "change": str(done(None, ChangeKind.CLOSE, date(2024, 6, 3), f"{VILLAGE}010005").pk),
        "proposal": str(_proposed(world).pk),
        "batch_no": str(batch),
        "sheet_no": str(paper.pk),
        "paper_token": paper.token,
        "finding": str(finding_of(world)),
        "objection": str(_objected(world, event.pk)),
        "event": str(event.pk),
        "photo": str(EventPhoto.objects.get(event=event).pk),
        "scheme_ask": str(scheme_asked(world).pk),
        "adjustment": str(ask_addition(world, world.household.code).pk),
        "withholding": str(ask_withholding(free_entry(world), by=world.user(Role.TOWNSHIP)).pk),
        "asked": str(ask_points(world).pk),
        "digest": keep_signature(SIGNATURE, private_to=VILLAGE, by=None).digest,
        "item": str(shop.soap.pk),
        "redemption": str(shop.reserve().pk),
        "stocktake": str(open_stocktake(shop=shop.shop, by=shop.cadre).pk),
        "number": petition.number,
        "reception": str(held.pk),
        "promise": str(days.promise(petition).pk),
        "file": str(petition.attachments.get().pk),
        "project": str(project.pk),
        "ballot": str(asked(world, [project]).pk),
        "correction": str(ask_correction(household=world.household, words="户主的字写错了").pk),
        "person": str(head.pk),
        "contact": str(contact.pk),
        "grid": str(grid_of(world, head, 1).pk),
        "visit": str(visited(world, world.user(Role.GROUP_LEADER)).pk),
        "token": plate.token,
        "user_id": str(world.user(Role.CADRE).pk),
        "request_id": str(
            ask_about(
                kind=RequestKind.RESET,
                user=world.user(Role.COUNTY_OFFICE),
                reason="忘了密码",
                by=world.user(Role.SYSTEM_ADMIN),
            ).pk
        ),
        "border": str(ordered(None, date(2024, 6, 3), (f"{VILLAGE}02", "", "第二组")).pk),
        "plate_run": str(_plates_made(world)),
        "brought": str(handed_in(world.user(Role.COUNTY_OFFICE)).pk),
        "alarm": str(alarm()),
        "line": str(AuditEvent.objects.filter(place__startswith=VILLAGE).latest("pk").pk),
    }


def _plates_made(world: World) -> int:
    """A run over one township whose papers wait to be taken."""
    run = runs.begin(place=world.township, by=world.user(Role.COUNTY_OFFICE))
    runs.work(run.pk)
    return int(run.pk)
