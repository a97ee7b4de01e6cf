"""Copies on disk: which are whole, which stand on which, which are kept; and the keys in them."""

import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from dongkou.backup import kept_keys, making
from dongkou.backup.store import BackupCopy, BackupStore, CopyKind, name_at, write_copy
from dongkou.programs import ServerTrouble, find_programs, find_runner

NOW = datetime.now(UTC)


def copy(store: BackupStore, days: float, base: BackupCopy | None = None, first_log: str = "0" * 24) -> BackupCopy:
    """A copy made so many days ago, without a database in it."""
    at = NOW - timedelta(days=days)
    kind = CopyKind.INCREMENTAL if base else CopyKind.FULL
    made = BackupCopy(
        name=name_at(at, kind),
        kind=kind,
        base=base.name if base else None,
        made_at=at.isoformat(),
        seconds=1.0,
        size=1,
        first_log=first_log,
        schema="",
        digests={},
    )
    store.path(made.name).mkdir()
    write_copy(store.path(made.name), made)
    return made


@pytest.fixture
def store(tmp_path: Path) -> BackupStore:
    (tmp_path / "wal").mkdir()
    return BackupStore(tmp_path)


def test_chain_leads_from_the_full_copy_to_the_newest(store):
    copy(store, 9)
    full = copy(store, 3)
    first = copy(store, 2, full)
    second = copy(store, 1, first)
    assert store.chain() == [full, first, second]
    assert store.chain(first.name) == [full, first]


def test_chain_without_a_link_is_refused_by_name(store):
    full = copy(store, 3)
    later = copy(store, 2, full)
    store.drop([full])
    with pytest.raises(ServerTrouble, match=f"{full.name}：{later.name} 要靠它"):
        store.chain()


def test_copy_without_its_last_file_is_none(store):
    full = copy(store, 3)
    store.path("29990101T000000Z-full").mkdir()
    half = copy(store, 1)
    store.path(half.name).rename(store.path(half.name + ".unfinished"))
    assert store.copies() == [full]


def test_copy_that_cannot_be_read_is_named(store):
    full = copy(store, 3)
    (store.path(full.name) / "copy.json").write_text("{", encoding="utf-8")
    with pytest.raises(ServerTrouble, match=full.name):
        store.chain()


def test_nothing_to_restore_is_said(store):
    with pytest.raises(ServerTrouble, match="没有完整的备份"):
        store.chain()


def test_folder_that_commands_would_misread_is_refused(tmp_path):
    with pytest.raises(ServerTrouble, match="只能有英文字母"):
        BackupStore(tmp_path / "备 份")


@pytest.mark.parametrize(("days", "stands"), [(6, True), (7, False)])
def test_after_a_week_a_full_copy_is_due(store, days, stands):
    full = copy(store, days)
    newest = copy(store, days - 1, full)
    assert making.base_for(store) == (newest if stands else None)


def test_old_chains_go_as_one_with_the_log_before_them(store):
    names = [f"{number:024X}" for number in range(1, 6)]
    for name in names:
        (store.log / f"{name}.gz").write_bytes(b"")
    old = copy(store, 50, first_log=names[0])
    copy(store, 45, old, first_log=names[1])
    kept = copy(store, 40, first_log=names[2])
    young = copy(store, 29, kept, first_log=names[3])
    newest = copy(store, 1, first_log=names[4])
    runner = find_runner(store.folder)
    making.forget_old(store, 30, find_programs(runner))
    assert store.copies() == [kept, young, newest]
    assert sorted(path.stem for path in store.log.iterdir()) == names[2:]


def test_two_full_copies_stay_however_old(store):
    copies = [copy(store, days) for days in (300, 200, 100)]
    making.forget_old(store, 30, find_programs(find_runner(store.folder)))
    assert store.copies() == copies[1:]


def test_two_at_once_are_refused(store):
    with store.alone(), pytest.raises(ServerTrouble, match="还没有做完"), store.alone():
        pass


def pair(folder: Path, name: str, bits: int = 3072) -> tuple[Path, Path]:
    """A certificate and its private key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(NOW).not_valid_after(NOW + timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    public, private = folder / f"{name}.crt", folder / f"{name}.key"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return public, private


def test_keys_are_opened_by_the_private_key_alone(tmp_path):
    public, private = pair(tmp_path, "county")
    other_public, other = pair(tmp_path, "other")
    sealed = kept_keys.seal(b'{"field_key": "x"}', kept_keys.read_certificate(public))
    assert b"field_key" not in sealed
    assert kept_keys.open_sealed(sealed, certificate=public, private_key=private) == b'{"field_key": "x"}'
    with pytest.raises(ServerTrouble, match="打不开"):
        kept_keys.open_sealed(sealed, certificate=other_public, private_key=other)


def test_keys_are_opened_without_us(tmp_path):
    public, private = pair(tmp_path, "county")
    (tmp_path / "secrets.cms").write_bytes(kept_keys.seal(b"the keys", kept_keys.read_certificate(public)))
    command = ["openssl", "cms", "-decrypt", "-inform", "DER", "-in", tmp_path / "secrets.cms", "-inkey", private]
    done = subprocess.run([*command, "-recip", public, "-binary"], check=True, capture_output=True)
    assert done.stdout == b"the keys"


def test_short_key_is_refused(tmp_path):
    public, _ = pair(tmp_path, "county", bits=2048)
    with pytest.raises(ServerTrouble, match="3072"):
        kept_keys.read_certificate(public)
