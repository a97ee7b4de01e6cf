"""What must hold of points at all times, each as one query that returns the rows that break it: (where, expected, found).

The chain is recomputed from the rows themselves; what a canonical line is made of stands in `scoring.ledger.chains`. Somebody
who edits a row breaks its hash, whoever mends that breaks the next one, and whoever rewrites a chain to its end contradicts
the roots that were published.
"""

from scoring.checks.scores import Invariant
from scoring.ledger.chains import CHAIN, KEPT_LEAF, LEAF
from scoring.ledger.heirs import LEFT
from scoring.reasons import WITHHELD as TAKEN_OUT

WITHHELD = "withheld"  # the invariant of words that were taken out by law
_FIGURES = "concat_ws(' ', 'balance=' || {of}.{a}, 'held=' || {of}.held, 'owed=' || {of}.owed)"
_BALANCES = f"""
    WITH sums AS (
        SELECT account_id, sum(amount) AS amount, sum(held) AS held, sum(owed) AS owed FROM scoring_pointentry GROUP BY 1
    ),
    should AS (
        SELECT a.*, coalesce(s.amount, 0) AS s_amount, coalesce(s.held, 0) AS s_held, coalesce(s.owed, 0) AS s_owed
        FROM scoring_account a LEFT JOIN sums s ON s.account_id = a.id
    )
    SELECT owner_kind || ' ' || owner, concat_ws(' ', 'balance=' || s_amount, 'held=' || s_held, 'owed=' || s_owed),
           {_FIGURES.format(of="should", a="balance")}
    FROM should WHERE (balance, held, owed) IS DISTINCT FROM (s_amount, s_held, s_owed)
    ORDER BY 1
"""
_ENTRIES = "SELECT e.*, a.owner_kind, a.owner FROM scoring_pointentry e JOIN scoring_account a ON a.id = e.account_id"
_OWN_CHAIN = f"""
    WITH entries AS ({_ENTRIES})
    SELECT e.chain || ' #' || e.seq || ' ' || e.owner, 'chain ' || {CHAIN.format(of="e")}, 'chain ' || e.chain
    FROM entries e WHERE e.chain <> {CHAIN.format(of="e")}
    ORDER BY e.chain, e.seq
"""
# Each row against the one before it as it is stored: so the row that was changed is named, not all that follow it.
_LINKS = f"""
    WITH entries AS ({_ENTRIES}),
    linked AS (
        SELECT e.chain, e.seq, e.owner, e.kind, e.hash, {KEPT_LEAF.format(of="e")} AS leaf, lag(e.seq, 1, 0::bigint) OVER w AS last,
               lag(e.hash, 1, decode(repeat('00', 32), 'hex')) OVER w AS before
        FROM entries e WINDOW w AS (PARTITION BY e.chain ORDER BY e.seq)
    )
    SELECT chain || ' #' || seq || ' ' || owner || ' ' || kind,
           CASE WHEN seq <> last + 1 THEN '#' || last + 1 ELSE encode(sha256(before || leaf), 'hex') END,
           CASE WHEN seq <> last + 1 THEN '#' || seq ELSE encode(hash, 'hex') END
    FROM linked WHERE seq <> last + 1 OR hash <> sha256(before || leaf)
    ORDER BY chain, seq
"""
_HEADS = """
    WITH lasts AS (SELECT DISTINCT ON (chain) chain, seq, hash FROM scoring_pointentry ORDER BY chain, seq DESC)
    SELECT coalesce(l.chain, h.chain), concat('#', coalesce(l.seq, 0), ' ', encode(l.hash, 'hex')),
           concat('#', h.seq, ' ', encode(h.hash, 'hex'))
    FROM lasts l FULL JOIN scoring_ledgerhead h ON h.chain = l.chain
    WHERE coalesce(l.seq, 0) IS DISTINCT FROM h.seq
       OR coalesce(l.hash, decode(repeat('00', 32), 'hex')) IS DISTINCT FROM h.hash
    ORDER BY 1
"""
# What ends a hold ends it whole, and once.
_HOLDS = """
    WITH ends AS (
        SELECT e.*, 'hold:' || substr(e.source_key, position(':' IN e.source_key) + 1) AS begun
        FROM scoring_pointentry e WHERE e.held < 0
    )
    SELECT e.chain || ' #' || e.seq || ' ' || e.source_key, coalesce('held=' || -h.held, 'a hold'),
           concat('held=', e.held, ' times=', count(*) OVER (PARTITION BY e.begun))
    FROM ends e LEFT JOIN scoring_pointentry h ON h.source_key = e.begun AND h.account_id = e.account_id
    WHERE h.held IS DISTINCT FROM -e.held
       OR e.begun IN (SELECT begun FROM ends GROUP BY begun HAVING count(*) > 1)
    ORDER BY e.chain, e.seq
"""
_GIVEN_BACK = """
    WITH back AS (
        SELECT account_id, 'spend:' || split_part(split_part(substr(source_key, 10), '@', 1), '/', 1) AS spent,
               sum(amount) AS amount
        FROM scoring_pointentry WHERE kind = 'reversal' GROUP BY 1, 2
    )
    SELECT b.spent, 'at most ' || coalesce(s.owed - s.amount, 0), b.amount || ' given back'
    FROM back b LEFT JOIN scoring_pointentry s ON s.source_key = b.spent AND s.account_id = b.account_id
    WHERE b.amount > coalesce(s.owed - s.amount, 0)
    ORDER BY 1
"""
# What was published keeps standing in the chain: the row that was the last then has the hash that it had then.
_PUBLISHED = """
    SELECT v.chain || ' #' || v.size, v.head, coalesce(encode(e.hash, 'hex'), 'gone')
    FROM scoring_villageroot v LEFT JOIN scoring_pointentry e ON e.chain = v.chain AND e.seq = v.size
    WHERE v.head IS DISTINCT FROM encode(e.hash, 'hex')
    ORDER BY v.chain, v.size
"""

