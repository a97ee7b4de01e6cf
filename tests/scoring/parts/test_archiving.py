"""Months out of the database into files and back: nothing is lost, nothing is dropped that was not read back, and everybody is told."""

import gzip
import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from dongkou.acting import acting_as
from households.house.checks import examine
from households.months import month_of
from households.plates.actions.plates import issue_plate
from households.refusals import Refused
from households.roles import Role
from scoring.checks.verify import verify
from scoring.house.own_data import kept
from scoring.models import ArchivedMonth, DivisionScore, HouseholdScore, Sheet
from scoring.notices.paper import PAPERS
from scoring.parts.actions import archive, lay_out
from scoring.parts.rules import file_of, part_of, sentence
from tests.audit_failure import audit_down
from tests.scoring.parts.laid import parts, without_part
from tests.scoring.restatements.adjusting import FIRST, GROUP, ask_addition
from tests.together import together
from tests.world import MONTH, TOWNSHIP, VILLAGE, World

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = "2024-06"


@pytest.fixture
def scene(world: World) -> Iterator[World]:
    """A frozen month with something in it."""
    with without_part(MONTH):
        world.record(FIRST, "WR04")
        world.frozen_month()
        yield world


def stored() -> list[tuple[object, ...]]:
    return list(HouseholdScore.objects.order_by("month", "code").values_list())


def lines() -> list[tuple[object, ...]]:
    return list(DivisionScore.objects.order_by("month", "code").values_list("month", "code", "households", "total"))


def said(command: str, *words: object, **options: object) -> tuple[str, str, int]:
    """What it writes, complains of, and ends with."""
    out, errors, code = StringIO(), StringIO(), 0
    try:
        call_command(command, *map(str, words), stdout=out, stderr=errors, **options)  # type: ignore[arg-type]
    except SystemExit as left:
        code = int(str(left.code))
    return out.getvalue(), errors.getvalue(), code


def archived(folder: Path) -> Path:
    told, complaint, code = said("archive_months", BEFORE, folder)
    assert (complaint, code) == ("", 0) and "SHA-256" in told
    return folder / file_of(MONTH)


def test_month_goes_out_and_comes_back_as_it_was(scene: World, tmp_path: Path) -> None:
    before, above = stored(), lines()
    path = archived(tmp_path / "kept")
    [known] = ArchivedMonth.objects.all()
    assert (known.households, known.digest) == (len(before), hashlib.sha256(path.read_bytes()).hexdigest())
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    assert gzip.decompress(path.read_bytes()).decode().splitlines()[0] == "month,code,score,bonus,broken"
    assert (stored(), lines()) == ([], above) and part_of(MONTH) not in parts()
    told, complaint, code = said("restore_months", path)
    assert (told, complaint, code) == (f"{MONTH} 取回了 {len(before)} 户。\n", "", 0)
    assert (stored(), lines()) == (before, above) and part_of(MONTH) in parts()
    assert verify(MONTH) == []
    assert said("restore_months", path)[2] == 1
    again = archived(tmp_path / "again")
    assert again.read_bytes() == path.read_bytes() and ArchivedMonth.objects.count() == 2


def test_check_says_so_and_finds_a_month_that_lost_rows(scene: World, tmp_path: Path) -> None:
    archived(tmp_path)
    assert verify(MONTH) == []
    told = [one.sentence for one in examine(MONTH) if "（archived）" in one.sentence]
    assert told == [f"正常 {MONTH} 户得分已存档，没有逐户核对；存档的户数与各村相符（archived）"]
    DivisionScore.objects.filter(month=MONTH, code=VILLAGE).update(total=1)
    assert "parent_sums" in {drift.name for drift in verify(MONTH)}
    DivisionScore.objects.filter(month=MONTH, code=VILLAGE).update(households=7)
    assert [drift.expected for drift in verify(MONTH) if drift.name == "archived"]


