"""Plates for a whole county or township in one run: each village whole or not at all, its PINs taken away once."""

import io
import zipfile
from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from django.db import DatabaseError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from households.files import papers, qr
from households.models import AuditEvent, Household, Plate, PlatePapers, PlateRun, PlateRunVillage, User
from households.plates import printing
from households.plates.actions import runs
from households.plates.actions.plates import is_pin, issue_plate
from households.plates.slips import PlateSlip
from households.refusals import Refused
from households.roles import Role
from households.sql import column
from tests.colleagues import colleague
from tests.world import COUNTY, SISTER, STRANGE, TOWNSHIP, VILLAGE, World

Files = dict[str, pypdfium2.PdfDocument]


@pytest.fixture
def office(world: World) -> User:
    return world.user(Role.COUNTY_OFFICE)


@pytest.fixture
def made(world: World, office: User) -> PlateRun:
    """A run of the whole county; one household has its plate already."""
    issue_plate(household=world.household, by=world.user(Role.CADRE))
    run = runs.begin(place=world.county, by=office)
    runs.work(run.pk)
    run.refresh_from_db()
    return run


def files_in(answer: HttpResponse) -> Files:
    assert answer.status_code == 200, answer
    assert answer["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.getvalue())) as book:
        return {name: pypdfium2.PdfDocument(book.read(name)) for name in book.namelist()}


def text_of(document: pypdfium2.PdfDocument) -> str:
    return "\n".join(sheet.get_textpage().get_text_range() for sheet in document)


def codes_in(document: pypdfium2.PdfDocument) -> set[str]:
    pictures = [sheet.render(scale=150 / 72).to_pil() for sheet in document]
    return {code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)}


def pins_of(world: World, run: PlateRun, place: str = TOWNSHIP) -> HttpResponse:
    return world.client(Role.COUNTY_OFFICE).post(reverse("plate-run-pins", args=[run.pk, place]))


def paper_of(world: World, run: PlateRun, paper: str) -> Files:
    client = world.client(Role.COUNTY_OFFICE)
    return files_in(client.get(reverse("plate-run-paper", args=[run.pk, TOWNSHIP, paper])))


def test_run_gives_every_household_a_plate_and_leaves_those_that_have_one(world: World, made: PlateRun) -> None:
    before = Plate.objects.get(household=world.household)
    assert Plate.objects.filter(revoked_at=None).count() == Household.objects.count() == 12
    assert before.issued_by == world.user(Role.CADRE) and before.revoked_at is None
    counted = dict(made.villages.values_list("village", "plates"))
    assert counted == {VILLAGE: 7, SISTER: 2, STRANGE: 2} and made.ended_at is not None


def test_papers_of_a_township_open_the_plates_that_they_print(world: World, made: PlateRun) -> None:
    sheets, slips = paper_of(world, made, "sheet"), files_in(pins_of(world, made))
    assert [*sheets] == [f"{VILLAGE}东山村户牌.pdf", f"{SISTER}西河村户牌.pdf"]
    printed = {plate.household_id: plate for plate in Plate.objects.filter(pin_set_at__in=moments(made))}
    of_village = [plate for code, plate in sorted(printed.items()) if code.startswith(VILLAGE)]
    assert codes_in(sheets[f"{VILLAGE}东山村户牌.pdf"]) == {qr.address(plate.token) for plate in of_village}
    text = text_of(slips[f"{VILLAGE}东山村密码纸条.pdf"])
    pins = [line.replace(" ", "") for line in text.splitlines() if len(line.replace(" ", "").strip()) == 6]
    assert [is_pin(plate, pin.strip()) for plate, pin in zip(of_village, pins, strict=True)] == [True] * 7
    lists = text_of(paper_of(world, made, "receipts")[f"{VILLAGE}东山村户牌和密码签收单.pdf".replace("户牌和密码", "")])
    assert "李四光" in lists and "张三丰" not in lists  # who has a plate already signs for nothing
    assert not any(pin.strip() in lists + text_of(sheets[f"{VILLAGE}东山村户牌.pdf"]) for pin in pins)


