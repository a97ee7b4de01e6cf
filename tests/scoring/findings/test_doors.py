"""Page, interface and file take a department's findings by the same rules."""

import io
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from households.models import ImportRun
from households.roles import Role
from scoring.findings.importing import import_findings
from scoring.models import Finding, ScoreEvent
from tests.constraints import broken
from tests.scoring.findings.found import DOCUMENT, ONE, OTHERS, OWN, TWO, found, raw
from tests.world import DAY, MONTH, STRANGE, World

LIST = "/api/v1/findings/"
HEADER = "household_code|division_code,date,clause_code,document_no,note\n"


def row(code: str = ONE, clause: str = OWN, document: str = DOCUMENT) -> str:
    return f"{code},{DAY},{clause},{document},\n"


def test_interface_files_and_tells_what_became_of_it(world: World) -> None:
    client = world.client(Role.DEPARTMENT)
    body = {**raw(), "op_id": str(uuid4())}
    answer = client.post(LIST, body, content_type="application/json")
    assert answer.status_code == 201 and answer.json()["state"] == "pending"
    assert client.post(LIST, body, content_type="application/json").json() == answer.json()
    [told] = client.get(LIST).json()["findings"]
    assert (told["code"], told["clause"], told["document_no"], told["event"]) == (
        ONE,
        OWN,
        DOCUMENT,
        answer.json()["event"],
    )
    withdrawn = client.post(
        f"{LIST}{told['id']}/withdraw/", {"op_id": str(uuid4()), "reason": "认错了"}, content_type="application/json"
    )
    assert withdrawn.json()["state"] == "withdrawn" and ScoreEvent.objects.get().withdrawn_at


def test_interface_refuses_anothers_clause_and_a_strange_place(world: World) -> None:
    client = world.client(Role.DEPARTMENT)

    def code(**change: str) -> tuple[int, str]:
        body = {**raw(), "op_id": str(uuid4()), **change}
        answer = client.post(LIST, body, content_type="application/json")
        return answer.status_code, answer.json()["code"]

    assert code(clause=OTHERS) == (422, "recorder")
    assert code(household=f"{STRANGE}010001") == (404, "place_unknown")
    assert not Finding.objects.exists()


def test_page_offers_own_clauses_alone_and_files(world: World) -> None:
    client = world.client(Role.DEPARTMENT)
    address = f"{reverse('finding-new')}?month={MONTH}&code={ONE}"
    page = client.get(address).content.decode()
    assert OWN in page and OTHERS not in page
    op_id = re.search(r'name="op_id" value="([^"]+)"', page)
    assert op_id
    given = {"op_id": op_id[1], "clause": OWN, "date": str(DAY), "document_no": DOCUMENT, "note": ""}
    answer = client.post(address, given)
    made = Finding.objects.get()
    assert answer["Location"] == reverse("finding", args=[made.pk])
    shown = client.get(reverse("finding", args=[made.pk])).content.decode()
    assert DOCUMENT in shown and "已到台账，等第二人确认" in shown
    refused = client.post(address, {**given, "op_id": str(uuid4()), "clause": OTHERS})
    assert refused.status_code == 422 and Finding.objects.count() == 1


def test_page_explains_for_the_village(world: World) -> None:
    world.declare(world.village)
    number = found(world)["id"]
    client = world.client(Role.CADRE)
    page = client.get(reverse("finding", args=[number])).content.decode()
    op_id = re.search(r'name="op_id" value="([^"]+)"', page)
    assert op_id and "说明以后乡镇才能审核" in page
    client.post(reverse("finding-explain", args=[number]), {"op_id": op_id[1], "words": "不是本村的人"})
    assert "不是本村的人" in client.get(reverse("finding", args=[number])).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_number_of_queries(world: World, count: int, django_assert_num_queries: object) -> None:
    for at in range(count):
        found(world, world.households[at].code)
    client = world.client(Role.DEPARTMENT)
    client.get("/findings/")
    with django_assert_num_queries(10):
        assert client.get("/findings/").content.decode().count(DOCUMENT) == count


def load(world: World, *rows: str, **given: object) -> object:
    data = (HEADER + "".join(rows)).encode()
    return import_findings(name="f.csv", data=data, by=world.user(Role.DEPARTMENT), **given)


def test_file_files_every_row_and_the_same_file_none(world: World) -> None:
    rehearsed = load(world, row(), row(TWO), dry_run=True)
    assert [note.reason for note in rehearsed.notes] == [
        "记到台账上，等第二人确认"
    ] * 2 and not Finding.objects.exists()
    assert load(world, row(), row(TWO)).counts == {"新增": 2, "已存在": 0}
    assert load(world, row(), row(TWO)).counts == {"新增": 0, "已存在": 2}
    assert ScoreEvent.objects.filter(confirmed_at=None, source="finding").count() == 2


def test_file_takes_a_clause_as_people_type_it(world: World) -> None:
    report = load(world, row(clause=OWN.lower()))
    assert not report.errors and Finding.objects.get().clause.code == OWN


def test_file_says_which_rows_come_late(world: World) -> None:
    world.declare(world.village)
    report = load(world, row(), dry_run=True)
    assert "转村里说明、乡镇更正" in report.notes[0].reason


def test_file_with_anothers_clause_writes_nothing(world: World) -> None:
    report = load(world, row(), row(TWO, OTHERS))
    assert [(error.line, error.column) for error in report.errors] == [(3, "clause_code")]
    assert not Finding.objects.exists() and not ScoreEvent.objects.exists()


def test_department_brings_the_file_by_the_browser(world: World) -> None:
    client, upload = world.client(Role.DEPARTMENT), io.BytesIO((HEADER + row()).encode())
    upload.name = "认定.csv"
    answer = client.post(reverse("import-file", args=["findings"]), {"file": upload})
    run = ImportRun.objects.get()
    assert answer["Location"] == reverse("import-run", args=[run.pk]) and run.state == "checked"
    client.post(reverse("write-import", args=[run.pk]))
    assert Finding.objects.get().document_no == DOCUMENT
    assert world.client(world.stranger(Role.DEPARTMENT)).get(answer["Location"]).status_code == 404


def test_database_keeps_what_was_filed(world: World) -> None:
    found(world)
    made = Finding.objects.all()
    broken(lambda: made.update(note="别的"), "never edited")
    broken(lambda: made.update(document_no=""), "never edited|finding_has_a_document")
    broken(made.delete, "append-only")
