"""The demo in a county cut down to two townships of five villages, so that tests can afford it."""

from pathlib import Path
from unittest.mock import patch

from django.utils import timezone

from scoring.demo import story

KEPT = 5  # villages of each township


def write_divisions(path: Path) -> Path:
    """The real list, cut down."""
    lines = story.DIVISIONS.read_text(encoding="utf-8").splitlines()
    kept = lines[:2]
    for township in (story.HOME, story.FAR):
        head, *inside = [line for line in lines if line.startswith(township)]
        kept += [head, *[line for line in inside if line.endswith("村")][:KEPT]]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return path


def load_small(folder: Path, seed: int = 1) -> str:
    """Load it; what its paper says."""
    paper = folder / "demo-accounts.txt"
    with patch.object(story, "DIVISIONS", write_divisions(folder / "divisions.csv")):
        story.load(kind="small", seed=seed, today=timezone.localdate(), paper=paper, say=lambda text: None)
    return paper.read_text(encoding="utf-8")
