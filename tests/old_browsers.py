"""Scripts and styles are read for what a Chromium of 2020 (version 80) does not know yet: old telephones have it."""

import re
from pathlib import Path

TOO_NEW = {
    ".js": r"\?\?=|\|\|=|&&=|\.at\(|replaceAll|randomUUID\(|structuredClone|replaceChildren|Object\.hasOwn|"
    r"AbortSignal\.(timeout|any)|#[a-z]+\(|static \{|findLast|^await |Promise\.any|\d_\d",
    ".css": r":has\(|:is\(|:where\(|\binset:|aspect-ratio|accent-color|@layer|@container|\bd[sv]h\b|[^-]gap:",
}


def too_new(path: Path) -> list[str]:
    """What of a script or stylesheet is newer than that, comments aside."""
    code = re.sub(r"//.*|/\*.*?\*/", "", path.read_text(), flags=re.DOTALL if path.suffix == ".css" else 0)
    return [found[0] for found in re.finditer(TOO_NEW[path.suffix], code, re.MULTILINE)]
