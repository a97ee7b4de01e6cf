"""What must hold for every shop, as queries that return the rows that break it: (where, expected, found)."""

from scoring.checks.scores import Invariant

_STOCK = """
    SELECT i.shop_id || ' #' || i.id, 'on_hand=' || coalesce(m.quantity, 0), 'on_hand=' || i.on_hand
    FROM rewards_item i
    LEFT JOIN (SELECT item_id, sum(quantity) AS quantity FROM rewards_stockmove GROUP BY 1) m ON m.item_id = i.id
    WHERE i.on_hand <> coalesce(m.quantity, 0)
    ORDER BY i.id
"""
_RESERVED = """
    SELECT i.shop_id || ' #' || i.id, 'reserved=' || coalesce(r.quantity, 0), 'reserved=' || i.reserved
    FROM rewards_item i
    LEFT JOIN (SELECT item_id, sum(quantity) AS quantity FROM rewards_redemption WHERE state = 'reserved' GROUP BY 1) r
        ON r.item_id = i.id
    WHERE i.reserved <> coalesce(r.quantity, 0)
    ORDER BY i.id
"""
# Every step of a redemption has its move of goods, and nothing else has one.
_MOVES = """
    WITH a AS (
        SELECT id, CASE WHEN state IN ('handed_over', 'reversed') THEN -quantity ELSE 0 END AS gone,
               CASE WHEN state = 'reversed' THEN quantity ELSE 0 END AS back, stock_short AS found
        FROM rewards_redemption
    ),
    b AS (
        SELECT redemption_id AS id, sum(quantity) FILTER (WHERE kind = 'hand_over') AS gone,
               sum(quantity) FILTER (WHERE kind = 'return') AS back, sum(quantity) FILTER (WHERE kind = 'found') AS found
        FROM rewards_stockmove WHERE redemption_id IS NOT NULL GROUP BY 1
    )
    SELECT 'redemption ' || a.id, concat_ws(' ', 'gone', a.gone, 'back', a.back, 'found', a.found),
           concat_ws(' ', 'gone', coalesce(b.gone, 0), 'back', coalesce(b.back, 0), 'found', coalesce(b.found, 0))
    FROM a LEFT JOIN b USING (id)
    WHERE (a.gone, a.back, a.found) IS DISTINCT FROM (coalesce(b.gone, 0), coalesce(b.back, 0), coalesce(b.found, 0))
    ORDER BY a.id
"""
# Every step of a redemption stands in the ledger of its household once; a reversal has an entry for each year.
_POINTS = """
    WITH a AS (
        SELECT id, household_id AS owner,
               CASE WHEN channel = 'offline' THEN 0 ELSE points END AS held,
               CASE WHEN state IN ('voided', 'expired') THEN points ELSE 0 END AS released,
               CASE WHEN state IN ('handed_over', 'reversed') THEN points ELSE 0 END AS spent,
               CASE WHEN state = 'reversed' THEN points ELSE 0 END AS back
        FROM rewards_redemption
    ),
    b AS (
        SELECT substring(e.source_key FROM ':redemption:([0-9]+)')::bigint AS id, c.owner,
               coalesce(sum(e.held) FILTER (WHERE e.kind = 'hold'), 0) AS held,
               coalesce(-sum(e.held) FILTER (WHERE e.kind = 'release'), 0) AS released,
               coalesce(sum(e.owed - e.amount) FILTER (WHERE e.kind = 'spend'), 0) AS spent,
               coalesce(sum(e.amount) FILTER (WHERE e.kind = 'reversal'), 0) AS back
        FROM scoring_pointentry e JOIN scoring_account c ON c.id = e.account_id AND c.owner_kind = 'household'
        WHERE e.kind IN ('hold', 'release', 'spend', 'reversal')
          AND e.source_key ~ '^(hold|release|spend|reversal):redemption:[0-9]+'
        GROUP BY 1, 2
    )
    SELECT 'redemption ' || coalesce(a.id, b.id),
           concat_ws(' ', coalesce(a.owner, 'nobody'), 'held', a.held, 'released', a.released, 'spent', a.spent, 'back', a.back),
           concat_ws(' ', coalesce(b.owner, 'nobody'), 'held', b.held, 'released', b.released, 'spent', b.spent, 'back', b.back)
    FROM a FULL JOIN b ON b.id = a.id AND b.owner = a.owner
    WHERE (a.held, a.released, a.spent, a.back) IS DISTINCT FROM (b.held, b.released, b.spent, b.back)
    ORDER BY coalesce(a.id, b.id)
"""

OF_ALL_TIME: tuple[Invariant, ...] = (
    Invariant("shop_stock", "库存等于库存明细之和", _STOCK),
    Invariant("shop_reserved", "已预订数等于未领的预订之和", _RESERVED),
    Invariant("shop_moves", "每笔兑换的物品进出各记一次", _MOVES),
    Invariant("shop_points", "每笔兑换的积分在积分账上各记一次", _POINTS),
)
