"""An OpenID provider as a process of its own: Authlib's server behind Flask, on loopback, with PKCE, secrets, and keys that change.

`python provider_server.py PORT CLIENT SECRET`. It tells the truth until `POST /test/lie` says otherwise, for what it is asked from then on:
`claims` over the token's own (null takes one away), `signed` by `none`, `public` (HS256 with the public key as the secret) or
`stranger` (another key under the right name), `keep_codes`, `redirect` (instead of its metadata), `metadata`; `{}` is the truth.
`POST /test/rotate` gives it another key. `POST /test/people` says what it knows of somebody: `{sub: claims}`.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import sys
from dataclasses import dataclass
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode
from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # on loopback
PORT, CLIENT, SECRET = int(sys.argv[1]), sys.argv[2], sys.argv[3]
ISSUER = f"http://127.0.0.1:{PORT}"
PAGE = """<!doctype html><html lang="zh"><title>省统一身份认证</title><main><h1>省统一身份认证</h1>
<form method="post"><label>工号 <input name="sub"></label><button>登录</button></form></main>"""
app = Flask(__name__)


def new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(8), "use": "sig", "alg": "RS256"})


class State:
    key, lie, people, codes = new_key(), {}, {}, {}
    asked: dict[str, int] = {}


@app.before_request
def count() -> None:
    State.asked[request.path] = State.asked.get(request.path, 0) + 1


@dataclass
class Person:
    sub: str

    def get_user_id(self) -> str:
        return self.sub


class Client(ClientMixin):
    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return uri.endswith("/accounts/oidc/back/")

    def check_client_secret(self, secret: str) -> bool:
        return hmac.compare_digest(secret, SECRET)

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    sub: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str
    code_challenge_method: str

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str:
        return self.nonce

    def get_auth_time(self) -> None:
        return None

    get_acr = get_amr = get_auth_time


class CodeGrant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code: str, asked: Any) -> None:
        data = asked.payload.data
        parts = (asked.payload.redirect_uri, asked.scope, data["nonce"])
        kept = Code(code, asked.user.sub, *parts, data["code_challenge"], data["code_challenge_method"])
        State.codes[code] = kept

    def query_authorization_code(self, code: str, _client: Client) -> Code | None:
        return State.codes.get(code)

    def delete_authorization_code(self, kept: Code) -> None:
        if not State.lie.get("keep_codes"):
            del State.codes[kept.code]

    def authenticate_user(self, kept: Code) -> Person:
        return Person(kept.sub)


class Tokens(OpenIDCode):
    def exists_nonce(self, nonce: str, _asked: Any) -> bool:
        return any(code.nonce == nonce for code in State.codes.values())

    def resolve_client_private_key(self, _client: Client) -> RSAKey:
        return State.key

    def get_encode_header(self, _client: Client) -> dict[str, str]:
        return {"alg": "RS256", "kid": State.key.kid}

    def get_client_claims(self, _client: Client) -> dict[str, Any]:
        return {"iss": ISSUER, "aud": [CLIENT]}

    def generate_user_info(self, person: Person, _scope: str) -> dict[str, Any]:
        return {"sub": person.sub, **State.people.get(person.sub, {})}

    def encode_id_token(self, token: dict[str, Any], asked: Any) -> str:
        true = super().encode_id_token(token, asked)
        return lied(true) if State.lie else true


def lied(true: str) -> str:
    claims = jwt.decode(true, State.key).claims | State.lie.get("claims", {})
    claims = {name: value for name, value in claims.items() if value is not None}
    signed = State.lie.get("signed")
    if signed == "none":
        return f"{part({'alg': 'none'})}.{part(claims)}."
    if signed == "public":
        body = f"{part({'alg': 'HS256', 'kid': State.key.kid})}.{part(claims)}"
        known = State.key.as_pem(private=False)
        return f"{body}.{encoded(hmac.new(known, body.encode(), hashlib.sha256).digest())}"
    key = new_key() if signed == "stranger" else State.key
    return jwt.encode({"alg": "RS256", "kid": State.key.kid}, claims, key)


def part(value: dict[str, Any]) -> str:
    return encoded(json.dumps(value).encode())


def encoded(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


server = AuthorizationServer(app, lambda name: Client() if name == CLIENT else None, lambda _token, _asked: None)
server.register_grant(CodeGrant, [Tokens(require_nonce=True), CodeChallenge(required=True)])


@app.get("/.well-known/openid-configuration")
def metadata() -> Any:
    if State.lie.get("redirect"):
        return redirect(State.lie["redirect"])
    told = {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "jwks_uri": f"{ISSUER}/keys",
        "end_session_endpoint": f"{ISSUER}/end",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    }
    return jsonify(told | State.lie.get("metadata", {}))


@app.get("/keys")
def keys() -> Any:
    return jsonify({"keys": [State.key.as_dict(private=False)]})


@app.route("/authorize", methods=["GET", "POST"])
def authorize() -> Any:
    if request.args.get("code_challenge_method") != "S256":
        return "no PKCE", 400
    if request.method == "GET":
        return PAGE
    person = Person(request.form["sub"])
    try:
        grant = server.get_consent_grant(end_user=person)
    except OAuth2Error as wrong:
        return str(wrong), 400
    return server.create_authorization_response(grant_user=person, grant=grant)


@app.post("/token")
def token() -> Any:
    return server.create_token_response()


@app.get("/end")
def end() -> str:
    return f"<!doctype html><html lang=zh><title>已退出</title><main><h1>身份认证已退出</h1><p>{request.args['client_id']}</main>"


@app.post("/test/lie")
def test_lie() -> Any:
    State.lie = request.get_json()
    return jsonify({})


@app.post("/test/rotate")
def test_rotate() -> Any:
    State.key = new_key()
    return jsonify({})


@app.post("/test/people")
def test_people() -> Any:
    State.people = request.get_json()
    return jsonify({})


@app.get("/test/asked")
def test_asked() -> Any:
    return jsonify(State.asked)


if __name__ == "__main__":
    make_server("127.0.0.1", PORT, app, threaded=True).serve_forever()
