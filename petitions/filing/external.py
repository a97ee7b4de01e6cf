"""Numbers that hotline, 红网 and mailbox give: found however they are spelt."""

from collections.abc import Iterable

from households.sql import rows

# As `households.words.keys.key` folds, in SQL; the index petition_by_external_key holds the same expression.
_FOLDED = (
    "translate(lower(normalize({}, NFKC)),"
    " U&'\\2010\\2011\\2012\\2013\\2014\\2015\\2212\\2500\\30FC\\3014[\\3010\\3016{{\\3015]\\3011\\3017}}"
    " \\00AD\\0009\\000A\\000D\\200B\\200C\\200D\\200E\\200F\\2060\\FEFF',"
    " '---------(((((' || ')))))')"
)
_FOUND = f"""
    SELECT DISTINCT ON (w.way, w.number) w.way, w.number, p.id
    FROM unnest(%(ways)s::text[], %(numbers)s::text[]) AS w (way, number)
    JOIN petitions_petition p
      ON p.way = w.way AND p.external_no <> '' AND {_FOLDED.format("p.external_no")} = {_FOLDED.format("w.number")}
    ORDER BY w.way, w.number, p.id DESC
"""


def known(wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """The petitions that came in by a way under a number: the newest of each, by (way, number) as asked."""
    pairs = list(wanted)
    params = {"ways": [way for way, _ in pairs], "numbers": [number for _, number in pairs]}
    return {(way, number): petition for way, number, petition in rows(_FOUND, params)}
