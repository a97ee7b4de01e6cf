"""What is kept of a PDF: what its pages show, and nothing that came along. No database."""

import io
import random
import zlib
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Pdf, String

from households.files import pdf
from tests.rewards.pictures import photographs

WHO = "zhang-ceshi"
# As LibreOffice writes it: where to open the paper, not what to do.
VIEW = b"""%PDF-1.6
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction[3 0 R /XYZ null null 0]/Lang(zh-CN)>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Size 4/Root 1 0 R>>
%%EOF
"""


def paper(**catalog: Any) -> Pdf:
    """One page that says something, with a photo that knows where it was taken."""
    new = Pdf.new()
    page = new.add_blank_page(page_size=(595, 842)).obj
    photo = new.make_stream(photographs.photo_with_location())
    photo.update(Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=640, Height=480, BitsPerComponent=8))
    photo.ColorSpace, photo.Filter = Name.DeviceRGB, Name.DCTDecode
    page.Resources = Dictionary(XObject=Dictionary(Im0=photo))
    page.Contents = new.make_stream(b"q 500 0 0 300 40 400 cm /Im0 Do Q BT (words) Tj ET")
    for key, value in catalog.items():
        new.Root[f"/{key}"] = value
    return new


def saved(new: Pdf) -> bytes:
    file = io.BytesIO()
    new.save(file)
    return file.getvalue()


def inside(data: bytes) -> bytes:
    """Everything that a paper holds, unpacked."""
    file = io.BytesIO()
    with Pdf.open(io.BytesIO(data)) as read:
        read.save(file, qdf=True, stream_decode_level=pikepdf.StreamDecodeLevel.generalized, compress_streams=False)
    return file.getvalue()


def test_page_and_its_photo_stay() -> None:
    kept = inside(pdf.cleaned(saved(paper())))
    assert b"(words) Tj" in kept and b"/Im0 Do" in kept
    with Pdf.open(io.BytesIO(pdf.cleaned(saved(paper())))) as read:
        picture = pikepdf.PdfImage(read.pages[0].obj.Resources.XObject.Im0).as_pil_image()
    assert picture.size == (640, 480)


def test_photo_inside_loses_place_and_maker() -> None:
    plain = saved(paper())
    assert photographs.MAKER.encode() in plain
    kept = inside(pdf.cleaned(plain))
    for secret in (photographs.MAKER.encode(), b"Exif", b"GPS", b"taken at home"):
        assert secret not in kept


def test_photo_packed_twice_loses_them_too() -> None:
    new = paper()
    photo = new.pages[0].obj.Resources.XObject.Im0
    packed = zlib.compress(photographs.photo_with_location())
    photo.write(packed, filter=Array([Name.FlateDecode, Name.DCTDecode]), decode_parms=Array([None, None]))
    kept = inside(pdf.cleaned(saved(new)))
    assert photographs.MAKER.encode() not in kept and b"\xff\xd8\xff" in kept


def test_author_title_path_and_notes_of_programs_are_gone() -> None:
    new = paper()
    new.docinfo.Author, new.docinfo.Title = String(WHO), String(f"C:\\Users\\{WHO}\\Desktop\\a.doc")
    with new.open_metadata() as xmp:
        xmp["dc:creator"] = [WHO]
    page = new.pages[0].obj
    page.PieceInfo = Dictionary(Word=Dictionary(Private=String(WHO)))
    page.Resources.XObject.Im0.Metadata = new.make_stream(WHO.encode())
    page.Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Highlight, T=String(WHO), Rect=[0, 0, 9, 9])])
    new.attachments["list.txt"] = WHO.encode()
    assert WHO.encode() in inside(saved(new))
    kept = inside(pdf.cleaned(saved(new)))
    assert WHO.encode() not in kept and b"Highlight" in kept


@pytest.mark.parametrize(
    "spelt",
    [b"/OpenAction", b"/Open#41ction", b"/AA", b"/A#41", b"/Names"],
)
@pytest.mark.parametrize("does", [b"<</S/JavaScript/JS(app.alert)>>", b"<</S/J#61vaScript/J#53(app.alert)>>"])
def test_program_is_left_behind_however_it_is_spelt(spelt: bytes, does: bytes) -> None:
    kept = inside(pdf.cleaned(VIEW.replace(b"/Lang(zh-CN)", spelt + does)))
    assert b"app.alert" not in kept and b"MediaBox" in kept


