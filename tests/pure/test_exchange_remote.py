# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Another database is asked over JSON-2, and what it refuses is told as it is."""

import doctest
import gzip
import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from json2_server import Database, Json2Server, Key, OdooError, access_error, user_error, validation_error
from odoo.addons.sync_hub.faults import Fault, FaultKind
from odoo.addons.sync_hub.transport import HttpSession, RetryPolicy
from odoo.addons.sync_hub_exchange.remote import Refusal, RemoteDatabase, ServerVersion, refusal_of
from werkzeug.wrappers import Response

KEY = "6c1f0a6d2b7e4c1bb0a1d7f4e7f0c9aa11223344"
QUICK = RetryPolicy(tries=3, sleep=lambda seconds: None)


def _raise(error: Exception) -> None:
    raise error


@pytest.fixture
def server() -> Json2Server:
    methods = {
        "search": lambda ids, context, domain, limit=None: [7, 8],
        "read": lambda ids, context, fields: [{"id": number, "name": "Città"} for number in ids],
        "count": lambda ids, context: None,
    }
    keys = {KEY: Key(), "expired-key": Key(until=datetime.now() - timedelta(days=1)), "public-key": Key("public")}
    return Json2Server(
        branch=Database(keys, {"res.partner": methods}, of_model={"search"}),
        centre=Database({"other-key": Key()}, {"res.partner": methods}),
    )


@pytest.fixture
def http(server: Json2Server, serve: Callable[..., str]) -> Iterator[HttpSession]:
    with HttpSession(serve(server), retry=QUICK, max_bytes=1024 * 1024) as session:
        yield session


@pytest.fixture
def branch(http: HttpSession) -> RemoteDatabase:
    return RemoteDatabase(http, "branch", KEY)


def answers(server: Json2Server, answer: Callable[[], object]) -> None:
    """Let ``res.partner.count`` do this."""
    server.databases["branch"].methods["res.partner"]["count"] = lambda ids, context: answer()


def fault_of(call: Callable, *given: object, **arguments: object) -> Fault:
    with pytest.raises(Fault) as caught:
        call(*given, **arguments)
    return caught.value


# What is asked


def test_a_method_of_the_model_gets_its_arguments_by_name(branch: RemoteDatabase, server: Json2Server) -> None:
    assert branch.call("res.partner", "search", domain=[["name", "=", "è"]], limit=2) == [7, 8]
    asked = server.requests[0]
    assert (asked.method, asked.path) == ("POST", "/json/2/res.partner/search")
    assert asked.get_json() == {"domain": [["name", "=", "è"]], "limit": 2}
    assert asked.headers["Authorization"] == f"bearer {KEY}"
    assert asked.headers["X-Odoo-Database"] == "branch"


def test_a_method_of_records_gets_their_ids_and_the_context(branch: RemoteDatabase, server: Json2Server) -> None:
    context = {"lang": "it_IT", "allowed_company_ids": [2]}
    read = branch.call("res.partner", "read", ids=(5, 6), context=context, fields=["name"])
    assert read == [{"id": 5, "name": "Città"}, {"id": 6, "name": "Città"}]
    assert server.calls == [("res.partner", "read", {"ids": [5, 6], "context": context, "fields": ["name"]})]


def test_arguments_may_be_called_as_our_own_are(branch: RemoteDatabase, server: Json2Server) -> None:
    server.databases["branch"].methods["res.partner"]["look"] = lambda ids, context, model, method: [model, method]
    assert branch.call("res.partner", "look", model="a", method="b") == ["a", "b"]


def test_the_only_database_of_a_server_needs_no_name(http: HttpSession, server: Json2Server) -> None:
    del server.databases["centre"]
    assert RemoteDatabase(http, "", KEY).call("res.partner", "search", domain=[]) == [7, 8]
    assert "X-Odoo-Database" not in server.requests[0].headers


@pytest.mark.parametrize(
    ("model", "method"),
    [("res.partner", "../x"), ("res.partner", "_write"), ("res/partner", "read"), ("..", "read"), ("", "read")],
)
def test_what_cannot_be_a_public_method_is_not_asked_for(
    branch: RemoteDatabase, server: Json2Server, model: str, method: str
) -> None:
    with pytest.raises(ValueError, match="Not a public method"):
        branch.call(model, method)
    assert server.requests == []


def test_numbers_arrive_as_the_floats_that_the_other_side_has(branch: RemoteDatabase, server: Json2Server) -> None:
    sent = [0.1 + 0.2, 1.10, -0.0, 12, None, True, {"amount": 1e-7}]
    answers(server, lambda: sent)
    arrived = branch.call("res.partner", "count")
    assert json.dumps(arrived) == json.dumps(sent)


