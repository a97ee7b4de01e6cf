"""Faults that no test can notice, each with its reason. A line belongs here only if the program does the same with the fault."""

WAIVED: tuple[str, ...] = (
    # A whole table in one piece or in several is the same table.
    "AT_ONCE  5000: 5001",
    # Heads are opened with ON CONFLICT DO NOTHING: opening all of them again changes none.
    "lock  len(taken) < len(wanted['chains']): LtE",
    "_OPEN  SQL …coring_ledgerhead WHERE chain = ANY (%(chains)s::te…: '=' is '<>'",
    # The ends of a range of owners: nobody inside has the code of the place above, or one that ends in a colon.
    "_HOUSEHOLDS  SQL …month = %(month)s AND hs.code >= %(low)s AND hs.code…: '>=' is '>'",
    "_HOUSEHOLDS  SQL …s.code >= %(low)s AND hs.code < %(high)s AND…: '<' is '<='",
    "_DIVISIONS  SQL ….month = %(month)s AND d.code >= %(low)s AND d.code…: '>=' is '>'",
    "_DIVISIONS  SQL …d.code >= %(low)s AND d.code < %(high)s AND length…: '<' is '<='",
    "_DIFFERENCE  SQL …= %(owner_kind)s AND a.owner >= %(low)s AND a.owner…: '>=' is '>'",
    "_DIFFERENCE  SQL ….owner >= %(low)s AND a.owner < %(high)s GR…: '<' is '<='",
    "_POST  SQL …(low)s::text AND e.source_key < %(prefix)s || %(hig…: '<' is '<='",
    "_POST  SQL ….owner >= %(low)s AND a.owner < %(high)s ),…: '<' is '<='",
    "_POST  SQL ….owner >= %(low)s AND a.owner < %(high)s )…: '<' is '<='",
    # Nothing is taken from whoever was never given anything: an account is opened for what comes in.
    "_POST  SQL …kind, owner, greatest(amount, 0), 0, 0 FROM due LEF…: '0' is '1'",
    # No points are never due and never moved.
    "_POST  SQL …CASE WHEN amount > 0 THEN %(year)s::in…: '>' is '>='",
    "_POST  SQL …le WHERE owing > 0 AND amount > 0 ),…: '>' is '>='",
    "_LAPSING  SQL …unt_id, seq, CASE WHEN amount > 0 AND year > %(upto…: '>' is '>='",
    "adjust  points > 0: GtE",
    # The same day was told apart just above.
    "_publish_county  last.day > day: GtE",
    # A day has one root for each chain.
    "provable  VillageRoot.objects.filter(pk__in=daily.lines, chain=owner.chain).first(): last",
    # The quick way for what nearly all cells are: the slow one says the same.
    "text  len(cell) <= longest: Lt",
    # The quick way for a mobile that is written as it is kept: the slow one says the same.
    "read  11: 12",
    # Any number that is no column.
    "WHOLE_ROW  1: 2",
    # Nobody asks where a text broke that did not.
    "_decoded  0: 1",
    # More days than any row of days off has: looking back further finds no other reminder.
    "HOLIDAYS  12: 13",
    # -0 is 0, and an amount of 0 is told in yuan.
    "round_half_up  value >= 0: Gt",
    "wan  fen < 0: LtE",
    "wan  0: 1",
    # No clock that an authority owes ends by an assignment.
    "_lead  one.seq <= until: Lt",
    # The unranked stand apart by the first part of the key.
    "award  0: 1",
    # A part of four digits has no fifth.
    "_section  3: 4",
    # No mark that is looked for has this number.
    "_FRAMES  208: 209",
    # Nothing stands behind the eight bytes either: no components, no coefficients.
    "_coefficients  8: 9",
    # The quick way past a column without such cells: looking at each finds none.
    "_shown_by_spreadsheets  continue: dropped",
    # No rows are as wide as anything.
    "raw_rows  0: 1",
    # The last line ends, or does not.
    "register_csv  element '': left out",
)