def moments(run: PlateRun) -> list[object]:
    return list(run.villages.values_list("made_at", flat=True))


def test_pins_are_taken_again_for_half_an_hour_and_are_gone_then(world: World, made: PlateRun) -> None:
    assert len(files_in(pins_of(world, made))) == 2
    assert len(files_in(pins_of(world, made))) == 2  # the line broke
    PlateRunVillage.objects.filter(taken_at__isnull=False).update(taken_at=timezone.now() - timedelta(minutes=31))
    runs.forget()
    assert pins_of(world, made).status_code == 410
    assert len(paper_of(world, made, "sheet")) == 2
    assert AuditEvent.objects.filter(action="plate.run_pins", place=TOWNSHIP).count() == 2


def test_pins_that_are_printed_are_dropped_at_a_press(world: World, made: PlateRun) -> None:
    files_in(pins_of(world, made))
    world.client(Role.COUNTY_OFFICE).post(reverse("forget-run-pins", args=[made.pk]))
    assert pins_of(world, made).status_code == 410
    assert PlatePapers.objects.filter(pins__isnull=False).count() == 1  # the other township's, not taken yet


def test_pins_go_to_whoever_began_the_run_alone(world: World, made: PlateRun) -> None:
    other = colleague(world, Role.COUNTY_OFFICE)
    answer = world.client(other).post(reverse("plate-run-pins", args=[made.pk, TOWNSHIP]))
    assert answer.status_code == 403 and not answer.streaming
    assert not PlateRunVillage.objects.filter(taken_at__isnull=False).exists()
    page = world.client(other).get(reverse("plate-run", args=[made.pk])).content.decode()
    assert "密码纸条由" in page and reverse("plate-run-pins", args=[made.pk, TOWNSHIP]) not in page


def test_taking_lists_away_leaves_a_line_that_the_household_reads(world: World, made: PlateRun) -> None:
    paper_of(world, made, "receipts")
    assert AuditEvent.objects.filter(action="household.print", place=TOWNSHIP).count() == 1
    assert AuditEvent.objects.filter(action="plate.issue", role=Role.COUNTY_OFFICE).count() == 11


def test_pins_lost_before_anybody_took_them_are_made_anew_by_the_next_run(world: World, made: PlateRun) -> None:
    """As after a crash, which empties the table, or when nobody came for days."""
    files_in(pins_of(world, made, "430726202"))
    PlatePapers.objects.all().delete()
    again = runs.begin(place=world.county, by=made.by)
    tokens = set(Plate.objects.filter(revoked_at=None).values_list("token", flat=True))
    runs.work(again.pk)
    assert dict(again.villages.values_list("village", "plates")) == {VILLAGE: 7, SISTER: 2}
    assert set(Plate.objects.filter(revoked_at=None).values_list("token", flat=True)) == tokens
    slips = text_of(files_in(pins_of(world, again))[f"{SISTER}西河村密码纸条.pdf"])
    pins = [line.replace(" ", "").strip() for line in slips.splitlines()]
    plates = Plate.objects.filter(household__code__startswith=SISTER).order_by("household")
    assert all(any(is_pin(plate, pin) for pin in pins if len(pin) == 6) for plate in plates)
    with pytest.raises(Refused) as refused:
        runs.begin(place=world.county, by=made.by)
    assert refused.value.code == "nothing_missing"


def test_papers_that_nobody_took_are_gone_after_days(world: World, made: PlateRun) -> None:
    PlateRunVillage.objects.update(made_at=timezone.now() - runs.KEPT - timedelta(minutes=1))
    runs.forget()
    assert not PlatePapers.objects.exists()
    assert pins_of(world, made).status_code == 410


def test_second_run_is_refused_while_one_is_at_work(world: World, office: User) -> None:
    runs.begin(place=world.township, by=office)
    with pytest.raises(Refused) as refused:
        runs.begin(place=world.county, by=office)
    assert refused.value.code == "run_at_work"
    assert PlateRun.objects.count() == 1