def test_pages_say_where_it_is_and_keep_the_figures(scene: World, tmp_path: Path) -> None:
    office = scene.client(Role.COUNTY_OFFICE)
    before = office.get(reverse("why", args=[MONTH, GROUP])).content.decode()
    equations = [line for line in before.splitlines() if "data-equation" in line]
    assert equations and sentence(MONTH) not in before
    archived(tmp_path)
    group = office.get(reverse("why", args=[MONTH, GROUP])).content.decode()
    assert [line for line in group.splitlines() if "data-equation" in line] == equations
    assert sentence(MONTH) in group and "刚有新的变动" not in group and "没有得分" not in group
    household = office.get(reverse("why", args=[MONTH, FIRST])).content.decode()
    assert sentence(MONTH) in household and "没有申报" not in household
    told, complaint, _code = said("roll_up", MONTH, full=True)
    assert sentence(MONTH) in complaint and "写入 0 户" in told and lines()


def test_notice_that_is_over_says_so_to_those_who_keep_it(scene: World, tmp_path: Path) -> None:
    Sheet.objects.filter(period=MONTH).update(posted_at=datetime(2024, 6, 8, tzinfo=UTC))
    cadre, addresses = scene.client(Role.CADRE), [reverse("notice", args=[VILLAGE, MONTH])]
    addresses += [f"{reverse('notices')}?month={MONTH}&township={TOWNSHIP}&paper={kind}" for kind in PAPERS]
    assert [cadre.get(address).status_code for address in addresses] == [200] * len(addresses)
    archived(tmp_path)
    pages = [cadre.get(address) for address in addresses]
    assert {page.status_code for page in pages} == {404}
    assert all(sentence(MONTH) in page.content.decode() for page in pages)


def test_interface_gives_the_groups_figures_and_the_sentence(scene: World, tmp_path: Path) -> None:
    office = scene.client(Role.COUNTY_OFFICE)
    before = office.get(f"/api/v1/why/{MONTH}/{GROUP}/").json()
    archived(tmp_path)
    after = office.get(f"/api/v1/why/{MONTH}/{GROUP}/").json()
    figures = ("active", "households", "total", "result", "stale")
    assert {name: after[name] for name in figures} == {name: before[name] for name in figures}
    assert (before["reason"], after["reason"]) == ("", sentence(MONTH))


def test_nothing_reaches_it_any_more(scene: World, tmp_path: Path) -> None:
    Sheet.objects.filter(village=scene.strange).update(state="open", frozen_at=None)
    HouseholdScore.objects.filter(code__startswith=scene.strange.code).delete()
    DivisionScore.objects.filter(month=MONTH, code=scene.strange.code).update(households=0, six_zero=0)
    archived(tmp_path)
    with pytest.raises(Refused) as correction:
        ask_addition(scene)
    with pytest.raises(Refused) as signature:
        scene.declare(scene.strange)
    assert (correction.value.code, signature.value.code) == ("archived", "archived")
    assert lay_out().months == []


def test_rehearsal_and_a_young_month_change_nothing(scene: World, tmp_path: Path) -> None:
    before = stored()
    told, complaint, code = said("archive_months", BEFORE, tmp_path / "kept", dry_run=True)
    assert (told, complaint, code) == (f"{MONTH} 会存 {len(before)} 户\n", "", 0)
    _told, complaint, code = said("archive_months", month_of(timezone.localdate()), tmp_path / "kept")
    assert "还没有到期" in complaint and code == 1
    assert said("archive_months", MONTH, tmp_path / "kept") == (f"{MONTH} 以前没有可存的户得分。\n", "", 0)
    assert stored() == before and not (tmp_path / "kept").exists()


def test_month_that_may_still_move_stays(scene: World, tmp_path: Path) -> None:
    before = stored()
    ask_addition(scene)
    _told, complaint, code = said("archive_months", BEFORE, tmp_path)
    assert complaint == f"{MONTH} 没有存：有 1 件更正在等决定。\n" and code == 1
    Sheet.objects.filter(village=scene.sister).update(state="posted", frozen_at=None)
    assert "还有 1 个村申报了没有锁定" in said("archive_months", BEFORE, tmp_path, dry_run=True)[1]
    assert stored() == before and not list(tmp_path.iterdir())


def test_month_that_lacks_households_stays(scene: World, tmp_path: Path) -> None:
    HouseholdScore.objects.filter(code=FIRST).delete()
    _told, complaint, code = said("archive_months", BEFORE, tmp_path)
    assert "户得分有" in complaint and code == 1 and not list(tmp_path.iterdir())


