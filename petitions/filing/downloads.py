"""A petition's files as they are handed out, to its filer and to those who may read it."""

from django.http import Http404, HttpResponse

from households.files.answers import attachment, shown
from petitions.models import Attachment, FileKind, Petition


def file_answer(petition: Petition, file: int) -> HttpResponse:
    """A file of the petition, never kept by a cache; a PDF is saved, not opened inside the site. 404 when not its own."""
    found = Attachment.objects.filter(petition=petition, pk=file).first()
    if found is None:
        raise Http404
    answer = attachment if found.kind == FileKind.PDF else shown
    return answer(found.content, f"{petition.number}-{found.pk}.{found.extension}", private=True)
