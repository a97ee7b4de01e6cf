"""Where the product uses cryptography: the register that an examination of commercial cryptography (密评) asks for.

`tests/dongkou/setup/test_crypto_register.py` holds that every module that uses some stands here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from dongkou.resealing import lying_under
from households.sealing.suites import Suite, suite_of

COLUMNS = {
    "purpose": "用途",
    "method": "算法",
    "key": "密钥",
    "renewal": "更换办法",
    "modules": "程序位置",
    "amount": "现有数据",
}
METHODS = {Suite.AES: "AES-256-GCM（随机数 12 字节）", Suite.SM4: "SM4-GCM（随机数 12 字节）"}
DIGESTS = {Suite.AES: "HMAC-SHA-256", Suite.SM4: "HMAC-SM3"}
_RESEAL, _NEVER = "manage.py reseal --new-key", "不更换：换了全县的户牌都要重制"
_SIGNING = "manage.py reseal --new-signing-key"


@dataclass(frozen=True, slots=True)
class CryptoUse:
    """One use, in the examiner's words; `modules` are what does it."""

    purpose: str
    method: str
    key: str
    renewal: str
    modules: tuple[str, ...]
    amount: str = ""

    def as_row(self) -> dict[str, str]:
        """By `COLUMNS`."""
        return {name: getattr(self, name) for name in COLUMNS} | {"modules": "、".join(self.modules)}


USES = (
    CryptoUse(
        "统一身份认证登录：凭据的验证、这次登录的标记",
        "RSA、ECDSA 或 EdDSA 签名的验证（JWT）；PKCE（SHA-256）；HMAC-SHA-256",
        "身份平台的公钥；签名密钥",
        _SIGNING,
        ("households.oidc.tokens", "households.oidc.flow"),
    ),
    CryptoUse(
        "账号口令的存储",
        "Argon2id（每个口令一个随机盐）",
        "无",
        "改口令",
        ("households.accounts.passwords", "dongkou.settings"),
    ),
    CryptoUse(
        "户牌口令、查询码、恢复码的存储",
        "HMAC-SHA-256",
        "口令密钥",
        _NEVER,
        ("households.plates.actions.plates", "petitions.filing.codes", "households.confirming.codes"),
    ),
    CryptoUse(
        "按电话后四位找户的检索值",
        "BLAKE2b 带密钥（64 位）",
        "由口令密钥派生（HMAC-SHA-256）",
        _NEVER,
        ("households.register.indexing",),
    ),
    CryptoUse(
        "文件、照片是否见过的指纹",
        "HMAC-SHA-256",
        "口令密钥",
        _NEVER,
        ("petitions.filing.uploads", "scoring.evidence.actions"),
    ),
    CryptoUse(
        "审计记录和留痕的防篡改",
        "HMAC-SHA-256，逐条相连",
        "由口令密钥派生（HMAC-SHA-256）",
        _NEVER,
        ("households.trail.macs", "households.trail.seals"),
    ),
    CryptoUse(
        "会话、表单、标记的签名",
        "HMAC-SHA-256",
        "签名密钥",
        _SIGNING,
        (
            "households.drafts.writers",
            "scoring.carrying.carried",
            "petitions.filing.receipts",
            "households.accounts.lockout",
            "households.accounts.signing_in",
            "households.attempts",
            "dongkou.middleware",
        ),
    ),
    CryptoUse(
        "台账收件回执的签名",
        "ECDSA（P-256，SHA-256）",
        "由数据密钥派生（HMAC-SHA-512）",
        _RESEAL,
        ("households.sealing.signing",),
    ),
    CryptoUse(
        "代交台账文件的信封",
        "ECDH（P-256）、HKDF-SHA-256、AES-256-GCM",
        "由数据密钥派生（HMAC-SHA-512）",
        _RESEAL,
        ("households.sealing.envelopes",),
    ),
    CryptoUse(
        "积分账、公布的日榜、存档排名、存档的月份和依据的完整性",
        "SHA-256，逐条相连成树",
        "无",
        "不需要",
        (
            "scoring.ledger.merkle",
            "scoring.ledger.roots",
            "scoring.reviews.rules",
            "scoring.rankings.snapshots",
            "scoring.parts.files",
            "scoring.withholdings.actions.withholding",
            "rewards.awards.basis",
        ),
    ),
    CryptoUse(
        "一次性链接和设备标记的存储",
        "SHA-256（标记本身为 128 位以上随机数）",
        "无",
        "每次新的",
        (
            "dongkou.replicas.marks",
            "households.sessions",
            "households.opening.actions",
            "households.plates.actions.devices",
            "rewards.shop.package",
        ),
    ),
    CryptoUse(
        "备份里密钥文件的加密",
        "CMS 信封（AES-256，接收人证书的公钥）",
        "运维的证书",
        "换证书",
        ("dongkou.backup.kept_keys",),
    ),
    CryptoUse("备份的完整性", "SHA-256", "无", "不需要", ("dongkou.backup.store", "dongkou.backup.figures")),
    CryptoUse(
        "密钥的生成和认得",
        "操作系统随机数；HMAC-SHA-256 取指纹",
        "各把密钥",
        "随密钥",
        ("dongkou.keys", "dongkou.embedded"),
    ),
)
SEALED = ("households.sealing.sealing", "households.sealing.suites")
FOUND_BY = ("petitions.filing.codes", "petitions.search.index")


def register() -> Iterator[CryptoUse]:
    """Its rows: what lies sealed now, by key, then the other uses."""
    amounts = lying_under()
    for number, key in sorted(settings.FIELD_KEYS.items()):
        suite, named = suite_of(key), f"数据密钥 {number}"
        amount = f"{amounts[number]} 项"
        yield CryptoUse("电话、信访内容、姓名、附件等的加密存储", METHODS[suite], named, _RESEAL, SEALED, amount)
        if number == settings.FIELD_KEYS.newest:
            method = f"{DIGESTS[suite]}，检索值取 64 位" + ("" if suite is Suite.SM4 else "（BLAKE2b 带密钥）")
            yield CryptoUse("信访人、信访内容的检索值", method, f"由{named}派生", _RESEAL, FOUND_BY)
    yield from USES
