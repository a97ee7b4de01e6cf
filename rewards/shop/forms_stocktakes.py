"""The count sheet: for each item what was counted, and why it differs from the book."""

from typing import Any

from django import forms

from rewards.models import StocktakeLine
from rewards.shop.actions.stocktakes import MAX_COUNTED, Count


class CountForm(forms.Form):
    """Fields `counted-ITEM` and `reason-ITEM`. Lines left empty stay as they were."""

    def __init__(self, lines: list[StocktakeLine], data: Any = None) -> None:
        self.lines = lines
        super().__init__(data, initial=_initial(lines))
        for line in lines:
            widget = forms.NumberInput({"inputmode": "numeric", "autocomplete": "off"})
            self.fields[f"counted-{line.item_id}"] = forms.IntegerField(
                label=f"{line.item.name}实点数", required=False, min_value=0, max_value=MAX_COUNTED, widget=widget
            )
            self.fields[f"reason-{line.item_id}"] = forms.CharField(
                label=f"{line.item.name}差异原因", required=False, max_length=200
            )

    @property
    def rows(self) -> list[tuple[StocktakeLine, forms.BoundField, forms.BoundField]]:
        """Each line with its two fields."""
        return [(line, self[f"counted-{line.item_id}"], self[f"reason-{line.item_id}"]) for line in self.lines]

    def counts(self) -> dict[int, Count]:
        """What was counted, by item; only lines that were filled in and differ from what is kept."""
        given = {
            line: Count(self.cleaned_data[f"counted-{line.item_id}"], self.cleaned_data[f"reason-{line.item_id}"])
            for line in self.lines
            if self.cleaned_data[f"counted-{line.item_id}"] is not None
        }
        return {line.item_id: count for line, count in given.items() if count != (line.counted, line.reason)}


def _initial(lines: list[StocktakeLine]) -> dict[str, Any]:
    counted = {f"counted-{line.item_id}": line.counted for line in lines}
    return counted | {f"reason-{line.item_id}": line.reason for line in lines}
