"""What docs/deploy ships: units that systemd takes and that are shut in, containers that hang together, commands that there are."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from dongkou.layout import BASE_DIR
from dongkou.serving import command

DEPLOY = BASE_DIR / "docs/deploy"
UNITS = sorted(DEPLOY.glob("systemd/*.service"))
SHUT_IN = 20  # tenths of systemd's exposure, 0 to 100
OURS = ("setup", "web", "worker", "rollup", "beat")
has_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd on this machine")


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, check=False, timeout=60)


def installed(unit: Path, folder: Path, **changed: str) -> str:
    """The unit as on a machine where the program lies here; a template as one of its instances."""
    text = unit.read_text(encoding="utf-8").replace("/opt/dongkou/.venv/bin/python", sys.executable)
    text = text.replace("/opt/dongkou", str(BASE_DIR))
    for ours, theirs in changed.items():
        text = text.replace(f"{ours}=", f"{theirs}=")
    place = folder / unit.name.replace("@", "@entry")
    place.write_text(text, encoding="utf-8")
    return str(place)


@has_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_the_unit_and_finds_it_shut_in(unit: Path, tmp_path: Path) -> None:
    place = installed(unit, tmp_path)
    told = analyze("verify", place)
    assert (told.returncode, [line for line in told.stderr.splitlines() if unit.stem[:7] in line]) == (0, [])
    shut = analyze("security", "--offline=yes", f"--threshold={SHUT_IN}", place)
    assert shut.returncode == 0, shut.stdout[-2000:]


@has_systemd
def test_planted_faults_of_a_unit_are_noticed(tmp_path: Path) -> None:
    [unit] = [unit for unit in UNITS if unit.name == "dongkou-web.service"]
    assert "Unknown key" in analyze("verify", installed(unit, tmp_path, Restart="Restarts")).stderr
    opened = installed(unit, tmp_path, ProtectSystem="X-One", CapabilityBoundingSet="X-Two", User="X-Three")
    assert analyze("security", "--offline=yes", f"--threshold={SHUT_IN}", opened).returncode == 1


def served(unit: Path) -> list[str]:
    """The words behind `serve` in a unit, for the queues `entry,points`."""
    [line] = re.findall(r"^ExecStart=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return shlex.split(line.replace("%i", "entry,points")).__getitem__(slice(3, None))


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.stem != "dongkou"], ids=lambda unit: unit.name)
def test_unit_starts_what_serve_takes(unit: Path) -> None:
    assert command.arguments(served(unit)).kind in unit.name


def composed() -> dict[str, Any]:
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))


def test_containers_hang_together() -> None:
    services, volumes, networks = (composed()[part] for part in ("services", "volumes", "networks"))
    for name, service in services.items():
        waits = service.get("depends_on", {})
        assert set(waits) <= set(services), name
        assert "image" in service, name
        mounted = {one.split(":")[0] for one in service.get("volumes", []) if not one.startswith(".")}
        assert mounted <= set(volumes), name
        assert set(service.get("networks", [])) <= set(networks), name
        for other, how in waits.items() if isinstance(waits, dict) else ():
            assert how["condition"] != "service_healthy" or "healthcheck" in services[other], (name, other)
    bound = [one.split(":")[0] for service in services.values() for one in service.get("volumes", []) if one[0] == "."]
    assert [path for path in bound if not (DEPLOY / path).exists()] == []


def test_containers_of_ours_are_shut_in_and_start_what_there_is() -> None:
    services = composed()["services"]
    for name in OURS:
        one = services[name]
        assert (one["user"], one["read_only"], one["cap_drop"]) == ("dongkou", True, ["ALL"]), name
        assert one["security_opt"] == ["no-new-privileges:true"]
        assert "ports" not in one
        if name != "setup":
            assert command.arguments(one["command"][1:]).kind == one["command"][1]
    served = {queue for name in OURS[2:4] for queue in command.arguments(services[name]["command"][1:]).queues}
    assert served == {"entry", "rollup", "points", "notify", "export"}


def test_trusted_proxy_of_the_containers_is_the_proxy() -> None:
    proxy, given = composed()["services"]["proxy"], variables(DEPLOY / "compose.env")
    assert given["DONGKOU_TRUSTED_PROXIES"] == proxy["networks"]["front"]["ipv4_address"]
    assert "reverse_proxy web:8000" in (DEPLOY / "compose.Caddyfile").read_text(encoding="utf-8")


def variables(path: Path) -> dict[str, str]:
    lines = (line.lstrip("# ") for line in path.read_text(encoding="utf-8").splitlines())
    return dict(re.fullmatch(r"([A-Z_]+)=(.*)", line).groups() for line in lines if re.match(r"[A-Z_]+=", line))


@pytest.mark.parametrize("name", ["dongkou.env", "compose.env"])
def test_variables_that_are_set_are_known(name: str) -> None:
    documented = (BASE_DIR / "docs/operations.md").read_text(encoding="utf-8")
    ours = [one for one in variables(DEPLOY / name) if not one.startswith("POSTGRES_")]
    assert len(ours) > 5
    assert [one for one in ours if f"`{one}`" not in documented] == []


def test_image_is_built_of_what_there_is() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    named = re.findall(r"/opt/dongkou/(script/\w+|manage\.py)", text)
    assert named and all((BASE_DIR / path).exists() for path in named)
    assert text.index("\nUSER dongkou") < text.index("\nENTRYPOINT")
