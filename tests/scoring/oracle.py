"""Section 5 of the design worked out a second time, from plain dicts, slowly and without a database.

Imports nothing of the product on purpose: whatever the SQL gets wrong, this must not get wrong the same way.

A world is a dict:

    month, last_day         "2024-05", date(2024, 5, 31)
    shares                  [20, 20, 10, 20, 10, 20], by indicator position 1..6
    divisions, households   [{code, valid_from, valid_to}]                  dates or None
    events                  [{code, indicator, kind, points, confirmed, withdrawn}]   of this month
    declared                {village code: [household codes the signature speaks for]}
    linkages                [{department, division, weight, from_month, to_month}]
"""

from fractions import Fraction

COUNTY, TOWNSHIP, VILLAGE, GROUP, HOUSEHOLD = 6, 9, 12, 14, 18


def counts(thing: dict, world: dict) -> bool:
    """Whether a division or household is active on the month's last day."""
    started = thing["valid_from"] is None or thing["valid_from"] <= world["last_day"]
    ended = thing["valid_to"] is not None and thing["valid_to"] <= world["last_day"]
    return started and not ended


def standing(world: dict, code: str) -> list[dict]:
    """Events recorded against exactly this code that enter the arithmetic."""
    return [e for e in world["events"] if e["code"] == code and e["confirmed"] and not e["withdrawn"]]


def score_of(world: dict, code: str) -> dict:
    """One household: score, bonus, and which of the six zeros are broken."""
    deducted = dict.fromkeys(range(1, 7), 0)
    bonus = 0
    for event in standing(world, code):
        if event["kind"] == "deduct":
            deducted[event["indicator"]] += event["points"]
        elif event["kind"] == "bonus":
            bonus += event["points"]
    lost = 0
    for position, points in deducted.items():
        lost += min(world["shares"][position - 1], points)
    bonus = min(bonus, 20)
    return {"score": 100 - lost + bonus, "bonus": bonus, "broken": {p for p, n in deducted.items() if n > 0}}


def household_scores(world: dict) -> dict[str, dict]:
    """Scored households: those a declaration speaks for and that count in the month."""
    named = {code for codes in world["declared"].values() for code in codes}
    return {
        h["code"]: score_of(world, h["code"]) for h in world["households"] if h["code"] in named and counts(h, world)
    }


def division_points_of(world: dict, code: str) -> int:
    total = 0
    for event in standing(world, code):
        total += {"bonus": event["points"], "deduct": -event["points"], "remind": 0}[event["kind"]]
    return total


def division_lines(world: dict) -> dict[str, dict]:
    """Every division that is active or holds a household: active, households, total, adjustment, six_zero."""
    scores = household_scores(world)
    active = [h["code"] for h in world["households"] if counts(h, world)]
    lines: dict[str, dict] = {}
    for length in (GROUP, VILLAGE, TOWNSHIP, COUNTY):
        for division in (d for d in world["divisions"] if len(d["code"]) == length):
            code = division["code"]
            inside = [h for h in active if h.startswith(code)]
            if not inside and not counts(division, world):
                continue
            scored = [scores[h] for h in inside if h in scores]
            if length == GROUP:
                below = sum(s["score"] for s in scored)
            else:
                child = {VILLAGE: GROUP, TOWNSHIP: VILLAGE, COUNTY: TOWNSHIP}[length]
                below = sum(v["total"] for c, v in lines.items() if len(c) == child and c.startswith(code))
            adjustment = division_points_of(world, code)
            lines[code] = {
                "active": len(inside),
                "households": len(scored),
                "total": below + len(scored) * adjustment,
                "adjustment": adjustment,
                "six_zero": sum(1 for s in scored if not s["broken"]),
            }
    return lines


def department_lines(world: dict) -> dict[str, dict]:
    """Every department linked in the month: weighted households and total."""
    lines = division_lines(world)
    nothing = {"households": 0, "total": 0, "active": 0}
    departments: dict[str, dict] = {}
    for link in world["linkages"]:
        if link["from_month"] <= world["month"] and (not link["to_month"] or link["to_month"] >= world["month"]):
            line = lines.get(link["division"], nothing)
            sums = departments.setdefault(link["department"], {"households": 0, "total": 0, "active": 0})
            for key in sums:
                sums[key] += link["weight"] * line[key]
    return departments


def ranked(results: dict[str, Fraction | None]) -> dict[str, int | None]:
    """Descending, ties share a rank: my rank is one more than those strictly better than me."""
    known = [r for r in results.values() if r is not None]
    return {code: None if r is None else 1 + sum(1 for other in known if other > r) for code, r in results.items()}


def division_ranks(world: dict, length: int, within: str = "") -> dict[str, int | None]:
    """Ranks of one level: inside each county (a county among the counties), or inside `within`."""
    lines = {c: v for c, v in division_lines(world).items() if len(c) == length and c.startswith(within)}
    ranks: dict[str, int | None] = {}
    for arena in {"" if length == COUNTY else code[:COUNTY] for code in lines}:
        ranks |= ranked({c: final_result(v) for c, v in lines.items() if c.startswith(arena)})
    return ranks


def final_result(line: dict) -> Fraction | None:
    """The exact result of a division whose every active household is scored."""
    is_final = line["households"] > 0 and line["households"] == line["active"]
    return Fraction(line["total"], line["households"]) if is_final else None


def department_ranks(world: dict) -> dict[str, int | None]:
    lines = department_lines(world)
    return ranked({c: Fraction(v["total"], v["households"]) if v["households"] else None for c, v in lines.items()})


def shown(line: dict) -> str:
    """The result with two decimals, halves away from zero; empty when nothing is scored."""
    if not line["households"]:
        return ""
    hundredths = Fraction(abs(line["total"]) * 100, line["households"])
    whole = hundredths.numerator // hundredths.denominator
    if (hundredths - whole) * 2 >= 1:
        whole += 1
    sign = "-" if line["total"] < 0 and whole else ""
    return f"{sign}{whole // 100}.{whole % 100:02d}"


def coverage(line: dict) -> str:
    """Scored share of the active households, four decimals, cut off."""
    if not line["active"]:
        return "0.0000"
    tens = line["households"] * 10000 // line["active"]
    return f"{tens // 10000}.{tens % 10000:04d}"


def points(line: dict) -> int:
    """What freezing credits to a division: the result, halves up, nothing below zero."""
    if not line["households"] or line["total"] <= 0:
        return 0
    return int(Fraction(line["total"], line["households"]) + Fraction(1, 2))


def household_points(score: dict) -> int:
    return (0 if score["broken"] else 10) + score["bonus"]
