"""``{% papers_of petition as papers %}``: a petition's files without their content. One query."""

from django import template

from petitions.models import Attachment, Petition

register = template.Library()


@register.simple_tag
def papers_of(petition: Petition) -> list[Attachment]:
    """In the order in which they came; the content stays in the database."""
    return list(Attachment.objects.filter(petition=petition).defer("sealed"))
