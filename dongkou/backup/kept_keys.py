"""The keys in a backup: sealed as CMS (RFC 5652) for a certificate, so that ``openssl cms -decrypt`` opens them without us."""

from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import algorithms
from cryptography.hazmat.primitives.serialization import pkcs7

from dongkou.programs import ServerTrouble

LEAST_BITS = 3072


def read_certificate(path: Path) -> x509.Certificate:
    """ServerTrouble for a file that is none, or holds a key too short to outlive a backup."""
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
        bits = getattr(certificate.public_key(), "key_size", 0)
    except (OSError, ValueError) as trouble:
        raise ServerTrouble(f"备份证书 {path} 读不出（{trouble}）。") from None
    if bits < LEAST_BITS or "RSA" not in type(certificate.public_key()).__name__:
        raise ServerTrouble(f"备份证书 {path} 要用至少 {LEAST_BITS} 位的 RSA 密钥。")
    return certificate


def seal(keys: bytes, certificate: x509.Certificate) -> bytes:
    """Only the private key of the certificate opens it again (AES-256, DER)."""
    builder = pkcs7.PKCS7EnvelopeBuilder().set_data(keys).add_recipient(certificate)
    builder = builder.set_content_encryption_algorithm(algorithms.AES256)
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def open_sealed(sealed: bytes, *, certificate: Path, private_key: Path) -> bytes:
    """What was sealed. ServerTrouble when the key is not the one, or the text was changed."""
    try:
        key = serialization.load_pem_private_key(private_key.read_bytes(), password=None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("not an RSA key")
        return pkcs7.pkcs7_decrypt_der(sealed, read_certificate(certificate), key, [])
    except (OSError, ValueError, TypeError) as trouble:
        raise ServerTrouble(f"备份里的密钥打不开（{trouble}），请核对证书和私钥 {private_key}。") from None
