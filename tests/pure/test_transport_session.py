# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The HTTP session keeps its promises against a server that behaves in every way."""

import gzip
import json
import logging
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from werkzeug.wrappers import Request, Response

Handler = Callable[[Request], Response]


class Server:
    """A server that answers with ``handler`` and remembers what it was asked."""

    def __init__(self, handler: Handler):
        self.handler = handler
        self.requests: list[Request] = []
        self.url = ""

    def __call__(self, environ: dict, start_response: Callable) -> object:
        request = Request(environ)
        request.get_data()
        self.requests.append(request)
        return self.handler(request)(environ, start_response)


@pytest.fixture
def server(serve: Callable[..., str]) -> Callable[[Handler], Server]:
    def start(handler: Handler) -> Server:
        started = Server(handler)
        started.url = serve(started)
        return started

    return start


def in_turn(*answers: Response) -> Handler:
    """Each answer once, the last one from then on."""
    waiting = list(answers)
    return lambda request: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def patient(slept: list[float], **known: object) -> RetryPolicy:
    return RetryPolicy(random=lambda: 1.0, sleep=slept.append, **known)


def fault_of(call: Callable[[], object]) -> Fault:
    with pytest.raises(Fault) as caught:
        call()
    return caught.value


# What is sent


def test_a_request_is_sent_as_it_was_meant(server: Callable) -> None:
    bank = server(lambda request: Response('{"ok": true}'))
    with HttpSession(bank.url + "/v1/", user_agent="Sync-Hub/19") as http:
        answer = http.request(
            "post", "/things", params={"q": "a b&c"}, json={"n": "é"}, headers={"X-One": "1"}
        )
    asked = bank.requests[0]
    assert (asked.method, asked.path, asked.args["q"]) == ("POST", "/v1/things", "a b&c")
    assert asked.get_json() == {"n": "é"}
    assert asked.headers["X-One"] == "1"
    assert asked.headers["User-Agent"] == "Sync-Hub/19"
    assert answer.json() == {"ok": True}
    assert answer.status == 200
    assert answer.headers["CONTENT-TYPE"].startswith("text/plain")


def test_a_form_is_sent_as_a_browser_sends_it_and_its_fields_are_not_logged(server: Callable) -> None:
    bank = server(lambda request: Response("{}"))
    with HttpSession(bank.url) as http:
        http.request("POST", "/token", form={"clientId": "c 1", "secret": "a&b=ü"})
        assert "a&b" not in str(http.exchanges)
    asked = bank.requests[0]
    assert asked.mimetype == "application/x-www-form-urlencoded"
    assert asked.form.to_dict() == {"clientId": "c 1", "secret": "a&b=ü"}


def test_a_next_link_on_the_same_host_can_be_followed(server: Callable) -> None:
    bank = server(lambda request: Response("[]"))
    with HttpSession(bank.url + "/v1") as http:
        http.request("GET", f"{bank.url}/v1/next?after=7")
    assert bank.requests[0].full_path == "/v1/next?after=7"


def test_cookies_are_neither_kept_nor_sent(server: Callable) -> None:
    bank = server(lambda request: Response("{}", headers={"Set-Cookie": "sid=1; Path=/"}))
    with HttpSession(bank.url) as http:
        http.request("GET", "/a")
        http.request("GET", "/b")
    assert "Cookie" not in bank.requests[1].headers


