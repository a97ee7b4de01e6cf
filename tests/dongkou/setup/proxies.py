"""nginx and Caddy as we configure them, before a web server of the product, and visitors with addresses of their own."""

import http.client
import re
import socket
import ssl
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dongkou.layout import BASE_DIR
from script.run_tests import proxy
from tests.processes import free_port
from tests.waiting import until

HOST = "liuling.example.cn"
SHIPPED = BASE_DIR / "docs" / "proxy"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


class Proxy:
    """One proxy, ours from start to end. It ends TLS at `port` and hands on to `upstream`, a port too."""

    def __init__(self, kind: str, folder: Path, upstream: int) -> None:
        self.port, self.folder = free_port(), folder
        _certify(folder)
        program = proxy(kind)
        assert program, f"反向代理的测试需要 {kind}：请安装 Debian 软件包。"
        command = {"nginx": self._nginx, "caddy": self._caddy}[kind](program, upstream)
        environment = {"HOME": str(folder), "PATH": "/usr/bin"}
        with (folder / "proxy.out").open("w") as heard:
            self.process = subprocess.Popen(command, env=environment, stdout=heard, stderr=subprocess.STDOUT)
        until(self._answers, seconds=30)

    def _nginx(self, program: str, upstream: int) -> list[str]:
        site = (SHIPPED / "nginx.conf").read_text(encoding="utf-8")
        plain = free_port()
        for ours, theirs in (
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen [::]:80;", ""),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{self.port} ssl http2;"),
            ("listen [::]:443 ssl http2;", ""),
            ("/etc/ssl/liuling", f"{self.folder}/liuling"),
            ("/var/log/nginx/dongkou.log", f"{self.folder}/access.log"),
            ("127.0.0.1:8000", f"127.0.0.1:{upstream}"),
        ):
            site = _replaced(site, ours, theirs)
        temporary = "".join(
            f"{kind}_temp_path {self.folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        config = self.folder / "whole.conf"
        config.write_text(
            f"daemon off; pid {self.folder}/nginx.pid; error_log {self.folder}/error.log; events {{}}"
            f"http {{ access_log off; {temporary} {site} }}",
            encoding="utf-8",
        )
        return [program, "-e", f"{self.folder}/error.log", "-p", str(self.folder), "-c", str(config)]

    def _caddy(self, program: str, upstream: int) -> list[str]:
        site = (SHIPPED / "Caddyfile").read_text(encoding="utf-8")
        certificate = f"tls {self.folder}/liuling.pem {self.folder}/liuling.key"
        site = _replaced(site, f"\n{HOST} {{", f"\nhttps://{HOST}:{self.port} {{\n bind 127.0.0.1\n {certificate}")
        site = _replaced(site, "127.0.0.1:8000", f"127.0.0.1:{upstream}")
        config = self.folder / "Caddyfile"
        config.write_text("{\nadmin off\nauto_https off\n}\n" + site, encoding="utf-8")
        return [program, "run", "--config", str(config), "--adapter", "caddyfile"]

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self.folder / "proxy.out").read_text(encoding="utf-8")
        try:
            return Visitor(self.port, "127.0.0.1").get("/healthz")[0] in (200, 503)
        except OSError:
            return False

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)

    def logged(self) -> str:
        """What nginx wrote into its access log."""
        return (self.folder / "access.log").read_text(encoding="utf-8")


class NoForm(AssertionError):
    """There is nothing to fill in at the path."""


class Visitor:
    """Somebody with a browser at an address of the loopback network, who takes the proxy for the site."""

    def __init__(self, port: int, address: str, headers: Mapping[str, str] | None = None) -> None:
        self.port, self.address, self.cookies = port, address, SimpleCookie[str]()
        self.headers = headers or {}

    def get(self, path: str) -> tuple[int, str]:
        return self._asked("GET", path)

    def post(self, path: str, **given: str) -> tuple[int, str]:
        """Fill in the form that stands at the path."""
        token = TOKEN.search(self.get(path)[1])
        if not token:
            raise NoForm(path)
        return self._asked("POST", path, urlencode({**given, "csrfmiddlewaretoken": token[1]}))

    def begin_to_post(self, path: str) -> ssl.SSLSocket:
        """Send the head and the first sign of a long form, whose rest never comes."""
        self.get(path)
        head = {**self._headers(path), "Content-Type": "application/x-www-form-urlencoded", "Content-Length": "100000"}
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items()), "", "a"]
        line = self.line()
        line.sendall("\r\n".join(lines).encode())
        return line

    def _headers(self, path: str) -> dict[str, str]:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        return {"Host": HOST, "Cookie": cookies, "Referer": f"https://{HOST}{path}", **self.headers}

    def line(self) -> ssl.SSLSocket:
        """A connection that takes any certificate."""
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        return trusting.wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), 30, (self.address, 0)), server_hostname=HOST
        )

    def _asked(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        connection = http.client.HTTPConnection(HOST, timeout=30)
        connection.sock = self.line()
        headers = self._headers(path)
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body.encode(), headers)
            answer = connection.getresponse()
            for header in answer.headers.get_all("Set-Cookie") or []:
                self.cookies.load(header)
            return answer.status, answer.read().decode("utf-8", "replace")
        finally:
            connection.close()


def _replaced(text: str, ours: str, theirs: str) -> str:
    assert ours in text, f"the configuration that is shipped no longer says {ours!r}"
    return text.replace(ours, theirs)


def _certify(folder: Path) -> None:
    """A key and a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "liuling.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    (folder / "liuling.key").write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
