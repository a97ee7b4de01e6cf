"""Printed letters, read back."""

import pypdfium2


def read(body: bytes) -> list[str]:
    """The text of each page, without breaks: a line may end anywhere."""
    document = pypdfium2.PdfDocument(body)
    pages = [page.get_textpage().get_text_range().replace("\r\n", "") for page in document]
    document.close()
    return pages