def test_a_netrc_file_does_not_replace_our_authorization(
    server: Callable, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    bank = server(lambda request: Response("{}"))
    with HttpSession(bank.url) as http:
        http.request("GET", "/", headers={"Authorization": "Bearer ours"})
    assert bank.requests[0].headers["Authorization"] == "Bearer ours"


def test_a_proxy_of_the_environment_is_not_used_for_this_machine(
    server: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = server(lambda request: Response("{}"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with HttpSession(bank.url) as http:
        assert http.request("GET", "/").status == 200


def test_a_proxy_of_the_environment_is_used_for_the_outside(
    server: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = server(lambda request: Response(status=403))
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    with HttpSession("https://bank.example", retry=RetryPolicy(tries=1)) as http:
        fault = fault_of(lambda: http.request("GET", "/"))
    assert fault.kind is FaultKind.NETWORK_UNREACHABLE
    assert fault.detail == "bank.example: the proxy does not connect"
    assert [request.method for request in proxy.requests] == ["CONNECT"]


# Where it may be sent


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://bank.example", FaultKind.NETWORK_UNTRUSTED),
        ("http://127.0.0.1.bank.example", FaultKind.NETWORK_UNTRUSTED),
        ("http://192.168.1.5", FaultKind.NETWORK_UNTRUSTED),
        ("https://me:pw@bank.example", FaultKind.NETWORK_UNTRUSTED),
        ("ftp://bank.example", FaultKind.REQUEST_REFUSED),
        ("bank.example", FaultKind.REQUEST_REFUSED),
        ("https://", FaultKind.REQUEST_REFUSED),
        ("https://bank.example:port", FaultKind.REQUEST_REFUSED),
        ("https://[::1", FaultKind.REQUEST_REFUSED),
        ("", FaultKind.REQUEST_REFUSED),
    ],
)
def test_only_a_secure_address_is_accepted(url: str, kind: FaultKind) -> None:
    fault = fault_of(lambda: HttpSession(url))
    assert fault.kind is kind
    assert "pw" not in fault.detail


@pytest.mark.parametrize(
    "url", ["https://bank.example/v1", "http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"]
)
def test_this_machine_may_be_spoken_to_in_plain_http(url: str) -> None:
    with HttpSession(url) as http:
        assert http.base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "http://bank.example/",
        "https://bank.example:8443/",
        "https://bank.example.evil.example/",
        "https://bank.example@evil.example/",
        "https://me@bank.example/",
    ],
)
def test_an_absolute_address_on_another_host_is_refused(url: str) -> None:
    with HttpSession("https://bank.example") as http:
        fault = fault_of(lambda: http.request("GET", url))
        assert fault.kind in (FaultKind.NETWORK_UNTRUSTED, FaultKind.REQUEST_REFUSED)
        assert not http.exchanges


@pytest.mark.parametrize("location", ["https://evil.example/x", "//evil.example/x", "http://[::1"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_redirect_to_another_host_is_refused(
    server: Callable, location: str, method: str
) -> None:
    bank = server(lambda request: Response(status=302, headers={"Location": location}))
    with HttpSession(bank.url) as http:
        fault = fault_of(lambda: http.request(method, "/"))
    assert fault.kind in (FaultKind.NETWORK_UNTRUSTED, FaultKind.REQUEST_REFUSED)
    assert len(bank.requests) == 1


def test_a_redirect_to_another_port_does_not_get_our_authorization(server: Callable) -> None:
    thief = server(lambda request: Response("{}"))
    bank = server(lambda request: Response(status=302, headers={"Location": thief.url}))
    with HttpSession(bank.url) as http:
        fault = fault_of(lambda: http.request("GET", "/", headers={"Authorization": "Bearer x"}))
    assert fault.kind is FaultKind.NETWORK_UNTRUSTED
    assert thief.requests == []


def test_a_redirect_on_the_same_host_is_followed_with_all_headers(server: Callable) -> None:
    def answer(request: Request) -> Response:
        if request.path == "/old":
            return Response(status=301, headers={"Location": "/new?page=2"})
        return Response(json.dumps([request.full_path, request.headers["Authorization"]]))

    bank = server(answer)
    with HttpSession(bank.url) as http:
        answered = http.request(
            "GET", "/old", params={"page": 1}, headers={"Authorization": "Bearer x"}
        )
    assert answered.json() == ["/new?page=2", "Bearer x"]


def test_a_redirect_is_not_followed_for_what_changes_something(server: Callable) -> None:
    bank = server(lambda request: Response(status=307, headers={"Location": "/again"}))
    with HttpSession(bank.url) as http:
        assert http.request("POST", "/", json={}).status == 307
    assert len(bank.requests) == 1


def test_redirects_without_an_end_are_bad_data(server: Callable) -> None:
    bank = server(lambda request: Response(status=302, headers={"Location": "/"}))
    with HttpSession(bank.url) as http:
        fault = fault_of(lambda: http.request("GET", "/"))
    assert fault.kind is FaultKind.BAD_DATA
    assert len(bank.requests) == 4


def test_a_header_that_cannot_be_sent_is_a_refused_request(server: Callable) -> None:
    bank = server(lambda request: Response("{}"))
    with HttpSession(bank.url) as http:
        for value in ("a\r\nX-Evil: 1", "☃"):
            fault = fault_of(lambda text=value: http.request("GET", "/", headers={"X-One": text}))
            assert fault.kind is FaultKind.REQUEST_REFUSED
    assert bank.requests == []


# Again


@pytest.mark.parametrize("status", [408, 425, 500, 502, 503, 504])
def test_an_outage_that_passes_is_not_noticed(server: Callable, status: int) -> None:
    bank = server(in_turn(Response(status=status), Response(status=status), Response("[1]")))
    slept: list[float] = []
    with HttpSession(bank.url, retry=patient(slept)) as http:
        assert http.request("GET", "/").json() == [1]
        assert [exchange.status for exchange in http.exchanges] == [status, status, 200]
    assert slept == [0.5, 1.0]


def test_the_answer_of_the_last_try_is_handed_over_with_its_body(server: Callable) -> None:
    bank = server(lambda request: Response('{"error": "ASPSP_TIMEOUT"}', status=408))
    with HttpSession(bank.url, retry=patient([], tries=3)) as http:
        answer = http.request("GET", "/")
    assert (answer.status, answer.json()) == (408, {"error": "ASPSP_TIMEOUT"})
    assert len(bank.requests) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501])
def test_a_refusal_is_handed_over_at_once(server: Callable, status: int) -> None:
    bank = server(lambda request: Response("no", status=status))
    with HttpSession(bank.url, retry=patient([])) as http:
        assert http.request("GET", "/").status == status
    assert len(bank.requests) == 1


def test_what_changes_something_is_sent_once_unless_the_caller_says_otherwise(
    server: Callable,
) -> None:
    bank = server(lambda request: Response(status=503))
    with HttpSession(bank.url, retry=patient([])) as http:
        assert http.request("POST", "/", json={}).status == 503
        assert len(bank.requests) == 1
        http.request("POST", "/", json={}, retry=True)
        assert len(bank.requests) == 4
        http.request("GET", "/", retry=False)
        assert len(bank.requests) == 5
        http.request("DELETE", "/")
        assert len(bank.requests) == 8


def test_a_short_wish_to_wait_is_obeyed(server: Callable) -> None:
    limited = Response(status=429, headers={"Retry-After": "7"})
    bank = server(in_turn(limited, Response("{}")))
    slept: list[float] = []
    with HttpSession(bank.url, retry=patient(slept)) as http:
        assert http.request("GET", "/").status == 200
    assert slept == [pytest.approx(7, abs=1)]


def test_too_many_requests_without_a_time_are_not_repeated(server: Callable) -> None:
    bank = server(lambda request: Response(status=429))
    slept: list[float] = []
    with HttpSession(bank.url, retry=patient(slept)) as http:
        answer = http.request("GET", "/")
    assert (answer.status, answer.not_before, slept) == (429, None, [])


@pytest.mark.parametrize("status", [429, 503])
def test_a_long_wish_to_wait_becomes_the_moment_of_the_next_call(
    server: Callable, status: int
) -> None:
    moment = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=6)
    wish = {"Retry-After": format_datetime(moment, usegmt=True)}
    bank = server(lambda request: Response("wait", status=status, headers=wish))
    with HttpSession(bank.url, retry=patient([])) as http:
        answer = http.request("GET", "/")
    assert abs(answer.not_before - moment) < timedelta(seconds=1)
    fault = fault_of(answer.raise_for_outage)
    assert fault.not_before == answer.not_before
    assert len(bank.requests) == 1