def test_compressed_answers_are_understood(branch: RemoteDatabase, server: Json2Server) -> None:
    server.in_front.append(Response(gzip.compress(b'{"a": 1}'), headers={"Content-Encoding": "gzip"}))
    assert branch.call("res.partner", "count") == {"a": 1}
    assert server.requests[0].headers["Accept-Encoding"] == "gzip"


# What is sent again


def down() -> Response:
    return Response("<html>Bad gateway</html>", 502)


def test_a_call_is_sent_once_because_nobody_knows_whether_it_was_done(
    branch: RemoteDatabase, server: Json2Server
) -> None:
    server.in_front += [down(), down()]
    assert fault_of(branch.call, "res.partner", "search", domain=[]).kind is FaultKind.PROVIDER_DOWN
    assert len(server.requests) == 1


def test_what_may_run_twice_is_sent_again_until_it_is_answered(branch: RemoteDatabase, server: Json2Server) -> None:
    server.in_front += [down(), down()]
    assert branch.ask("res.partner", "search", domain=[]) == [7, 8]
    assert len(server.requests) == 3


# Keys


@pytest.mark.parametrize("key", ["misspelt", "expired-key", "public-key", "other-key"])
def test_a_key_that_is_not_valid_for_this_database_is_rejected(http: HttpSession, key: str) -> None:
    fault = fault_of(RemoteDatabase(http, "branch", key).call, "res.partner", "count")
    assert fault.kind is FaultKind.CREDENTIALS_REJECTED
    assert fault.provider_code in ("Unauthorized", "SessionExpiredException")
    assert fault.detail in ("Invalid apikey", "Session expired")


def test_a_user_who_may_not_sign_in_is_a_rejected_key(branch: RemoteDatabase, server: Json2Server) -> None:
    answers(server, lambda: _raise(OdooError("odoo.exceptions.AccessDenied", 403, "Access Denied")))
    assert fault_of(branch.call, "res.partner", "count").kind is FaultKind.CREDENTIALS_REJECTED


def test_a_password_of_the_web_server_in_front_counts_as_a_rejected_key(
    branch: RemoteDatabase, server: Json2Server
) -> None:
    server.in_front.append(Response("<h1>Authorization Required</h1>", 401))
    fault = fault_of(branch.call, "res.partner", "count")
    assert (fault.kind, fault.provider_code) == (FaultKind.CREDENTIALS_REJECTED, "401")


def test_without_a_key_nothing_is_sent(http: HttpSession, server: Json2Server) -> None:
    assert fault_of(RemoteDatabase, http, "branch", "  ").kind is FaultKind.CREDENTIALS_MISSING
    for key in ("two words", "chiavé", "line\nline"):
        assert fault_of(RemoteDatabase, http, "branch", key).kind is FaultKind.CREDENTIALS_REJECTED
    assert server.requests == []


def test_the_key_is_never_shown(branch: RemoteDatabase, server: Json2Server, http: HttpSession) -> None:
    answers(server, lambda: _raise(user_error(f"Who wrote {KEY} here?")))
    fault = fault_of(branch.call, "res.partner", "count")
    assert fault.detail == "Who wrote *** here?"
    server.in_front.append(Response(f"<html>{KEY}", 502))
    assert KEY not in str(fault_of(branch.call, "res.partner", "count"))
    assert KEY not in repr(list(http.exchanges))


# What is not there


@pytest.mark.parametrize("name", ["brnch", "filiale è", "a\r\nb"])
def test_a_database_that_is_not_there_is_named(http: HttpSession, name: str) -> None:
    fault = fault_of(lambda: RemoteDatabase(http, name, KEY).call("res.partner", "count"))
    assert refusal_of(fault) is Refusal.NO_DATABASE
    assert fault.values["database"] == name
    assert name in fault.detail


def test_of_several_databases_one_must_be_named(http: HttpSession) -> None:
    fault = fault_of(RemoteDatabase(http, "", KEY).call, "res.partner", "count")
    assert refusal_of(fault) is Refusal.NO_DATABASE


def test_a_model_that_is_not_there_is_an_addon_that_is_not_installed(branch: RemoteDatabase) -> None:
    fault = fault_of(branch.call, "sync.exchange.door", "changes")
    assert refusal_of(fault) is Refusal.NO_MODEL
    assert fault.detail == "the model 'sync.exchange.door' does not exist"
    assert fault.values == {
        "reason": "no_model",
        "database": "branch",
        "model": "sync.exchange.door",
        "method": "changes",
    }


