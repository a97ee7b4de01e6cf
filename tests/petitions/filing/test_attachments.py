"""Photos and papers: made anew, encrypted, for the filer and those who may read the petition, for nobody else."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from households.files.pdf import cleaned
from petitions.filing import uploads
from petitions.filing.actions import papers as actions
from petitions.models import Attachment, Petition
from tests.answers import whole
from tests.petitions.filers import PAPER, PDF, Filer, answered, people_of, text_of
from tests.rewards.pictures.photographs import photo
from tests.world import World

SECRET = b"LAND-CONTRACT-SECRET"


def upload(content: bytes, name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.fixture
def filer(world: World) -> Filer:
    return Filer()


def with_files(filer: Filer, *contents: bytes, **given: Any) -> Petition:
    return filer.filed(files=[upload(content) for content in contents], **given)[0]


def test_photo_and_pdf_are_kept_with_the_petition(filer: Filer) -> None:
    petition = with_files(filer, photo(), PDF)
    assert [file.kind for file in petition.attachments.all()] == ["photo", "pdf"]
    assert "PDF 文件" in text_of(filer.client, filer.url("page"))


def test_papers_of_the_answer_stand_below_it(filer: Filer, world: World) -> None:
    petition = with_files(filer, photo())
    actions.attach(petition=petition, papers=uploads.papers([upload(PDF)]), by=world.user("department"))
    page = text_of(filer.client, filer.url("page"))
    assert page.index("答复的附件") < page.index("PDF 文件") < page.index("您写的") < page.index("照片，")


def test_file_lies_encrypted(filer: Filer) -> None:
    paper = cleaned(PAPER.replace(b"/Parent", b"/Resources<</Font<</" + SECRET + b"<</Type/Font>>>>>>/Parent"))
    assert SECRET in paper
    petition = with_files(filer, paper)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM petitions_attachment")
        assert SECRET not in bytes(cursor.fetchone()[0])
    assert petition.attachments.get().content == paper


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a....", "动图"),
        (b"%PDF-1.4 cut off", "不完整"),
        (b"%PDF-1.4 nothing in it %%EOF", "打不开"),
        (b"%PDF-" + b"x" * uploads.MAX_PDF_BYTES + b"%%EOF", "最大 5 MB"),
        (b"<html></html>", "网页"),
        (b"PK\x03\x04 a paper of an office", "请另存为 PDF"),
        (b"MZ\x90", "不是照片，也不是 PDF"),
    ],
)
def test_other_files_are_refused_and_nothing_is_filed(filer: Filer, content: bytes, words: str) -> None:
    response = filer.file(files=[upload(content)])
    assert response.status_code == 422
    page = response.content.decode()
    assert words in page and "照片要重新选。" in page
    assert Petition.objects.count() == 0


def test_filers_name_inside_a_paper_is_not_kept(filer: Filer) -> None:
    named = PAPER.replace(
        b"trailer<<", b"4 0 obj<</Author(Zhang Ceshi)/Title(C:\\\\Users\\\\zhang)>>endobj\ntrailer<</Info 4 0 R"
    )
    kept = with_files(filer, named).attachments.get().content
    assert kept == PDF and b"hang" in named and b"hang" not in kept


def test_too_many_files_are_refused(filer: Filer) -> None:
    files = [upload(PDF) for _ in range(uploads.MAX_FILES + 1)]
    assert filer.file(files=files).status_code == 422
    assert Petition.objects.count() == 0


def test_filer_opens_his_files(filer: Filer) -> None:
    petition = with_files(filer, photo(), PDF)
    picture, paper = petition.attachments.all()
    shown = filer.client.get(reverse("petition-follow-file", args=[picture.pk]))
    saved = filer.client.get(reverse("petition-follow-file", args=[paper.pk]))
    assert shown["Content-Type"] == "image/jpeg" and "no-store" in shown["Cache-Control"]
    assert saved.content == PDF and saved["Content-Disposition"].startswith("attachment")


def test_stranger_opens_none(world: World, filer: Filer) -> None:
    petition = with_files(filer, PDF)
    other = Filer()
    other.filed(title="另一件", text="另一件事")
    file = petition.attachments.get().pk
    address = reverse("petition-follow-file", args=[file])
    assert filer.client.get(address).content == PDF
    assert Client().get(address)["Location"] == reverse("petition-follow")
    answer = other.client.get(address)
    assert (answer.status_code, "%PDF" in whole(answer)) == (404, False)


def test_staff_open_only_what_they_may_read(world: World, filer: Filer) -> None:
    petition = answered(world, with_files(filer, PDF))
    address = reverse("petition-paper", args=[petition.number, petition.attachments.get().pk])
    came_in = {user.username for user in people_of(world) if world.client(user).get(address).status_code == 200}
    assert came_in == {"petition_office", "department"}
    assert "PDF 文件" in text_of(world.client("petition_office"), reverse("petition", args=[petition.number]))


def test_accused_department_opens_none(world: World, filer: Filer) -> None:
    petition = with_files(filer, PDF, content="accusation", accused_department="LYJ")
    address = reverse("petition-paper", args=[petition.number, petition.attachments.get().pk])
    answer = world.client("department").get(address)
    assert (answer.status_code, "%PDF" in whole(answer)) == (404, False)
    assert world.client("petition_office").get(address).content == PDF


def test_papers_are_added_later_and_once(filer: Filer) -> None:
    petition = with_files(filer, PDF)
    filer.act("supplement", files=[upload(PDF), upload(photo())])
    assert petition.attachments.count() == 2
    assert "补充了 2 个文件" in text_of(filer.client, filer.url("page"))


def test_petition_takes_only_so_many_files(filer: Filer, monkeypatch: pytest.MonkeyPatch) -> None:
    petition = with_files(filer, PDF)
    monkeypatch.setattr(actions, "MAX_IN_ALL", 1)
    assert filer.act("supplement", files=[upload(photo())]).status_code == 422
    assert petition.attachments.count() == 1 and petition.events.count() == 1


def test_failing_to_keep_a_file_files_nothing(filer: Filer, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object, **_given: object) -> None:
        raise RuntimeError("disk")

    monkeypatch.setattr(actions, "_record", fail)
    with pytest.raises(RuntimeError, match="disk"):
        with_files(filer, PDF)
    assert (Petition.objects.count(), Attachment.objects.count()) == (0, 0)
