"""A petition's files as they are handed out, to its filer and to those who may read it."""

from django.http import Http404, HttpResponse

from petitions.models import Attachment, Petition


def file_answer(petition: Petition, file: int) -> HttpResponse:
    """A file of the petition, never kept by a cache; a PDF is saved, not opened inside the site. 404 when not its own."""
    found = Attachment.objects.filter(petition=petition, pk=file).first()
    if found is None:
        raise Http404
    response = HttpResponse(found.content, content_type=found.content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex, noarchive"
    kind = "attachment" if found.kind == "pdf" else "inline"
    extension = "pdf" if found.kind == "pdf" else "jpg"
    response["Content-Disposition"] = f'{kind}; filename="{petition.number}-{found.pk}.{extension}"'
    return response
