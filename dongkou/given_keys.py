"""Keys as the settings take them: given by the environment, or kept in files that the first start makes."""

from django.core.exceptions import ImproperlyConfigured

from dongkou.environment import env
from dongkou.keys import VALKEY, FieldKeys, KeyTrouble, field_keys_in, read_or_make
from dongkou.layout import Layout


def field_keys(text: str) -> dict[int, bytes]:
    """`KEY`, and later ones after it with their numbers: `KEY,2:KEY`."""
    first, *later = (word.strip() for word in text.split(","))
    try:
        return field_keys_in({"field_key": first, "field_keys": dict(word.split(":", 1) for word in later)})
    except ValueError:
        raise ImproperlyConfigured(
            "环境变量 DONGKOU_FIELD_KEY 应是 32 字节的 URL 安全 base64，后来的密钥写在后面：旧密钥,2:新密钥。"
        ) from None


def load_keys(layout: Layout) -> tuple[str, str, FieldKeys]:
    """What signs, what codes are kept by and what seals: from the environment, or from the file, which the first start makes."""
    names = {"secret_key": "DONGKOU_SECRET_KEY", "code_key": "DONGKOU_CODE_KEY", "field_key": "DONGKOU_FIELD_KEY"}
    given = {name: env(variable) for name, variable in names.items() if env(variable)}
    for name in given.keys() - {"field_key"}:
        if len(given[name]) < 32:
            raise ImproperlyConfigured(f"环境变量 {names[name]} 至少需要 32 个字符。")
    if "secret_key" in given and "field_key" in given:
        return (
            given["secret_key"],
            given.get("code_key", given["secret_key"]),
            FieldKeys(field_keys(given["field_key"])),
        )
    try:
        kept = read_or_make(layout.secrets)
        sealing = field_keys(given["field_key"]) if "field_key" in given else field_keys_in(kept)
    except KeyTrouble as trouble:
        raise ImproperlyConfigured(str(trouble)) from None
    path = None if "field_key" in given else layout.secrets
    keys = kept | given
    return keys["secret_key"], keys["code_key"], FieldKeys(sealing, path)


def broker_password(layout: Layout) -> str:
    """The embedded broker's; none where REDIS_URL names another."""
    try:
        return "" if env("REDIS_URL") else read_or_make(layout.own_secrets, VALKEY)["valkey_password"]
    except KeyTrouble as trouble:
        raise ImproperlyConfigured(str(trouble)) from None