def test_a_method_that_is_not_there_is_an_older_addon(branch: RemoteDatabase) -> None:
    fault = fault_of(branch.call, "res.partner", "changes")
    assert (refusal_of(fault), fault.provider_code) == (Refusal.NO_METHOD, "NotFound")


@pytest.mark.parametrize("arguments", [{"fields": [], "ids": [1]}, {"domain": [], "order": "id"}, {}])
def test_arguments_that_are_not_taken_are_an_addon_of_another_version(
    branch: RemoteDatabase, arguments: dict
) -> None:
    assert refusal_of(fault_of(branch.call, "res.partner", "search", **arguments)) is Refusal.ARGUMENTS


@pytest.mark.parametrize("status", [404, 405])
def test_a_server_without_json2_says_so(branch: RemoteDatabase, server: Json2Server, status: int) -> None:
    server.in_front.append(Response("<html><h1>Not Found</h1>", status))
    assert refusal_of(fault_of(branch.call, "res.partner", "count")) is Refusal.NO_JSON2


# What is refused


@pytest.mark.parametrize(
    ("error", "reason", "code"),
    [
        (access_error("You may not read invoices."), Refusal.ACCESS, "AccessError"),
        (user_error("The period is closed."), Refusal.RULE, "UserError"),
        (validation_error("The operation cannot be completed: twice."), Refusal.RULE, "ValidationError"),
        (OdooError("odoo.exceptions.MissingError", 404, "Record does not exist."), Refusal.RECORD_GONE, "MissingError"),
        (OdooError("odoo.addons.account.exc.LockedError", 422, "Locked."), Refusal.RULE, "LockedError"),
    ],
    ids=lambda value: str(value) if isinstance(value, Refusal) else "",
)
def test_a_refusal_comes_with_the_sentence_of_the_other_side(
    branch: RemoteDatabase, server: Json2Server, error: OdooError, reason: Refusal, code: str
) -> None:
    answers(server, lambda: _raise(error))
    fault = fault_of(branch.call, "res.partner", "count")
    assert (fault.kind, refusal_of(fault), fault.provider_code) == (FaultKind.REQUEST_REFUSED, reason, code)
    assert fault.detail == error.args[0]


def test_of_a_warning_with_a_button_only_the_sentence_is_told(branch: RemoteDatabase, server: Json2Server) -> None:
    error = OdooError("odoo.exceptions.RedirectWarning", 500, "No journal yet.", 42, "Go to journals", None)
    answers(server, lambda: _raise(error))
    fault = fault_of(branch.call, "res.partner", "count")
    assert (refusal_of(fault), fault.detail) == (Refusal.RULE, "No journal yet.")


def test_a_long_sentence_is_shortened(branch: RemoteDatabase, server: Json2Server) -> None:
    answers(server, lambda: _raise(user_error("No. " * 5000)))
    assert 900 < len(fault_of(branch.call, "res.partner", "count").detail) < 1100


@pytest.mark.parametrize("by_odoo", [True, False])
def test_a_request_that_is_too_large_can_be_told_from_other_refusals(
    branch: RemoteDatabase, server: Json2Server, by_odoo: bool
) -> None:
    if by_odoo:
        answers(server, lambda: _raise(OdooError("werkzeug.exceptions.RequestEntityTooLarge", 413, "Too large")))
    else:
        server.in_front.append(Response("<h1>413 Request Entity Too Large</h1>", 413))
    assert refusal_of(fault_of(branch.call, "res.partner", "count")) is Refusal.TOO_LARGE


def test_a_firewall_in_front_is_no_rejected_key(branch: RemoteDatabase, server: Json2Server) -> None:
    server.in_front.append(Response("<h1>Blocked</h1>", 403))
    assert refusal_of(fault_of(branch.call, "res.partner", "count")) is Refusal.FORBIDDEN


# What passes


@pytest.mark.parametrize(
    "error",
    [
        KeyError("res.partner,7"),
        OdooError("psycopg2.errors.SerializationFailure", 500, "could not serialize access"),
        OdooError("odoo.exceptions.LockError", 409, "Cannot lock the record."),
    ],
    ids=["defect", "serialization", "lock"],
)
def test_a_failure_over_there_is_an_outage_without_its_traceback(
    branch: RemoteDatabase, server: Json2Server, error: Exception
) -> None:
    answers(server, lambda: _raise(error))
    fault = fault_of(branch.call, "res.partner", "count")
    assert fault.kind is FaultKind.PROVIDER_DOWN
    assert fault.rule.temporary
    assert "Traceback" not in fault.detail
    assert fault.provider_code in ("KeyError", "SerializationFailure", "LockError")


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_server_in_front_without_odoo_behind_it_is_an_outage(
    branch: RemoteDatabase, server: Json2Server, status: int
) -> None:
    server.in_front.append(Response("<html>Sorry</html>", status))
    fault = fault_of(branch.call, "res.partner", "count")
    assert (fault.kind, fault.provider_code) == (FaultKind.PROVIDER_DOWN, str(status))


