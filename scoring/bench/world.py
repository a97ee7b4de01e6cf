"""Counties made of numbers, straight into the tables: what the benchmark measures on.

One county is 24 townships, 364 villages, 16 groups a village and 637 households a village: 231,868 households, the
size of the county this is built for. Bigger worlds are more counties, as a province is.
"""

from dataclasses import dataclass

from households.codes import sql_within
from households.months import Month
from households.sql import column, run
from scoring.months.months import open_month

TOWNSHIPS = 24
GROUPS = 16
FIRST_COUNTY = 430601


@dataclass(frozen=True)
class Shape:
    """How many villages a county has, dealt to 24 townships, and how many households each of them."""

    villages: int = 364
    per_village: int = 637

    @property
    def households(self) -> int:
        return self.villages * self.per_village


_DIVISIONS = """
    WITH county AS (SELECT (%(first)s + n)::text AS code FROM generate_series(%(from)s, %(until)s - 1) n),
    township AS (SELECT c.code || to_char(100 + t, 'FM000') AS code, c.code AS parent
                 FROM county c, generate_series(1, %(townships)s) t),
    village AS (SELECT c.code || to_char(100 + 1 + v %% %(townships)s, 'FM000') || to_char(200 + v, 'FM000') AS code
                FROM county c, generate_series(1, %(villages)s) v),
    grp AS (SELECT v.code || to_char(g, 'FM00') AS code, v.code AS parent FROM village v, generate_series(1, %(groups)s) g)
    INSERT INTO households_division (code, name, parent_id)
    SELECT code, '县' || code, NULL FROM county
    UNION ALL SELECT code, '乡' || code, parent FROM township
    UNION ALL SELECT code, '村' || code, left(code, 9) FROM village
    UNION ALL SELECT code, right(code, 2)::int || '组', parent FROM grp
"""
# The households of a village are dealt to its groups in turn, so group sizes differ by one at most.
_HOUSEHOLDS = """
    INSERT INTO households_household (code, group_id, head_name, initials, address, land_contractor_code)
    SELECT g.code || to_char(n, 'FM0000'), g.code, '户主' || n, 'hz', '', ''
    FROM households_division g,
         LATERAL generate_series(1, (%(size)s + %(groups)s - right(g.code, 2)::int) / %(groups)s) n
    WHERE length(g.code) = 14 AND g.code >= %(low)s AND g.code < %(high)s
    ORDER BY 1
"""
_DEPARTMENTS = """
    INSERT INTO households_department (code, name)
    SELECT 'B' || c || to_char(n, 'FM000'), '部门' || n
    FROM generate_series(%(first)s + %(from)s, %(first)s + %(until)s - 1) c, generate_series(1, 104) n
"""
_LINKAGES = """
    INSERT INTO households_linkage (department_id, division_id, weight, from_month, to_month)
    SELECT 'B' || left(code, 6) || to_char(1 + (row_number() OVER (ORDER BY code)) %% 104, 'FM000'), code, 1, '2022-01', ''
    FROM households_division WHERE length(code) = 12 AND code >= %(low)s AND code < %(high)s
"""
_SHEETS = """
    INSERT INTO scoring_sheet (period_id, village_id, state, version)
    SELECT %(month)s, code, 'declared', 1 FROM households_division
    WHERE length(code) = 12 AND code >= %(low)s AND code < %(high)s
"""
_DECLARATIONS = f"""
    INSERT INTO scoring_declaration (sheet_id, households, exceptions, signed_at, browser, withdraw_reason)
    SELECT s.id, ARRAY(SELECT h.code FROM households_household h
                       WHERE {sql_within("h.code", "s.village_id")} ORDER BY 1), 10, now(), '{{}}', ''
    FROM scoring_sheet s WHERE s.period_id = %(month)s AND s.village_id >= %(low)s AND s.village_id < %(high)s
"""
# Three households in a hundred have something: a deduction, a reminder or a bonus; some groups and townships too.
_EVENTS = """
    WITH clauses AS (
        SELECT c.id, i.position, c.kind, c.points, c.subject, row_number() OVER (ORDER BY c.id) - 1 AS n, count(*) OVER () AS many
        FROM scoring_clause c JOIN scoring_indicator i ON i.id = c.indicator_id
        JOIN scoring_period p ON p.scheme_id = c.scheme_id WHERE p.month = %(month)s
    ),
    places AS (
        SELECT code, row_number() OVER (ORDER BY code) AS n FROM (
            SELECT code FROM households_household WHERE hashtext(code || %(month)s) %% 33 = 0
            UNION ALL
            SELECT code FROM households_division WHERE length(code) < 14 AND hashtext(code || %(month)s) %% 5 = 0
        ) chosen WHERE code >= %(low)s AND code < %(high)s
    )
    INSERT INTO scoring_scoreevent (op_id, period_id, code, clause_id, indicator, kind, points, date, document_no, note,
                                    source, sheet_version, recorded_at, confirmed_at, withdraw_reason)
    SELECT gen_random_uuid(), %(month)s, p.code, c.id, c.position, c.kind, c.points, (%(month)s || '-10')::date, '', '',
           'import', 1, now(), now(), ''
    FROM places p JOIN clauses c ON c.n = p.n %% c.many
"""
# A cadre in every village, who cannot sign in: the password is none.
_CADRES = """
    INSERT INTO households_user (password, username, display_name, role, division_id, is_active, is_demo,
                                 must_change_password, created_at)
    SELECT '!', 'bench-' || code, '测', 'cadre', code, true, true, false, now()
    FROM households_division WHERE length(code) = 12
"""
_FAMILIES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高曾单仇解"
_GIVEN = ("建国", "秀英", "桂兰", "志强", "小红", "明", "海燕", "德福", "玉珍", "乐平")
TABLES = (
    "households_division",
    "households_household",
    "households_department",
    "households_linkage",
    "scoring_sheet",
    "scoring_declaration",
    "scoring_scoreevent",
)