def test_no_try_is_begun_for_which_the_budget_is_too_small(server: Callable) -> None:
    bank = server(lambda request: Response(status=503, headers={"Retry-After": "15"}))
    with HttpSession(bank.url, deadline=10, retry=patient([])) as http:
        assert http.request("GET", "/").status == 503
    assert len(bank.requests) == 1


# How much


def test_an_answer_within_the_limit_arrives_whole(server: Callable) -> None:
    body = bytes(range(256)) * 4096
    bank = server(
        in_turn(
            Response(body),
            Response(gzip.compress(body), headers={"Content-Encoding": "gzip"}),
            Response(body[index : index + 1000] for index in range(0, len(body), 1000)),
        )
    )
    with HttpSession(bank.url, max_bytes=len(body)) as http:
        assert [http.request("GET", "/").body == body for _ in range(3)] == [True] * 3
        assert [exchange.body_bytes for exchange in http.exchanges] == [len(body)] * 3
    assert bank.requests[0].headers["Accept-Encoding"] == "gzip"


def zeros(mebibytes: int) -> bytes:
    return gzip.compress(bytes(mebibytes << 20), 9)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda: Response(bytes(2 << 20)), "larger than 1 MiB"),
        (lambda: Response(bytes(1000) for _ in range(5000)), "larger than 1 MiB"),
        (
            lambda: Response(zeros(64), headers={"Content-Encoding": "gzip"}),
            "larger than 1 MiB",
        ),
        (
            lambda: Response(gzip.compress(zeros(64)), headers={"Content-Encoding": "gzip, gzip"}),
            "encoding not asked for",
        ),
        (lambda: Response(b"x", headers={"Content-Encoding": "br"}), "encoding not asked for"),
        (lambda: Response(b"x" * 99, headers={"Content-Encoding": "gzip"}), "damaged"),
        (lambda: Response(zeros(1)[:-40], headers={"Content-Encoding": "gzip"}), "damaged"),
    ],
    ids=["announced", "chunked", "bomb", "bomb in a bomb", "brotli", "no gzip", "cut gzip"],
)
def test_an_answer_that_is_too_much_or_damaged_is_bad_data(
    server: Callable, answer: Callable[[], Response], said: str
) -> None:
    bank = server(lambda request: answer())
    with HttpSession(bank.url, max_bytes=1 << 20, retry=patient([])) as http:
        fault = fault_of(lambda: http.request("GET", "/"))
        assert fault.kind is FaultKind.BAD_DATA
        assert said in fault.detail
        assert fault.detail.startswith("127.0.0.1: ")
        assert http.exchanges[-1].error == fault.detail
    assert len(bank.requests) == 1


