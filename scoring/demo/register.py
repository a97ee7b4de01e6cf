"""The made-up register: how many households each village has, in which groups, and their lines."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from households.imports.households import COLUMNS
from scoring.demo.people import name_of, phone_of

COUNTY_HOUSEHOLDS = 231_868
SMALL_VILLAGE = (20, 30)  # households of an ordinary village in the small demo
GROUP_SIZE = {"small": 11, "county": 32}  # households of an ordinary group


@dataclass(frozen=True)
class DemoVillage:
    """A village to fill: its code and name, and the households it gets."""

    code: str
    name: str
    households: int


def small_sizes(villages: Sequence[str], shown: Mapping[str, int], rng: Random) -> dict[str, int]:
    """Households by village: about 25 each, and as many as `shown` says for the villages people will look at."""
    return {code: shown.get(code) or rng.randint(*SMALL_VILLAGE) for code in villages}


def county_sizes(villages: Sequence[str], rng: Random, total: int = COUNTY_HOUSEHOLDS) -> dict[str, int]:
    """Households by village, adding up to `total` exactly; the largest have some three times the smallest's."""
    shares = [rng.uniform(0.5, 1.5) for _ in villages]
    sizes = [int(total * share / sum(shares)) for share in shares]
    for position in range(total - sum(sizes)):
        sizes[position % len(sizes)] += 1
    return dict(zip(villages, sizes, strict=True))


def groups_of(households: int, size: int, rng: Random) -> list[int]:
    """The sizes of a village's groups: two at least where there are households for them, none empty."""
    count = max(2 if households > 2 else 1, min(99, round(households / size)))
    shares = [rng.uniform(0.6, 1.4) for _ in range(count)]
    sizes = [max(1, int(households * share / sum(shares))) for share in shares]
    sizes[0] += households - sum(sizes)
    return sizes if sizes[0] > 0 else [households]


def lines_of(place: DemoVillage, group_size: int, rng: Random) -> Iterator[tuple[str, ...]]:
    """The register's lines of a village."""
    for group, size in enumerate(groups_of(place.households, group_size, rng), start=1):
        for serial in range(1, size + 1):
            address = f"{place.name}第{group}组{serial}号"
            yield place.code, str(group), f"{serial:04d}", name_of(rng), phone_of(rng), address


def as_csv(places: Sequence[DemoVillage], group_size: int, rng: Random) -> bytes:
    """The register as the file that the county would import."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for place in places:
        writer.writerows(lines_of(place, group_size, rng))
    return buffer.getvalue().encode()


def linkages_csv(
    departments: Sequence[str], villages: Sequence[str], since: str, rng: Random, *, sure: tuple[str, str]
) -> bytes:
    """Every village linked to one department, every department to three or four villages, weights 1 to 3.

    `sure` is a department and a village that belong together whatever the draw.
    """
    ordered = [sure[0], *(code for code in departments if code != sure[0])]
    drawn = [sure[1], *rng.sample([code for code in villages if code != sure[1]], len(villages) - 1)]
    lines = ["department_code,division_code,weight,from_month,to_month"]
    for position, village in enumerate(drawn):
        weight = rng.choice((1, 1, 1, 2, 2, 3))
        lines.append(f"{ordered[position % len(ordered)]},{village},{weight},{since},")
    return ("\n".join(lines) + "\n").encode()
