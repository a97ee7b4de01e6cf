"""A file brought in by the browser: rehearsed, given back, written, taken back, and taken up again after a worker was killed."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from households.imports import kinds
from households.imports.columns import HOUSEHOLDS
from households.intake import actions, ring, work, workbooks
from households.models import (
    AuditEvent,
    Contact,
    ContactPerson,
    Division,
    Household,
    HouseholdWords,
    ImportChange,
    ImportPaper,
    ImportRun,
    ImportState,
    MicroGrid,
)
from households.permissions import may
from households.plates.actions.plates import issue_plate
from households.refusals import Refused
from households.register.indexing import index_households
from households.roles import Role
from petitions.models import Petition
from scoring.models import Mark, ScoreEvent
from tests.audit_failure import audit_down
from tests.households.intake.files_as_brought import bring, household, office, press, register, workbook
from tests.world import PASSWORD, SISTER, STRANGE, VILLAGE, World

NEW = f"{SISTER}010007"


def sheet(content: bytes) -> list[list[str]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [[str(cell) for cell in row] for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]


def test_list_of_a_clerk_is_rehearsed_and_nothing_is_written(world: World) -> None:
    run = bring(world, "households", workbook(register(household("一组", 7, "钱西河", "13900000007"))))
    assert (run.state, run.rows, run.counts["新增"]) == (ImportState.CHECKED, 1, 1), run.said
    assert not Household.objects.filter(code=NEW).exists()
    page = office(world).get(reverse("import-run", args=[run.pk])).content.decode()
    assert "“备注”“序号”这一列不导入" in page
    assert "西河村：名册里有 2 户不在这个文件里" in page


def test_gbk_list_with_titles_is_written_once(world: World) -> None:
    text = "\r\n".join(",".join(map(str, row)) for row in register(household("第1组", 7, "钱西河")))
    run = press(world, "write-import", bring(world, "households", text.encode("gb18030"), "名册.csv"))
    assert run.state == ImportState.WRITTEN
    assert Household.objects.get(code=NEW).head_name == "钱西河"
    assert not ImportPaper.objects.get(run=run).content
    press(world, "write-import", run)
    assert ImportRun.objects.get(pk=run.pk).state == ImportState.WRITTEN
    assert AuditEvent.objects.filter(action="households.import").count() == 2  # with that of the world


def test_column_that_is_lacking_is_named_as_in_the_template(world: World) -> None:
    run = bring(world, "households", f"村代码,组,户主,电话,地址,门楼\n{SISTER},1,钱西河,,,3\n".encode(), "名册.csv")
    page = office(world).get(reverse("import-run", args=[run.pk])).content.decode()
    assert "户号: 表头缺少这一列" in page
    assert "门楼: 表头多出这一列，应为 村代码,组,户号,户主,电话,地址" in page


def test_merged_village_is_read_for_each_row(world: World) -> None:
    rows = register(household(1, 7, "钱西河"), household(1, 8, "冯西河", village=""))
    run = bring(world, "households", workbook(rows, merged=("B4:B5",)))
    assert (run.state, run.counts["新增"]) == (ImportState.CHECKED, 2), run.said


def test_old_and_new_value_are_told_by_line(world: World) -> None:
    run = bring(world, "households", workbook(register(household(1, 1, "周东河", "13900000009"))))
    page = office(world).get(reverse("import-run", args=[run.pk])).content.decode()
    assert "户主姓名: 户主由“周西河”改为“周东河”" in page
    assert "联系电话: 电话由" in page


def test_file_is_given_back_with_faults_beside_its_cells_and_can_be_handed_in_again(world: World) -> None:
    rows = register(household(1, 7, "钱西河", "12"), household(1, 8, "冯西河"))
    run = bring(world, "households", workbook(rows))
    assert run.state == ImportState.FAULTY
    answer = office(world).get(reverse("import-marked", args=[run.pk]))
    given_back = sheet(answer.content)
    assert given_back[2][-2:] == ["有误", "系统提示（“备注”“序号”这一列不导入）"]
    assert given_back[3][-2].startswith("联系电话：")
    assert given_back[4][-2] == ""
    again = bring(world, "households", answer.content)
    assert (again.state, again.errors) == (ImportState.FAULTY, 1)


def test_example_of_the_template_is_left_out_by_name(world: World) -> None:
    kind = kinds.kind_of("households")
    assert kind is not None
    rows = sheet(workbooks.template(kind))
    assert rows[0] == [column.heading for column in HOUSEHOLDS]
    run = bring(world, "households", workbook([*rows, [SISTER, "1", "7", "钱西河", "", ""]]))
    assert (run.rows, run.counts["新增"]) == (1, 1)
    page = office(world).get(reverse("import-run", args=[run.pk])).content.decode()
    assert "示例行，没有导入" in page
    alone = bring(world, "households", workbooks.template(kind))
    assert alone.state == ImportState.FAULTY
    assert "只有示例行" in office(world).get(reverse("import-run", args=[alone.pk])).content.decode()


def test_written_file_is_taken_back_as_one(world: World) -> None:
    before = {row.pk: (row.head_name, bytes(row.phone or b""), row.address) for row in Household.objects.all()}
    groups = Division.objects.count()
    rows = register(household(1, 1, "周东河", "13900000009"), household(5, 1, "卫新组"))
    run = press(world, "write-import", bring(world, "households", workbook(rows)))
    assert Household.objects.get(code=f"{SISTER}010001").head_name == "周东河"
    assert "整批撤回</button>" in office(world).get(reverse("import-run", args=[run.pk])).content.decode()
    run = press(world, "undo-import", run)
    assert run.state == ImportState.UNDONE, run.said
    assert {row.pk: (row.head_name, bytes(row.phone or b""), row.address) for row in Household.objects.all()} == before
    assert Division.objects.count() == groups
    assert not ImportChange.objects.filter(run=run).exists()
    assert AuditEvent.objects.filter(action="import.undo", subject="花名册.xlsx").count() == 1


def test_words_made_meanwhile_do_not_stand_against_taking_back(world: World) -> None:
    """Beat makes them within half a minute; they go with their household."""
    run = press(world, "write-import", bring(world, "households", workbook(register(household(1, 7, "钱西河")))))
    index_households()
    assert HouseholdWords.objects.filter(household=NEW).exists()
    run = press(world, "undo-import", run)
    assert run.state == ImportState.UNDONE, run.said
    assert not HouseholdWords.objects.filter(household=NEW).exists()


def test_what_depends_on_it_stands_against_taking_back(world: World) -> None:
    run = press(world, "write-import", bring(world, "households", workbook(register(household(1, 7, "钱西河")))))
    issue_plate(household=Household.objects.get(code=NEW), by=None)
    answer = office(world).post(reverse("undo-import", args=[run.pk]), {"own_password": "Songshu-47-he"})
    assert answer.status_code == 422
    assert "已经有了户牌（1 条）" in answer.content.decode()
    assert Household.objects.filter(code=NEW).exists()


def test_what_depends_on_a_large_file_is_looked_for_by_the_worker(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "FEW", 0)
    run = press(world, "write-import", bring(world, "households", workbook(register(household(1, 7, "钱西河")))))
    issue_plate(household=Household.objects.get(code=NEW), by=None)
    run = press(world, "undo-import", run)
    assert (run.state, run.undone_at) == (ImportState.WRITTEN, None)
    assert run.said.startswith("没有撤回。")
    assert "已经有了户牌（1 条）" in run.said


def test_row_changed_since_stands_against_taking_back(world: World) -> None:
    run = press(world, "write-import", bring(world, "households", workbook(register(household(1, 1, "周东河")))))
    Household.objects.filter(code=f"{SISTER}010001").update(head_name="周第三")
    with pytest.raises(Refused, match="又改过"):
        _take_back(world, run)


def test_signed_month_stands_against_taking_back_households(world: World) -> None:
    rows = workbook(register(household(1, 7, "钱东山", village=VILLAGE)))
    run = press(world, "write-import", bring(world, "households", rows, since="ever"))
    world.declare(world.village)
    with pytest.raises(Refused, match="已经申报过这些月份"):
        _take_back(world, run)


def _take_back(world: World, run: ImportRun) -> None:
    from households.intake.actions import take_back

    take_back(run=run, by=world.user(Role.COUNTY_OFFICE))


def test_linkages_taken_back_mark_their_months(world: World) -> None:
    world.record(world.household.code, "WJ02")
    content = f"部门代码,村代码,权重,起始月份,截止月份\nSLJ,{SISTER},1,2024-01,\n".encode()
    run = press(world, "write-import", bring(world, "linkages", content, "联村.csv"))
    Mark.objects.all().delete()
    assert press(world, "undo-import", run).state == ImportState.UNDONE
    assert Mark.objects.filter(code=SISTER).exists()


def test_events_are_withdrawn_when_their_file_is_taken_back(world: World) -> None:
    content = f"户编号,日期,条款代码,文书号,说明\n{world.household.code},2024-05-02,WJ02,石罗〔2024〕9号,\n".encode()
    run = press(world, "write-import", bring(world, "events", content, "例外.csv"))
    assert run.state == ImportState.WRITTEN, run.said
    run = press(world, "undo-import", run)
    event = ScoreEvent.objects.get()
    assert (run.state, event.withdraw_reason) == (ImportState.UNDONE, "整批撤回导入的例外"), run.said
    assert event.withdrawn_by == world.user(Role.COUNTY_OFFICE)


def test_clause_of_the_petition_office_is_refused_in_a_file_of_the_county_office(world: World) -> None:
    content = f"户编号,日期,条款代码,文书号,说明\n{world.household.code},2024-05-02,FF01,石公〔2024〕9号,\n".encode()
    run = bring(world, "events", content, "例外.csv")
    page = office(world).get(reverse("import-run", args=[run.pk])).content.decode()
    assert run.state == ImportState.FAULTY
    assert "由信访局登记，您不能登记" in page


def test_places_of_another_county_are_refused_by_line(world: World) -> None:
    run = bring(world, "divisions", "区划代码,名称\n430525000000,洞口县\n".encode(), "区划.csv")
    assert run.state == ImportState.FAULTY
    assert "不在您的管理范围内" in office(world).get(reverse("import-run", args=[run.pk])).content.decode()


@pytest.mark.parametrize("code", ["430726201201010000", "4.30726E+17"])
def test_code_that_a_spreadsheet_has_rounded_is_named_as_such(world: World, code: str) -> None:
    content = f"户编号,日期,条款代码,文书号,说明\n{code},2024-05-02,WJ02,石罗〔2024〕9号,\n".encode()
    run = bring(world, "events", content, "例外.csv")
    page = office(world).get(reverse("import-run", args=[run.pk])).content.decode()
    assert run.state == ImportState.FAULTY
    assert "表格软件" in page
    assert "“文本”格式" in page


def waiting(world: World) -> ImportRun:
    """A run that was told to write, and whose worker died."""
    run = bring(world, "households", workbook(register(household(1, 7, "钱西河"))))
    ImportRun.objects.filter(pk=run.pk).update(state=ImportState.WRITING)
    return run


def test_killed_worker_leaves_nothing_and_the_next_one_does_it(world: World) -> None:
    run = waiting(world)
    with audit_down():  # the last line of writing: everything before it was done
        work.work(run.pk)
    assert not Household.objects.filter(code=NEW).exists()
    assert not ImportChange.objects.exists()
    ImportRun.objects.update(asked_at="2024-01-01T00:00Z")
    assert work.waiting() == [run.pk]
    work.work(run.pk)
    work.work(run.pk)
    run.refresh_from_db()
    assert run.state == ImportState.WRITTEN
    assert Household.objects.filter(code=NEW).count() == 1


def test_run_that_kills_its_worker_every_time_is_given_up(world: World) -> None:
    run = waiting(world)
    ImportRun.objects.filter(pk=run.pk).update(tries=work.TRIES)
    work.work(run.pk)
    run.refresh_from_db()
    assert (run.state, "没有写入任何数据" in run.said) == (ImportState.FAILED, True)


def test_run_of_another_county_is_not_found(world: World) -> None:
    run = bring(world, "households", workbook(register(household(1, 7, "钱西河"))))
    ImportRun.objects.filter(pk=run.pk).update(place="430525")
    answer = office(world).get(reverse("import-run", args=[run.pk]))
    assert (answer.status_code, "花名册" in answer.content.decode()) == (404, False)


def test_paper_lies_sealed(world: World) -> None:
    bring(world, "households", workbook(register(household(1, 7, "钱西河"))))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content, told FROM households_importpaper")
        [(content, told)] = cursor.fetchall()
    assert bytes(content)[:2] != b"PK"
    assert bytes(told)[:2] != b"\x78\x01"


def test_waiting_page_asks_again_and_works_without_a_script(world: World) -> None:
    run = waiting(world)
    page = office(world).get(reverse("import-run", args=[run.pk])).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "看最新进度" in page
    assert STRANGE not in page


def test_contacts_of_a_county_come_in_the_same_way(world: World) -> None:
    header = "户编号,联系类型,姓名,电话,起始日期,截止日期,微网格,账号\n"
    content = f"{header}{world.household.code},党员联系,党一,,2024-05-01,,,\n".encode()
    run = press(world, "write-import", bring(world, "contacts", content, "联系.csv"))
    assert run.state == ImportState.WRITTEN, run.said
    assert Contact.objects.get().household_id == world.household.code
    page = office(world).get(reverse("import-run", args=[run.pk])).content.decode()
    assert "整批撤回</button>" in page


LIST_OF_CONTACTS = "户编号,联系类型,姓名,电话,起始日期,截止日期,微网格,账号\n"


def contacts_file(*lines: str) -> bytes:
    return (LIST_OF_CONTACTS + "".join(f"{line}\n" for line in lines)).encode()


def contacts_standing() -> list[tuple[object, ...]]:
    people = [(one.pk, one.name, one.phone, one.user_id) for one in ContactPerson.objects.order_by("pk")]
    grids = [*MicroGrid.objects.order_by("pk").values_list("name", "head", "valid_to")]
    fields = ("household", "person", "kind", "micro_grid", "valid_from", "valid_to")
    return [*people, *grids, *Contact.objects.order_by("pk").values_list(*fields)]


def test_file_of_contacts_is_taken_back_as_one(world: World) -> None:
    one, two = world.households[0].code, world.households[1].code
    first = contacts_file(f"{one},党员联系,党一,13900000001,2024-05-01,,,", f"{one},微网格长,网一,,2024-05-01,,井边,")
    press(world, "write-import", bring(world, "contacts", first, "联系.csv"))
    before = contacts_standing()
    lines = (
        f"{one},党员联系,党一,13900000002,2024-05-01,2024-06-01,,",
        f"{one},微网格长,网一,,2024-05-01,2024-06-01,井边,",
        f"{one},网格长,党二,,2024-06-01,,,",
        f"{two},微网格长,网二,,2024-06-01,,河边,",
    )
    run = press(world, "write-import", bring(world, "contacts", contacts_file(*lines), "联系二.csv"))
    assert contacts_standing() != before
    run = press(world, "undo-import", run)
    assert (run.state, contacts_standing()) == (ImportState.UNDONE, before), run.said


def test_contacts_handed_over_since_stand_against_taking_back(world: World) -> None:
    content = contacts_file(f"{world.household.code},党员联系,党一,,2024-05-01,,,")
    run = press(world, "write-import", bring(world, "contacts", content, "联系.csv"))
    Contact.objects.update(valid_to="2024-07-01")
    with pytest.raises(Refused, match="又改过"):
        _take_back(world, run)


@pytest.mark.parametrize("slug", ["accounts", "changes", "petitions"])
def test_kind_that_cannot_be_taken_back_says_why_and_what_to_do(world: World, slug: str) -> None:
    kind = kinds.kind_of(slug)
    by = next(user for user in world.people.values() if may(user, kind.permission))
    run = ImportRun.objects.create(kind=slug, name="一份.csv", size=1, digest="0" * 64, place=by.division_id, by=by)
    for state, words in ((ImportState.CHECKED, "写入以后不能整批撤回："), (ImportState.WRITTEN, "不能整批撤回：")):
        ImportRun.objects.filter(pk=run.pk).update(state=state, written_at=timezone.now())
        page = world.client(by).get(reverse("import-run", args=[run.pk])).content.decode()
        assert f"{words}{kind.stays}" in page
    with pytest.raises(Refused, match="不能整批撤回") as refused:
        actions.take_back(run=run, by=by)
    assert kind.stays in refused.value.reason


def test_every_kind_is_taken_back_or_says_why_not(world: World) -> None:
    found = {kind.slug: kind for user in world.people.values() for kind in kinds.kinds_for(user)}
    assert len(found) >= 9
    assert [slug for slug, kind in found.items() if bool(kind.stays) == kind.is_undoable] == []


def test_list_of_the_hotline_is_left_to_the_worker(world: World, celery_asked: list) -> None:
    client = world.client(Role.PETITION_OFFICE)
    header = "来源,来源编号,收到日期,地点,标题,内容,姓名,电话,诉求类型,原文网址\n"
    content = f"{header}12345,SY-1,2024-05-02,东山村,村口路灯不亮,路灯坏了两个月,,,投诉,\n".encode()
    client.post(reverse("import-file", args=["petitions"]), {"file": SimpleUploadedFile("热线.csv", content)})
    run = ImportRun.objects.get()
    assert (run.state, run.counts["登记"]) == (ImportState.CHECKED, 1), run.said
    client.post(reverse("write-import", args=[run.pk]), {"own_password": PASSWORD})
    assert celery_asked == [(run.pk,)]
    work.work(run.pk)
    run.refresh_from_db()
    assert (run.state, Petition.objects.get().title) == (ImportState.WRITTEN, "村口路灯不亮")
    assert office(world).get(reverse("import-run", args=[run.pk])).status_code == 404


def test_changes_are_left_to_the_worker_as_soon_as_there_are_many(world: World, celery_asked: list) -> None:
    """Each of their lines is an act of its own: a small file takes long."""
    line = f"更正,{VILLAGE}010002,2024-05-20,录入有误,,,李更正,,,\n"
    header = "事项,户编号,日期,原因,另一户编号,到哪个组,户主,电话,地址,说明\n"
    for lines, left_to_worker in ((2, False), (200, True)):
        run = bring(world, "changes", (header + line * lines).encode(), "变更.csv")
        assert (run.state == ImportState.CHECKING, bool(celery_asked)) == (left_to_worker, left_to_worker), run.said


@pytest.fixture
def celery_asked(monkeypatch: pytest.MonkeyPatch) -> list:
    """What the worker is asked for, in place of a broker's message."""
    asked: list = []
    monkeypatch.setattr(ring.current_app, "send_task", lambda _name, args, **_options: asked.append(args))
    return asked