# So does the seal that the records of a published day lay under.
_SEALED = """
    SELECT d.county || ' ' || d.day, concat_ws(' ', d.seal, d.sealed, d.sealed_head),
           coalesce(concat_ws(' ', s.number, s.size, s.head), 'gone')
    FROM scoring_dailyroot d LEFT JOIN households_trailseal s ON s.number = d.seal
    WHERE d.seal IS NOT NULL AND (d.sealed, d.sealed_head) IS DISTINCT FROM (s.size, s.head)
    ORDER BY d.county, d.day
"""
# Words that were withheld say so, and words that say so were withheld by two people.
_WITHHELD = f"""
    SELECT place || ' ' || what || ' #' || id, shown, found FROM (
        SELECT w.place, 'entry' AS what, e.id, w.shown || ' ' || encode(w.after, 'hex') AS shown,
               e.text || ' ' || encode({LEAF.format(of="e")}, 'hex') AS found
        FROM scoring_withholding w JOIN ({_ENTRIES}) e ON e.id = w.entry_id WHERE w.state = 'granted'
        UNION ALL
        SELECT w.place, 'ranking', r.id, w.shown, r.reason
        FROM scoring_withholding w JOIN scoring_rankingsnapshot r ON r.id = w.ranking_id WHERE w.state = 'granted'
        UNION ALL
        SELECT r.within, 'ranking', r.id, 'a withholding', r.reason FROM scoring_rankingsnapshot r
        WHERE right(r.reason, {len(TAKEN_OUT)}) = '{TAKEN_OUT}' AND NOT EXISTS (
            SELECT 1 FROM scoring_withholding w WHERE w.ranking_id = r.id AND w.state = 'granted')
    ) texts WHERE shown <> found ORDER BY 1
"""

# What leaves one account by a change of the register arrives on another, points as points and debts as debts.
_PASSED_ON = """
    SELECT split_part(split_part(source_key, ':', 3), '@', 1), 'amount=0 owed=0',
           concat('amount=', sum(amount), ' owed=', sum(owed))
    FROM scoring_pointentry WHERE kind IN ('moved_out', 'moved_in')
    GROUP BY 1 HAVING sum(amount) <> 0 OR sum(owed) <> 0 ORDER BY 1
"""
# Nothing is left on the account of a household that goes on elsewhere, but for what is still reserved.
_LEFT_BEHIND = f"""
    SELECT l.code, 'unheld=0 owed=0', concat('unheld=', a.balance - a.held, ' owed=', a.owed)
    FROM ({LEFT}) l JOIN scoring_account a ON a.owner_kind = 'household' AND a.owner = l.code
    WHERE l.heir IS NOT NULL AND (a.balance > a.held OR a.owed > 0)
      AND NOT EXISTS (SELECT FROM scoring_pointentry e WHERE e.account_id = a.id AND e.at > now() - interval '1 hour')
    ORDER BY 1
"""

OF_POINTS: tuple[Invariant, ...] = (
    Invariant("balances", "积分余额、预留、待扣还等于明细之和", _BALANCES),
    Invariant("own_chain", "积分明细记在自己村的账链上", _OWN_CHAIN),
    Invariant("links", "账链逐行相扣，未被改动", _LINKS),
    Invariant("heads", "账链末端就是最后一行", _HEADS),
    Invariant("holds", "每笔预留整笔结清一次", _HOLDS),
    Invariant("given_back", "退回的积分不超过兑换的积分", _GIVEN_BACK),
    Invariant("passed_on", "户籍变更转走的积分等于转来的积分", _PASSED_ON),
    Invariant("left_behind", "不在册的户没有留下该转走的积分", _LEFT_BEHIND),
    Invariant("published", "账链与公布过的积分日榜一致", _PUBLISHED),
    Invariant("sealed", "留痕封条与公布过的积分日榜一致", _SEALED),
    Invariant(WITHHELD, "依法不再公开的文字都有两个人的决定", _WITHHELD),
)