def test_a_bomb_is_not_unpacked_beyond_the_limit(server: Callable) -> None:
    bomb = zeros(64)
    bank = server(lambda request: Response(bomb, headers={"Content-Encoding": "gzip"}))
    with HttpSession(bank.url, max_bytes=1 << 20) as http:
        tracemalloc.start()
        try:
            fault_of(lambda: http.request("GET", "/"))
            _now, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert peak < 16 << 20


# What is remembered


def test_each_try_is_kept_for_the_request_log_without_secrets(
    server: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    bank = server(in_turn(Response(status=502), Response("[1, 2]")))
    secret = "4604aa90-f8a8-4180"
    caplog.set_level(logging.DEBUG)
    with HttpSession(bank.url, retry=patient([]), secrets=["s3cr3t-key"]) as http:
        http.hide(secret)
        http.request(
            "GET",
            f"/sessions/{secret}",
            params={"code": "one-time", "key": "s3cr3t-key", "page": "2"},
            headers={"Authorization": "Bearer bearer-0123"},
        )
        first, second = http.exchanges
        assert http.mask(f"x {secret} y") == "x *** y"
    assert first.url == second.url == f"{bank.url}/sessions/***?code=***&key=***&page=2"
    assert (first.method, first.status, first.error) == ("GET", 502, "")
    assert (second.status, second.body_bytes) == (200, 6)
    logged = [record for record in caplog.records if record.name.endswith("sync_hub.transport")]
    assert len(logged) == 2
    assert "200" in logged[1].getMessage()
    # urllib3 writes addresses of its own to the log.
    assert any(record.name.startswith("urllib3") for record in caplog.records)
    for hidden in (secret, "one-time", "s3cr3t-key", "bearer-0123"):
        assert hidden not in caplog.text


def test_what_others_log_through_urllib3_is_left_alone(
    server: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("urllib3.connectionpool").debug('%s "GET %s"', "host", "/x?code=other")
    assert caplog.messages == ['host "GET /x?code=other"']


def test_the_request_log_does_not_grow_without_end(server: Callable) -> None:
    bank = server(lambda request: Response("{}"))
    with HttpSession(bank.url) as http:
        for number in range(210):
            http.request("GET", f"/{number}")
        assert len(http.exchanges) == 200
        assert http.exchanges[-1].url.endswith("/209")
