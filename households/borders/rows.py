"""The register's own rows of a change of places, set by set. In the caller's transaction, which holds the villages.

`staged_move` and `staged_way` say what goes where. Whatever hangs on a household or place and is no history goes along.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from households.models import BorderKind, BorderLine, BorderOrder, PastName
from households.months import month_of, previous_month
from households.sql import column, rows, run

_MAKE = """
    INSERT INTO households_division (code, name, parent_id, valid_from)
    SELECT code, name, left(code, CASE length(code) WHEN 14 THEN 12 WHEN 12 THEN 9 ELSE 6 END), %(day)s
    FROM unnest(%(codes)s::text[], %(names)s::text[]) AS made (code, name) ORDER BY length(code), code
"""
_RENAME = """
    UPDATE households_division d SET name = r.name FROM unnest(%(codes)s::text[], %(names)s::text[]) AS r (code, name)
    WHERE d.code = r.code
"""
_END_PLACES = "UPDATE households_division d SET valid_to = %(day)s FROM staged_way w WHERE d.code = w.old"
_NEW_HOUSEHOLDS = """
    INSERT INTO households_household (code, group_id, head_name, initials, phone, address, valid_from, land_contractor_code)
    SELECT m.new, left(m.new, 14), h.head_name, h.initials, h.phone, h.address, %(day)s, h.land_contractor_code
    FROM staged_move m JOIN households_household h ON h.code = m.old ORDER BY m.new
"""
_CHANGES = """
    INSERT INTO households_householdchange (op_id, kind, household_id, other_id, day, counts_from, reason, order_id, by_id, at)
    SELECT gen_random_uuid(), %(kind)s, m.old, m.new, %(day)s, %(counts_from)s, 'border', %(order)s, %(by)s, %(at)s
    FROM staged_move m ORDER BY m.old
"""
_END_HOUSEHOLDS = "UPDATE households_household h SET valid_to = %(day)s FROM staged_move m WHERE h.code = m.old"
# Who looks after a household goes on doing so: before the old row ends, for that ends them (a trigger). A micro-grid goes along
# with its group; a household that leaves its group leaves the grid.
_CONTACTS = """
    INSERT INTO households_contact (household_id, person_id, kind, micro_grid_id, valid_from, valid_to)
    SELECT m.new, c.person_id, c.kind, c.micro_grid_id, greatest(c.valid_from, %(day)s), c.valid_to
    FROM staged_move m JOIN households_contact c ON c.household_id = m.old
    LEFT JOIN households_microgrid g ON g.id = c.micro_grid_id
    WHERE (c.valid_to IS NULL OR c.valid_to > greatest(c.valid_from, %(day)s))
      AND (c.kind <> 'micro' OR g.group_id = left(m.new, 14))
"""
_OF_HOUSEHOLDS = (
    "UPDATE households_plate p SET household_id = m.new FROM staged_move m WHERE p.household_id = m.old AND p.revoked_at IS NULL",
    "UPDATE households_awayspell a SET household_id = m.new FROM staged_move m WHERE a.household_id = m.old AND a.until IS NULL",
    """UPDATE households_correctionrequest r SET household_id = m.new FROM staged_move m
       WHERE r.household_id = m.old AND r.state = 'open'""",
    """UPDATE households_householdproposal p SET state = 'withdrawn', decided_by_id = p.asked_by_id, decided_at = now(),
              answer = '区划调整，户编号变了，请按新编号再提'
       FROM staged_move m WHERE p.household_id = m.old AND p.state = 'waiting'""",
)
_OF_PLACES = (("households_contactperson", "place_id"), ("households_microgrid", "group_id"))
_PLACE = "UPDATE {table} t SET {column} = w.new FROM staged_way w WHERE t.{column} = w.old RETURNING t.id, w.old"
_PLACE_BACK = "UPDATE {table} SET {column} = %(place)s WHERE id = ANY (%(ids)s::bigint[])"
# From the month on in which the change counts, departments answer for the place that goes on; a place that begins out of others
# is answered for by those who answered for them. Where several would do so twice, the larger weight stands.
_LINKED = """
    sources AS (
        SELECT old, new FROM staged_way
        UNION SELECT DISTINCT left(old, 12), left(new, 12) FROM staged_move
              WHERE left(new, 12) = ANY (%(made)s::text[]) AND left(old, 12) <> left(new, 12)
    )