def test_run_of_a_township_leaves_the_others_alone(world: World, office: User) -> None:
    run = runs.begin(place=world.township, by=office)
    runs.work(run.pk)
    assert set(Plate.objects.values_list("household__group__parent", flat=True)) == {VILLAGE, SISTER}


def test_broken_off_at_a_village_leaves_it_untouched_and_goes_on_there(
    world: World, office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker dies at the end of the second village."""
    run, drawn = runs.begin(place=world.county, by=office), printing.receipts

    def dying(village: str, *rest: object) -> bytes:
        if village == "西河村":
            raise DatabaseError("gone")
        return drawn(village, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(printing, "receipts", dying)
    with pytest.raises(DatabaseError):
        runs.work(run.pk)
    assert set(Plate.objects.values_list("household__group__parent", flat=True)) == {VILLAGE}
    monkeypatch.setattr(printing, "receipts", drawn)
    PlateRun.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    assert runs.waiting() == [run.pk]
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.ended_at is not None and Plate.objects.count() == Household.objects.count()
    assert dict(run.villages.values_list("village", "plates")) == {VILLAGE: 8, SISTER: 2, STRANGE: 2}


def test_run_that_fails_again_and_again_is_given_up_and_says_so(
    world: World, office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.begin(place=world.township, by=office)

    def failing(*_given: object) -> bytes:
        raise DatabaseError("gone")

    monkeypatch.setattr(printing, "pins", failing)
    for _ in range(runs.TRIES):
        with pytest.raises(DatabaseError):
            runs.work(run.pk)
    runs.work(run.pk)
    assert not Plate.objects.exists() and runs.waiting() == []
    page = world.client(office).get(reverse("plate-run", args=[run.pk])).content.decode()
    assert "2 个村做好 0 个" in page and "没有做完" in page


def test_household_that_leaves_soon_does_not_hold_up_its_village(world: World, office: User) -> None:
    Household.objects.filter(pk=world.household.pk).update(valid_to=timezone.localdate() + timedelta(days=9))
    run = runs.begin(place=world.township, by=office)
    runs.work(run.pk)
    assert run.villages.get(village=VILLAGE).plates == 7


def test_no_log_and_no_backup_holds_a_pin(db: None) -> None:
    assert column("SELECT relpersistence FROM pg_class WHERE relname = 'households_platepapers'") == ["u"]


def test_page_begins_a_run_for_a_township_and_shows_how_far_it_is(world: World) -> None:
    client = world.client(Role.COUNTY_OFFICE)
    page = client.get(reverse("plate-runs")).content.decode()
    assert f'<option value="{TOWNSHIP}">罗坪乡</option>' in page and f'<option value="{COUNTY}">全县</option>' in page
    answer = client.post(reverse("plate-runs"), {"place": TOWNSHIP})
    run = PlateRun.objects.get()
    assert answer["Location"] == reverse("plate-run", args=[run.pk])
    assert "2 个村做好 0 个" in client.get(answer["Location"]).content.decode()
    assert client.post(reverse("plate-runs"), {"place": STRANGE}).status_code == 422


def test_rare_signs_and_long_names_fit_their_cells() -> None:
    slips = [PlateSlip(f"{VILLAGE}010001", "第一村民小组", "x" * 22, "407182")]
    heads = ["阿卜杜拉·买买提·托合提·艾力·吐尔逊·阿布都热西提"]
    found = text_of(pypdfium2.PdfDocument(printing.receipts("𠮷田村", slips, heads)))
    assert heads[0] in found
    assert papers.printable("𠮷田村") in found


def test_worker_that_stops_after_its_spell_leaves_the_rest_to_the_next(
    world: World, office: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "SPELL", timedelta())
    run = runs.begin(place=world.county, by=office)
    runs.work(run.pk)
    assert not Plate.objects.exists()
    PlateRun.objects.update(asked_at=timezone.now() - timedelta(minutes=2))
    assert runs.waiting() == [run.pk]
