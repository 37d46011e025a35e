# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What happens when the network misbehaves: time-outs, cut lines, false certificates."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from werkzeug.wrappers import Response

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ONCE = RetryPolicy(tries=1)


class RawServer:
    """Listens on loopback and does to each connection whatever it is told to."""

    def __init__(self) -> None:
        self.connections = 0
        self._stopped = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads: list[threading.Thread] = []

    def start(self, behave: Callable[[socket.socket, threading.Event], None]) -> str:
        def serve_all() -> None:
            while True:
                try:
                    connection, _peer = self._listener.accept()
                except OSError:
                    return
                self.connections += 1
                one = threading.Thread(target=serve_one, args=(connection,), daemon=True)
                self._threads.append(one)
                one.start()

        def serve_one(connection: socket.socket) -> None:
            with connection:
                try:
                    if connection.recv(65536):
                        behave(connection, self._stopped)
                except OSError:
                    pass

        self._threads.append(threading.Thread(target=serve_all, daemon=True))
        self._threads[0].start()
        return self.url

    def stop(self) -> None:
        self._stopped.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(5)


@pytest.fixture
def raw() -> Iterator[RawServer]:
    server = RawServer()
    yield server
    server.stop()


def drip(*first: bytes) -> Callable[[socket.socket, threading.Event], None]:
    """Send ``first``, then one byte at a time for ever, each soon enough for a read time-out."""

    def behave(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(b"".join(first))
        while not stopped.wait(0.05):
            connection.sendall(b"1")

    return behave


def failed_request(url: str, method: str = "GET", **known: object) -> Fault:
    known.setdefault("retry", ONCE)
    with HttpSession(url, **known) as http:
        with pytest.raises(Fault) as caught:
            http.request(method, "/path?token=hidden")
        assert http.exchanges[-1].error == caught.value.detail
        assert http.exchanges[-1].status in (0, 200)
    assert "hidden" not in str(caught.value)
    return caught.value


# Time


@pytest.mark.parametrize(
    "beginning",
    [
        (HEAD, b"Content-Length: 1000000\r\n\r\n"),
        (HEAD, b"Transfer-Encoding: chunked\r\n\r\nFFFFFF\r\n"),
        (HEAD, b"\r\n"),
        (HEAD, b"X-Slow: "),
        (b"HTTP/1.1 200 ",),
    ],
    ids=["body", "chunk", "body without an end", "header", "status line"],
)
def test_a_server_that_drips_is_left_when_the_budget_is_over(
    raw: RawServer, beginning: tuple[bytes, ...]
) -> None:
    fault = failed_request(raw.start(drip(*beginning)), deadline=0.3, timeout=(5, 5))
    assert fault.kind is FaultKind.NETWORK_UNREACHABLE
    assert fault.detail == "127.0.0.1: time-out after 0.3 s"


def test_all_calls_of_a_session_together_end_with_its_lifetime(raw: RawServer) -> None:
    """Each of them would be in time by itself."""
    url = raw.start(drip(HEAD, b"\r\n"))
    with HttpSession(url, deadline=0.3, lifetime=0.5, timeout=(5, 5), retry=ONCE) as http:
        said = []
        for _call in range(3):
            with pytest.raises(Fault) as caught:
                http.request("GET", "/path")
            assert caught.value.kind is FaultKind.NETWORK_UNREACHABLE
            said.append(caught.value.detail)
    assert said[0] == "127.0.0.1: time-out after 0.3 s"
    assert said[1] in ("127.0.0.1: time-out after 0.2 s", "127.0.0.1: time-out after 0.1 s")
    assert said[2] == "127.0.0.1: no time left for this call"


@pytest.mark.parametrize("beginning", [b"", HEAD + b"Content-Length: 9\r\n\r\n"])
def test_a_server_that_falls_silent_is_left_after_the_read_time_out(
    raw: RawServer, beginning: bytes
) -> None:
    def behave(connection: socket.socket, stopped: threading.Event) -> None:
        connection.sendall(beginning)
        stopped.wait(20)

    fault = failed_request(raw.start(behave), timeout=(5, 0.2), deadline=None)
    assert fault.kind is FaultKind.NETWORK_UNREACHABLE
    assert fault.detail == "127.0.0.1: time-out after 0.2 s"


def test_the_budget_covers_all_tries_and_waits(raw: RawServer) -> None:
    url = raw.start(lambda connection, stopped: None)
    policy = RetryPolicy(tries=50, base=0.2, cap=0.2, random=lambda: 1.0)
    failed_request(url, deadline=0.5, retry=policy)
    assert 1 < raw.connections < 10


def test_many_requests_share_one_connection(raw: RawServer) -> None:
    packed = gzip.compress(b"[1]")
    answers = (
        HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s" % (len(packed), packed),
        b"HTTP/1.1 204 No Content\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[2\r\n1\r\n]\r\n0\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno",
        b"HTTP/1.1 503 Unavailable\r\nContent-Length: 0\r\n\r\n",
        HEAD + b"Content-Length: 3\r\n\r\n[3]",
    )

    def behave(connection: socket.socket, stopped: threading.Event) -> None:
        for answer in answers:
            connection.sendall(answer)
            connection.recv(65536)

    policy = RetryPolicy(sleep=lambda seconds: None)
    with HttpSession(raw.start(behave), retry=policy) as http:
        bodies = [http.request("GET", "/").body for _ in range(5)]
    assert bodies == [b"[1]", b"", b"[2]", b"no", b"[3]"]
    assert raw.connections == 1


# Cut lines


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "connection closed by the other side"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "connection closed by the other side"),
        (HEAD + b"Content-Length: 1000\r\n\r\n[1,", "in the middle of the answer"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\n[1,", "in the middle of the answer"),
    ],
    ids=["nothing", "not HTTP", "short body", "short chunk"],
)
def test_a_connection_that_breaks_is_tried_again_and_then_named(
    raw: RawServer, sent: bytes, said: str
) -> None:
    url = raw.start(lambda connection, stopped: connection.sendall(sent))
    waits: list[float] = []
    fault = failed_request(url, retry=RetryPolicy(tries=3, sleep=waits.append))
    assert fault.kind is FaultKind.NETWORK_UNREACHABLE
    assert fault.detail.startswith("127.0.0.1: ")
    assert said in fault.detail
    assert (raw.connections, len(waits)) == (3, 2)


