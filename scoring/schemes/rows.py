"""A scheme's rows from a draft, for the publishing action and for the migration that ships the schemes."""

from typing import Any

from scoring.schemes.files import SchemeDraft


def write(draft: SchemeDraft, *, scheme: Any, indicator: Any, clause: Any) -> Any:
    """Insert `draft` unpublished, through the given model classes (a migration has its own); returns the scheme."""
    row = scheme.objects.create(code=draft.code, name=draft.name, effective_from=draft.effective_from, note=draft.note)
    indicators = indicator.objects.bulk_create(
        indicator(scheme=row, position=n, code=i.code, name=i.name, lamp=i.lamp, share=i.share)
        for n, i in enumerate(draft.indicators, 1)
    )
    clause.objects.bulk_create(
        clause(
            scheme=row,
            indicator=owner,
            code=c.code,
            text=c.text,
            kind=c.kind,
            points=c.points,
            subject=c.subject,
            recorder=c.recorder,
            document_required=c.document_required,
            second_person=c.second_person,
            basis=c.basis,
        )
        for owner, written in zip(indicators, draft.indicators, strict=True)
        for c in written.clauses
    )
    return row
