"""Files as clerks bring them, and bringing one in through the pages."""

import io

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from households.models import ImportRun
from households.roles import Role
from tests.world import PASSWORD, SISTER, World

HEADER = ["序号", "村代码", "组别", "户号", "户主姓名", "联系电话", "家庭住址", "备注"]


def workbook(rows: list[list[object]], merged: tuple[str, ...] = ()) -> bytes:
    """A workbook with these rows; `merged` are ranges whose first cell holds the value."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("花名册")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for reach in merged:
            sheet.merge_range(reach, None)
    return out.getvalue()


def register(*households: tuple[object, ...], titled: bool = True) -> list[list[object]]:
    """Rows of a village's list with a title, a line of who filled it in, and the header."""
    titles: list[list[object]] = [["西河村农户花名册"], ["填报单位：西河村", "", "", "2026年11月"]] if titled else []
    lines = [[number, *cells, ""] for number, cells in enumerate(households, start=1)]
    return [*titles, list(HEADER), *lines]


def household(group: object, number: object, head: str, phone: str = "", village: str = SISTER) -> tuple[object, ...]:
    return (village, group, number, head, phone, "西河村")


def bring(world: World, kind: str, content: bytes, name: str = "花名册.xlsx", **options: str) -> ImportRun:
    """Hand a file in as the county office; the run as it is then."""
    client = office(world)
    given = {"file": SimpleUploadedFile(name, content), **options}
    answer = client.post(reverse("import-file", args=[kind]), given)
    assert answer.status_code == 302, answer.content.decode()
    return ImportRun.objects.latest("pk")


def press(world: World, button: str, run: ImportRun) -> ImportRun:
    """Press 写入 or 整批撤回, with the password."""
    office(world).post(reverse(button, args=[run.pk]), {"own_password": PASSWORD})
    run.refresh_from_db()
    return run


def office(world: World) -> Client:
    return world.client(Role.COUNTY_OFFICE)