def test_a_broken_connection_is_not_tried_again_for_what_changes_something(
    raw: RawServer,
) -> None:
    url = raw.start(lambda connection, stopped: None)
    failed_request(url, "POST", retry=RetryPolicy(tries=3, sleep=lambda seconds: None))
    assert raw.connections == 1


def test_a_line_that_comes_back_is_not_noticed(raw: RawServer) -> None:
    def behave(connection: socket.socket, stopped: threading.Event) -> None:
        if raw.connections == 2:
            connection.sendall(HEAD + b"Content-Length: 3\r\n\r\n[1]")

    policy = RetryPolicy(sleep=lambda seconds: None)
    with HttpSession(raw.start(behave), retry=policy) as http:
        assert http.request("GET", "/").json() == [1]
        assert [exchange.status for exchange in http.exchanges] == [0, 200]


def test_a_closed_port_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    fault = failed_request(f"http://127.0.0.1:{port}")
    assert fault.kind is FaultKind.NETWORK_UNREACHABLE
    assert fault.detail == "127.0.0.1: connection refused"


def test_an_unknown_name_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    # Reserved by RFC 2606: it never resolves.
    fault = failed_request("https://bank.invalid")
    assert fault.kind is FaultKind.NETWORK_UNREACHABLE
    assert fault.detail == "bank.invalid: name not found"


# Certificates


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Files of a self-signed certificate for 127.0.0.1, and of its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "bank")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(folder / "cert.pem"), str(folder / "key.pem")


@pytest.fixture
def secure_url(
    serve: Callable[..., str], certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> str:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    return serve(Response("[1]"), ssl_context=certificate)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted_even_here(secure_url: str) -> None:
    waits: list[float] = []
    fault = failed_request(secure_url, retry=RetryPolicy(tries=3, sleep=waits.append))
    assert fault.kind is FaultKind.NETWORK_UNTRUSTED
    assert fault.detail == "127.0.0.1: certificate not trusted (self-signed certificate)"
    assert waits == []


def test_a_certificate_for_another_name_is_not_trusted(
    secure_url: str, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate[0])
    fault = failed_request(secure_url.replace("127.0.0.1", "localhost"))
    assert fault.kind is FaultKind.NETWORK_UNTRUSTED
    assert fault.detail == "localhost: certificate not trusted (made for another name)"


def test_a_company_can_add_its_own_certificate(
    secure_url: str, certificate: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate[0])
    with HttpSession(secure_url) as http:
        assert http.request("GET", "/").json() == [1]


def test_a_missing_file_of_certificates_is_named(
    secure_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    fault = failed_request(secure_url)
    assert fault.kind is FaultKind.NETWORK_UNTRUSTED
    assert "REQUESTS_CA_BUNDLE" in fault.detail


def test_a_server_without_encryption_is_no_secure_connection(raw: RawServer) -> None:
    url = raw.start(lambda connection, stopped: connection.sendall(HEAD + b"\r\n"))
    fault = failed_request(url.replace("http:", "https:"))
    assert fault.kind is FaultKind.NETWORK_UNREACHABLE
    assert fault.detail == "127.0.0.1: no secure connection"
