"""The county's OpenID provider, asked for each thing that a sign-in through it needs."""

import time
from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from dongkou.doctor.findings import DoctorFinding, bad, look, well
from households.oidc import asking, flow, metadata
from households.oidc.asking import Away, Denied
from households.oidc.provider import Provider, Told, is_safe, words
from households.oidc.tokens import ALGORITHMS, LEEWAY, can_verify

NOT_A_CODE = "doctor-asks-and-has-no-code"
SKEW_SECONDS = 10  # of a clock that is told to the second, over a slow line
_SIGNING, _METHODS, _CHALLENGES = (
    "id_token_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "code_challenge_methods_supported",
)


def provider() -> Iterator[DoctorFinding]:
    """Nothing where none is set. Keys and secret are asked about only when it is who it should be."""
    named: Provider | None = settings.OIDC
    if named is None:
        return
    try:
        told, at = asking.get_dated(metadata.address(named))
    except (Away, Denied) as failed:
        yield bad(
            named.label, f"没有回答（{failed}）", f"请从网站所在的机器打开 {metadata.address(named)}；口令登录照常"
        )
        return
    if wrong := _other(told, named):
        yield wrong
        return
    yield _clock(named, at)
    yield _keys(named, told)
    yield _secret(named, told)


def _other(told: Told, named: Provider) -> DoctorFinding | None:
    """Not whom the operator named, or not what we can speak with."""
    if told.get("issuer") != named.issuer:
        said = told.get("issuer")
        return bad(named.label, f"它说自己是 {said}，设置的是 {named.issuer}", "请把 DONGKOU_OIDC_ISSUER 改得一字不差")
    if missing := [name for name in metadata.NEEDED if not is_safe(told.get(name))]:
        return bad(named.label, f"没有可用的 {'、'.join(missing)}", "请服务方公布 https 的地址")
    wanted = ((_SIGNING, ALGORITHMS), (_METHODS, ("client_secret_basic",)), (_CHALLENGES, ("S256",)))
    for name, ours in wanted:
        offered = words(told.get(name, [])) if name in told else None
        if offered is not None and not set(offered) & set(ours):
            return bad(named.label, f"{name} 里没有我们用的 {'、'.join(ours[:3])}", "请服务方为我们的客户端打开")
    return None


def _clock(named: Provider, at: datetime | None) -> DoctorFinding:
    if at is None:
        return well(f"{named.label}的时间", "它没有说")
    skew = at.timestamp() - time.time()
    told = f"和本机差 {skew:.0f} 秒"
    if abs(skew) > LEEWAY:
        return bad(f"{named.label}的时间", told, "凭据会被当成过期或未到时间。请两边都对时（chrony）")
    if abs(skew) > SKEW_SECONDS:
        return look(f"{named.label}的时间", told, f"超过 {LEEWAY} 秒就登不进来，请两边都对时（chrony）")
    return well(f"{named.label}的时间", f"和本机相差不到 {SKEW_SECONDS} 秒")


def _keys(named: Provider, told: Told) -> DoctorFinding:
    try:
        found = asking.get(str(told["jwks_uri"])).get("keys")
    except (Away, Denied) as failed:
        return bad(f"{named.label}的公钥", f"取不到（{failed}）", f"请从网站所在的机器打开 {told['jwks_uri']}")
    usable = [key for key in found if isinstance(key, dict) and can_verify(key)] if isinstance(found, list) else []
    if not usable:
        return bad(f"{named.label}的公钥", "没有一把能用", f"请服务方公布 {'、'.join(ALGORITHMS[:3])} 一类的签名公钥")
    return well(f"{named.label}的公钥", f"{len(usable)} 把能用")


def _secret(named: Provider, told: Told) -> DoctorFinding:
    """A code that is none is refused for itself (400) by whoever knows us, and with us (401) by whoever does not."""
    form = {"grant_type": "authorization_code", "code": NOT_A_CODE, "redirect_uri": flow.back_url()}
    what = f"{named.label}认不认我们"
    try:
        asking.post(str(told["token_endpoint"]), form | {"code_verifier": NOT_A_CODE * 2}, named)
    except Denied as answer:
        if str(answer) in ("401", "403"):
            return bad(what, f"不认（{answer}）", "请核对 DONGKOU_OIDC_CLIENT 和密钥")
        return well(what, "认得")
    except Away as failed:
        return bad(what, f"没有回答（{failed}）", f"请从网站所在的机器打开 {told['token_endpoint']}")
    return look(what, "它收下了一个假的凭证", "请服务方查一查：这样的平台不该用")
