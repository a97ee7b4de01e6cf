"""TODO docstring."""

from django.http import Http404

from households.codes import Level
from scoring.rankings.rankings import LEVELS


def ranked_level(text: str) -> Level:
    """group, village, township or county, or 404."""
    if text not in LEVELS:
        raise Http404
    return Level(text)