def test_without_its_audit_line_nothing_is_dropped(scene: World, tmp_path: Path) -> None:
    before = stored()
    with audit_down():
        said("archive_months", BEFORE, tmp_path)
    assert stored() == before and not ArchivedMonth.objects.exists()
    archived(tmp_path)  # over the whole file that was left
    with audit_down():
        said("restore_months", tmp_path / file_of(MONTH))
    assert stored() == [] and ArchivedMonth.objects.filter(restored_at=None).exists()


def test_file_that_was_changed_or_is_another_is_refused(scene: World, tmp_path: Path) -> None:
    path = archived(tmp_path)
    whole = path.read_bytes()
    text = gzip.decompress(whole).decode()
    path.write_bytes(gzip.compress(text.replace(",100,", ",99,", 1).encode(), mtime=0))
    assert "内容变过" in said("restore_months", path)[1]
    path.unlink()
    assert "读不了" in said("restore_months", path)[1]
    path.write_bytes(whole)
    assert said("restore_months", path)[2] == 0


def test_file_of_another_archive_is_never_written_over(scene: World, tmp_path: Path) -> None:
    path = tmp_path / file_of(MONTH)
    path.write_text("another county's", encoding="utf-8")
    _told, complaint, code = said("archive_months", BEFORE, tmp_path)
    assert "内容不同" in complaint and code == 1
    assert path.read_text(encoding="utf-8") == "another county's" and [path] == list(tmp_path.iterdir()) and stored()


def test_folder_that_cannot_be_written_is_one_sentence(scene: World, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    _told, complaint, code = said("archive_months", BEFORE, tmp_path / "file")
    assert "写不了" in complaint and code == 1 and stored()


def test_whoever_reads_for_long_keeps_the_month(scene: World, tmp_path: Path) -> None:
    lay_out()
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {part_of(MONTH)}")
        _told, complaint, code = said("archive_months", BEFORE, tmp_path)
        assert "有人正在用" in complaint and code == 1
    finally:
        other.close()
    assert stored() and not ArchivedMonth.objects.exists()
    archived(tmp_path)


def test_of_two_who_archive_at_once_one_does(scene: World, tmp_path: Path) -> None:
    def act() -> object:
        return archive(month=MONTH, folder=tmp_path).month

    with acting_as("owner"):
        found = together(act, act)
    assert sorted(map(str, found)) in ([MONTH, "archived"], [MONTH, "busy"])
    assert part_of(MONTH) not in parts() and ArchivedMonth.objects.count() == 1
    assert said("restore_months", tmp_path / file_of(MONTH))[2] == 0


def test_own_copy_names_the_month(scene: World, tmp_path: Path) -> None:
    plate, _pin = issue_plate(household=scene.household, by=None)
    [scores] = [section for section in kept(plate) if section.title == "各月得分"]
    archived(tmp_path)
    [after] = [section for section in kept(plate) if section.title == "各月得分"]
    assert len(after.rows) == len(scores.rows) and [after.rows[0][0], after.rows[0][1][:3]] == [MONTH, "已存档"]


@pytest.mark.parametrize("fault", [{"households": 0}, {"digest": "x"}, {"month": "2023-01"}])
def test_database_refuses_nonsense(world: World, fault: dict[str, object]) -> None:
    good = {"month": "2023-01", "households": 1, "file": "x", "digest": "0" * 64}
    ArchivedMonth.objects.create(**good)
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchivedMonth.objects.create(**good | {"month": "2023-02"} | fault)


def test_what_is_known_of_a_file_never_changes(world: World) -> None:
    known = ArchivedMonth.objects.create(month="2023-01", households=1, file="x", digest="0" * 64)
    same = ArchivedMonth.objects.filter(pk=known.pk)
    for act in (lambda: same.update(digest="1" * 64), same.delete):
        with pytest.raises(Exception, match=r"never|permission|refuse"), transaction.atomic():
            act()
    assert same.update(restored_at=timezone.now()) == 1
    with pytest.raises(IntegrityError, match="archived anew"), transaction.atomic():
        same.update(restored_at=None)