"""
_LINK = f"""
    WITH {_LINKED}
    INSERT INTO households_linkage (department_id, division_id, weight, from_month, to_month, leader)
    SELECT DISTINCT ON (l.department_id, s.new) l.department_id, s.new, l.weight, greatest(l.from_month, %(month)s),
           l.to_month, l.leader
    FROM sources s JOIN households_linkage l ON l.division_id = s.old
    WHERE (l.to_month = '' OR l.to_month >= %(month)s) AND NOT EXISTS (
        SELECT FROM households_linkage o WHERE o.department_id = l.department_id AND o.division_id = s.new
        AND (o.to_month = '' OR o.to_month >= %(month)s))
    ORDER BY l.department_id, s.new, l.weight DESC, l.from_month
    RETURNING id
"""
_LINKED_BEFORE = """
    SELECT l.id, l.to_month FROM staged_way w JOIN households_linkage l ON l.division_id = w.old
    WHERE (l.to_month = '' OR l.to_month >= %(month)s) AND l.from_month < %(month)s ORDER BY 1
"""
_LINKED_LATER = """
    DELETE FROM households_linkage l USING staged_way w WHERE l.division_id = w.old AND l.from_month >= %(month)s
    RETURNING l.department_id, l.division_id, l.weight, l.from_month, l.to_month, l.leader
"""
_UNLINK = "UPDATE households_linkage SET to_month = %(before)s WHERE id = ANY (%(ids)s::bigint[])"


def make_places(makes: Mapping[str, str], day: date) -> None:
    """Places begin, the wider ones first."""
    run(_MAKE, {"codes": list(makes), "names": list(makes.values()), "day": day})


def rename(order: BorderOrder, renames: Mapping[str, str], before: Mapping[str, str]) -> None:
    """From the order's day on they are called otherwise; months before it keep the name."""
    PastName.objects.bulk_create(
        PastName(division_id=code, until=order.counts_from, name=before[code], order=order) for code in sorted(renames)
    )
    run(_RENAME, {"codes": list(renames), "names": list(renames.values())})


def move_households(order: BorderOrder) -> None:
    """Every household under its new code, and all that hangs on it and is no history."""
    day = order.counts_from
    run(_NEW_HOUSEHOLDS, {"day": day})
    run(_CHANGES, _said(order, "move", day))
    run(_CONTACTS, {"day": day})
    run(_END_HOUSEHOLDS, {"day": day})
    _hand_on()


def _said(order: BorderOrder, kind: str, counts_from: date) -> dict[str, Any]:
    by, at = (order.undone_by_id, order.undone_at) if order.undone_at else (order.by_id, order.at)
    return {"kind": kind, "day": order.day, "counts_from": counts_from, "order": order.pk, "by": by, "at": at}


def _hand_on() -> None:
    for statement in _OF_HOUSEHOLDS:
        run(statement)


def move_belongings() -> dict[str, list[list[Any]]]:
    """What belongs to places that end goes along; returns (row, old place) by table."""
    return {table: [list(row) for row in rows(_PLACE.format(table=table, column=place))] for table, place in _OF_PLACES}


def give_belongings_back(kept: Mapping[str, list[list[Any]]]) -> None:
    """To the places where they were."""
    for table, place in _OF_PLACES:
        of: dict[str, list[int]] = {}
        for number, old in kept.get(table, []):
            of.setdefault(old, []).append(number)
        for old, numbers in of.items():
            run(_PLACE_BACK.format(table=table, column=place), {"place": old, "ids": numbers})