def test_too_many_calls_say_when_the_next_one_is_welcome(branch: RemoteDatabase, server: Json2Server) -> None:
    server.in_front.append(Response("slow down", 429, headers={"Retry-After": "120"}))
    fault = fault_of(branch.call, "res.partner", "count")
    assert fault.kind is FaultKind.RATE_LIMITED
    assert timedelta(seconds=100) < fault.not_before - datetime.now(UTC) < timedelta(seconds=130)


# What is no answer


@pytest.mark.parametrize(
    "answer",
    [
        lambda: Response("<!DOCTYPE html><title>Home</title>"),
        lambda: Response('{"result": [1, 2'),
        lambda: Response(""),
        lambda: Response("", 303, headers={"Location": "/web/login"}),
        lambda: Response(b"[" + b"1," * 600_000 + b"1]"),
        lambda: Response(b"no gzip", headers={"Content-Encoding": "gzip"}),
    ],
    ids=["page", "half", "nothing", "sign-in page", "too large", "damaged"],
)
def test_an_answer_that_is_none_of_odoos_is_bad_data(
    branch: RemoteDatabase, server: Json2Server, answer: Callable[[], Response]
) -> None:
    server.in_front.append(answer())
    assert fault_of(branch.call, "res.partner", "count").kind is FaultKind.BAD_DATA


def test_an_answer_that_is_cut_off_is_a_failure_of_the_network() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve_half() -> None:
            connection, _peer = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half')

        thread = threading.Thread(target=serve_half, daemon=True)
        thread.start()
        with HttpSession(f"http://127.0.0.1:{listener.getsockname()[1]}", retry=QUICK) as http:
            fault = fault_of(RemoteDatabase(http, "branch", KEY).call, "res.partner", "count")
        thread.join(5)
    assert fault.kind is FaultKind.NETWORK_UNREACHABLE
    assert fault.rule.temporary


def test_a_redirect_to_another_server_does_not_get_the_key(branch: RemoteDatabase, server: Json2Server) -> None:
    server.in_front.append(Response("", 308, headers={"Location": "https://elsewhere.example/json/2/x/y"}))
    assert fault_of(branch.call, "res.partner", "count").kind is FaultKind.NETWORK_UNTRUSTED
    assert len(server.requests) == 1


def test_an_address_without_encryption_is_for_this_machine_only() -> None:
    assert fault_of(HttpSession, "http://branch.example").kind is FaultKind.NETWORK_UNTRUSTED


# Which Odoo it is


def test_the_version_is_told_without_key_and_database(branch: RemoteDatabase, server: Json2Server) -> None:
    version = branch.version()
    assert (version, version.text, version.speaks_json2) == (ServerVersion(19, 0), "19.0", True)
    assert not {"Authorization", "X-Odoo-Database"} & set(dict(server.requests[0].headers))


def test_an_older_odoo_tells_its_version_too(branch: RemoteDatabase, server: Json2Server) -> None:
    told = {"jsonrpc": "2.0", "id": None, "result": {"server_version": "17.0+e", "protocol_version": 1}}
    server.in_front += [Response("<h1>Not Found</h1>", 404), Response(json.dumps(told))]
    version = branch.version()
    assert (version.series, version.text, version.speaks_json2) == ("17.0", "17.0+e", False)
    assert [request.path for request in server.requests] == ["/web/version", "/web/webclient/version_info"]


@pytest.mark.parametrize("text", ["<h1>It works!</h1>", '{"version": "2.4"', '{"version": 19}', '{"a": 1}', "[]"])
def test_an_address_without_odoo_says_so(branch: RemoteDatabase, server: Json2Server, text: str) -> None:
    server.in_front += [Response(text), Response(text)]
    assert refusal_of(fault_of(branch.version)) is Refusal.NO_ODOO


def test_a_server_that_is_down_is_not_taken_for_another_kind_of_server(
    branch: RemoteDatabase, server: Json2Server
) -> None:
    server.in_front += [down()] * 3
    assert fault_of(branch.version).kind is FaultKind.PROVIDER_DOWN


@pytest.mark.parametrize("name", ["database", "refusals", "version"])
def test_the_examples_are_true(name: str) -> None:
    assert doctest.testmod(import_module(f"odoo.addons.sync_hub_exchange.remote.{name}")).failed == 0