def add_divisions(shape: Shape, first: int, until: int, *, groups: int = GROUPS) -> None:
    """Counties number `first` to `until` - 1 down to the villages, and to their groups."""
    places = {"townships": TOWNSHIPS, "villages": shape.villages, "groups": groups}
    run(_DIVISIONS, places | {"first": FIRST_COUNTY, "from": first, "until": until})


def add_counties(shape: Shape, first: int, until: int) -> None:
    """Counties number `first` to `until` - 1 with households, departments and linkages."""
    add_divisions(shape, first, until)
    run(_HOUSEHOLDS, _range(first, until) | {"size": shape.per_village, "groups": GROUPS})
    run(_DEPARTMENTS, {"first": FIRST_COUNTY, "from": first, "until": until})
    run(_LINKAGES, _range(first, until))


def add_month(month: Month, first: int = 0, until: int = 1) -> None:
    """Every sheet of these counties declared in the month, with its exceptions."""
    open_month(month)
    for sql in (_SHEETS, _EVENTS, _DECLARATIONS):
        run(sql, _range(first, until) | {"month": month})


def add_cadres() -> None:
    """Someone to write down each village's month."""
    run(_CADRES, {})


def _range(first: int, until: int) -> dict[str, str]:
    return {"low": str(FIRST_COUNTY + first), "high": str(FIRST_COUNTY + until)}


def register(shape: Shape) -> bytes:
    """The households of the villages there are, as the CSV file that a county sends: codes, names, phones, addresses."""
    lines = ["division_code,group,household_no,head_name,phone,address"]
    names = [family + given for family in _FAMILIES for given in _GIVEN]
    for village in column("SELECT code FROM households_division WHERE length(code) = 12 ORDER BY code"):
        for turn in range(shape.per_village):
            serial, group = divmod(turn, GROUPS)
            name, phone = names[len(lines) % len(names)], f"139{len(lines):08d}"
            lines.append(f"{village},{group + 1},{serial + 1},{name},{phone},{group + 1}组{serial + 1}号")
    return "\n".join(lines).encode()


def analyze() -> None:
    """Fresh statistics of what was loaded, as the imports leave them."""
    run(f"ANALYZE {', '.join(TABLES)}", {})
