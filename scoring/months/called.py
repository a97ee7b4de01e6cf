"""Sheets under the names that their village and township bore in their month."""

from django.db.models import CharField, QuerySet
from django.db.models.expressions import RawSQL

from households.models.borders import sql_past_name
from scoring.models import Sheet

_LAST_DAY = "((scoring_sheet.period_id || '-01')::date + interval '1 month - 1 day')"
_THEN = sql_past_name("left(scoring_sheet.village_id, %s)", _LAST_DAY)
_VILLAGE, _TOWNSHIP = 12, 9


def with_names(sheets: "QuerySet[Sheet]") -> "QuerySet[Sheet]":
    """The same sheets, in the same query; `called_then` then gives each its names."""
    return sheets.select_related("village__parent").annotate(
        village_then=RawSQL(_THEN, [_VILLAGE], CharField()),  # noqa: S611 (a constant)
        township_then=RawSQL(_THEN, [_TOWNSHIP], CharField()),  # noqa: S611 (a constant)
    )


def called_then(sheet: Sheet) -> Sheet:
    """The sheet with its village as it was called in that month; the village is never to be saved."""
    village = sheet.village
    village.name = getattr(sheet, "village_then", None) or village.name
    if village.parent:
        village.parent.name = getattr(sheet, "township_then", None) or village.parent.name
    return sheet
