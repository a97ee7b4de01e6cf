"""What filers may add to a petition, and what is made of it: photos anew from their pixels, PDF files from their pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.crypto import salted_hmac

from households.files import cells, images, pdf, uploads
from households.refusals import Refused
from petitions.models import FileKind

MAX_FILES = 6  # at one time
MAX_PDF_BYTES = 5 * 1024 * 1024
_HEAD, _TAIL = b"%PDF-", b"%%EOF"
_TAIL_WITHIN = 2048
_OTHERS = "照片要 JPG、PNG 或 WebP；Word、WPS、Excel 文件请另存为 PDF 再上传。"
_BY_PHOTO = "请打印出来拍照上传。"
_UNFIT = {
    "locked": ("这个 PDF 加了密码，打不开。", "请去掉密码再上传，或者打印出来拍照上传。"),
    "empty": ("这个 PDF 里一页也没有。", "请重新选择，或者拍照上传。"),
    "long": (f"这个 PDF 超过 {pdf.MAX_PAGES} 页。", "请分成几个文件上传。"),
    "broken": ("这个 PDF 打不开。", _BY_PHOTO),
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One file as it will be kept. `digest` is keyed, so that it says nothing about the content to who reads the table."""

    kind: FileKind
    content: bytes

    @property
    def digest(self) -> str:
        return salted_hmac(
            "petitions.attachment", self.content.hex(), settings.CODE_KEY, algorithm="sha256"
        ).hexdigest()


def papers(given: Iterable[UploadedFile]) -> list[Paper]:
    """All files of a form, judged and made anew. Refused (422, `fields` names "files") for the first that will not do.

    A photo takes up to a third of a second: call it before locking anything.
    """
    listed = list(given)
    if len(listed) > MAX_FILES:
        raise _refusal("files_too_many", f"一次最多加 {MAX_FILES} 个文件。", "其余的可以过后再补充。")
    return [paper(upload) for upload in listed]


def paper(upload: UploadedFile) -> Paper:
    """One file: a PDF by its first bytes, else a photo."""
    data = uploads.content(upload, images.MAX_BYTES, _too_large)
    if data.startswith(_HEAD):
        return Paper(FileKind.PDF, _paper_of(data))
    try:
        return Paper(FileKind.PHOTO, cells.photo(data).content)
    except Refused as fault:
        if fault.code == "picture_not_one":
            neither = f"{fault.reason.rstrip('。')}，也不是 PDF。"
            raise _refusal("file_of_no_kind", neither, _OTHERS, fault.status) from fault
        raise _refusal(fault.code, fault.reason, fault.hint, fault.status) from fault


def _too_large(_size: int) -> Refused:
    return _refusal("file_too_large", "有一个文件太大。", "照片最大 10 MB，PDF 最大 5 MB。")


def _paper_of(data: bytes) -> bytes:
    """The pages alone: no author, no path, no program, no other file."""
    if len(data) > MAX_PDF_BYTES:
        raise _refusal("pdf_too_large", f"这个 PDF 有 {len(data) / 1024 / 1024:.1f} MB，最大 5 MB。", "可以拍照上传。")
    if _TAIL not in data[-_TAIL_WITHIN:]:
        raise _refusal("pdf_broken", "这个 PDF 不完整，可能没有传完。", "请重新选择，或者拍照上传。")
    try:
        return cells.paper(data)
    except pdf.Unfit as unfit:
        reason, hint = _UNFIT[unfit.code]
        raise _refusal(f"pdf_{unfit.code}", reason, hint) from unfit
    except Refused as fault:
        if fault.code == "picture_not_one":
            neither = f"{fault.reason.rstrip('。')}，也不是 PDF。"
            raise _refusal("file_of_no_kind", neither, _OTHERS, fault.status) from fault
        raise _refusal(fault.code, fault.reason, fault.hint, fault.status) from fault


def _refusal(code: str, reason: str, hint: str, status: int = 422) -> Refused:
    return Refused(code, reason, hint=hint, fields={"files": reason}, status=status)