def end_places(day: date) -> None:
    """What goes on elsewhere is over."""
    run(_END_PLACES, {"day": day})


def link(made: Sequence[str], counts_from: date) -> dict[str, Any]:
    """Linkages follow their places; returns what taking back needs to know."""
    month = month_of(counts_from)
    params = {"month": month, "before": previous_month(month), "made": list(made)}
    added = column(_LINK, params)
    cut: dict[int, str] = dict(rows(_LINKED_BEFORE, params))
    run(_UNLINK, params | {"ids": list(cut)})
    later = [list(row) for row in rows(_LINKED_LATER, params)]
    return {"added": added, "cut": cut, "later": later}


def unlink(kept: Mapping[str, Any]) -> None:
    """Linkages as they were."""
    run("DELETE FROM households_linkage WHERE id = ANY (%(ids)s::bigint[])", {"ids": kept["added"]})
    for number, to_month in kept["cut"].items():
        run("UPDATE households_linkage SET to_month = %(to)s WHERE id = %(id)s", {"id": int(number), "to": to_month})
    for row in kept["later"]:
        run(
            """INSERT INTO households_linkage (department_id, division_id, weight, from_month, to_month, leader)
               VALUES (%s, %s, %s, %s, %s, %s)""",
            row,
        )


def write_lines(
    order: BorderOrder,
    relations: Sequence[tuple[BorderKind, str, str, int]],
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> None:
    """What became of each place, with the names of that day."""
    BorderLine.objects.bulk_create(
        BorderLine(
            order=order,
            kind=kind,
            old_id=old or None,
            new_id=new or None,
            old_name=before.get(old, ""),
            new_name=after.get(new, ""),
            households=count,
        )
        for kind, old, new, count in relations
    )


# Taking back: the new codes never counted, the old ones never ceased to.
_NEVER = """
    UPDATE households_household h SET valid_to = %(next)s, gaps = ARRAY[daterange(%(day)s, %(next)s)]
    FROM staged_move m WHERE h.code = m.old
"""
_AGAIN = "UPDATE households_household h SET valid_to = NULL FROM staged_move m WHERE h.code = m.new"
_PLACES_AGAIN = "UPDATE households_division SET valid_to = NULL WHERE code = ANY (%(codes)s::text[])"
_PLACES_NEVER = (
    "UPDATE households_division SET valid_from = %(from)s, valid_to = %(to)s WHERE code = ANY (%(codes)s::text[])"
)
_RENAMED_BACK = """
    UPDATE households_division d SET name = n.name FROM households_pastname n WHERE n.order_id = %(order)s AND d.code = n.division_id
"""


def take_households_back(order: BorderOrder) -> None:
    """`staged_move` leads from the new codes to the old ones."""
    day = order.counts_from
    after = day + timedelta(days=1)
    run(_AGAIN)
    run(_CONTACTS, {"day": day})
    run(_NEVER, {"day": day, "next": after})
    _hand_on()
    run(_CHANGES, _said(order, "merge", after))
    run(_REOPENED, _said(order, "reopen", day))


_REOPENED = """
    INSERT INTO households_householdchange (op_id, kind, household_id, other_id, day, counts_from, reason, order_id, by_id, at)
    SELECT gen_random_uuid(), %(kind)s, m.new, NULL, %(day)s, %(counts_from)s, 'border', %(order)s, %(by)s, %(at)s
    FROM staged_move m ORDER BY m.new
"""


def take_places_back(order: BorderOrder, ended: Sequence[str], made: Sequence[str]) -> None:
    """Places that ended stand, those that began never stood at the end of a month."""
    day = order.counts_from
    start = day if (day + timedelta(days=1)).day != 1 else day - timedelta(days=1)
    run(_PLACES_AGAIN, {"codes": list(ended)})
    run(_PLACES_NEVER, {"codes": list(made), "from": start, "to": start + timedelta(days=1)})
    run(_RENAMED_BACK, {"order": order.pk})
    PastName.objects.filter(order=order).delete()