@pytest.mark.parametrize("kind", ["Link", "FileAttachment", "Screen", "RichMedia", "Movie", "Popup"])
def test_what_acts_on_a_page_is_left_behind(kind: str) -> None:
    new = paper()
    act = Dictionary(S=Name.Launch, F=String("evil.exe"))
    new.pages[0].obj.Annots = Array(
        [Dictionary(Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9], A=act, AA=Dictionary(E=act))]
    )
    new.pages[0].obj.AA = Dictionary(O=act)
    assert b"evil.exe" not in inside(pdf.cleaned(saved(new)))


def test_filled_form_stays_as_it_looks() -> None:
    new = paper()
    look = new.make_stream(b"BT (filled in) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 9, 9]))
    field = {"Subtype": Name.Widget, "FT": Name.Tx, "Rect": Array([0, 0, 9, 9])}
    seen = Dictionary(
        **field, V=String("filled in"), AP=Dictionary(N=look), AA=Dictionary(K=Dictionary(S=Name.JavaScript))
    )
    bare = Dictionary(**field, Parent=new.make_indirect(Dictionary(V=String("left above"), T=String(WHO))))
    new.pages[0].obj.Annots = Array([new.make_indirect(each) for each in (seen, bare)])
    new.Root.AcroForm = Dictionary(Fields=Array([*new.pages[0].obj.Annots]), XFA=String(WHO))
    kept = inside(pdf.cleaned(saved(new)))
    assert b"(filled in) Tj" in kept and b"(left above)" in kept
    assert WHO.encode() not in kept and b"JavaScript" not in kept and b"AcroForm" not in kept


def test_where_to_open_a_paper_is_no_reason_to_refuse_it() -> None:
    assert b"OpenAction" not in inside(pdf.cleaned(VIEW))


def test_scan_is_taken_whatever_bytes_its_pixels_are_packed_to() -> None:
    dice = random.Random(7)
    for mark in (b"/AA ", b"/JS(", b"/JavaScript", b"/OpenAction", b"/EmbeddedFile", b"/Launch"):
        new = paper()
        new.pages[0].obj.Resources.XObject.Im0.write(dice.randbytes(5000) + mark + dice.randbytes(5000))
        assert mark in saved(new) or mark in inside(saved(new))
        assert mark in inside(pdf.cleaned(saved(new)))


def test_same_paper_gives_the_same_bytes_and_cleaning_again_changes_none() -> None:
    once = pdf.cleaned(saved(paper()))
    assert once == pdf.cleaned(saved(paper())) == pdf.cleaned(once)


def test_paper_without_its_table_of_places_is_mended() -> None:
    data = saved(paper())
    assert b"(words) Tj" in inside(pdf.cleaned(data[: data.rindex(b"startxref")] + b"%%EOF\n"))


def locked(user: str) -> bytes:
    file = io.BytesIO()
    paper().save(file, encryption=pikepdf.Encryption(owner="o", user=user))
    return file.getvalue()


def test_paper_that_anybody_may_open_is_taken_although_it_is_locked() -> None:
    assert b"(words) Tj" in inside(pdf.cleaned(locked("")))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (locked("secret"), "locked"),
        (saved(Pdf.new()), "empty"),
        (b"%PDF-1.4\n%%EOF", "broken"),
        (b"%PDF-1.4\n" + bytes(500) + b"%%EOF", "broken"),
        (b"", "broken"),
    ],
)
def test_what_is_no_paper_is_refused_by_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(pdf.Unfit) as refused:
        pdf.cleaned(data)
    assert refused.value.code == code


def test_book_is_refused() -> None:
    new = Pdf.new()
    for _ in range(pdf.MAX_PAGES + 1):
        new.add_blank_page()
    with pytest.raises(pdf.Unfit, match="long"):
        pdf.cleaned(saved(new))


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_damaged_paper_is_made_anew_or_refused_never_an_error(data: st.DataObject) -> None:
    whole = bytearray(VIEW)
    for _ in range(data.draw(st.integers(1, 8))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        assert pdf.cleaned(bytes(whole)).startswith(b"%PDF-")
    except pdf.Unfit as unfit:
        assert unfit.code in ("broken", "empty", "locked", "long")
