# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the adapter sends, and what the sandbox answers, is what Plaid's OpenAPI file describes.

The file is not part of the project: the tests are skipped where it is not at hand.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from emulators.drivers.plaid import cancel, visit
from emulators.plaid import Emulator
from jsonschema import Draft202012Validator
from odoo.addons.sync_hub.faults import Fault
from odoo.addons.sync_hub_bank.providers.plaid import Plaid, const
from odoo.addons.sync_hub_bank.providers.values import TransactionQuery
from plaid_link import asked, connect, provider_of
from recorder import Recorder
from werkzeug.wrappers import Request, Response

SPECIFICATION = Path(__file__).resolve().parents[3] / "shared" / "specs" / "plaid-2020-09-14.yml"

pytest_plugins = ["plaid_fixtures"]
pytestmark = pytest.mark.skipif(not SPECIFICATION.exists(), reason="the OpenAPI file of Plaid is not at hand")


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    return yaml.load(SPECIFICATION.read_bytes(), getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@pytest.fixture(scope="module")
def schemas(specification: dict[str, Any]) -> dict[str, Any]:
    """The schemas with OpenAPI's ``nullable`` written as JSON Schema has it."""
    return _nullable(specification["components"])


def _nullable(value: Any) -> Any:
    if isinstance(value, list):
        return [_nullable(item) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {name: _nullable(item) for name, item in value.items()}
    if changed.get("nullable") is True:
        return {"anyOf": [{name: item for name, item in changed.items() if name != "nullable"}, {"type": "null"}]}
    return changed


def _is_api(request: Request) -> bool:
    return request.path.count("/") > 1 and not request.path.startswith(("/hosted/", "/logos/"))


@pytest.fixture
def calls(plaid: Emulator, serve: Callable[..., str]) -> list[tuple[Request, Response]]:
    """Every call of the adapter's whole life, good and refused ones."""
    recorder = Recorder(plaid.web, _is_api)
    provider = provider_of(plaid, serve(recorder), account_numbers="1", redirect_uri="https://books.example/oauth")
    provider.check()
    consent = connect(provider, language="it", webhook_url="https://books.example/hook")
    _refused(lambda: provider.open_session(cancel(provider.authorize(asked(provider)))))
    provider.open_session(
        {**visit(provider.authorize(asked(provider, session=consent.session))), "session": consent.session}
    )
    plaid.add_pending()
    _read(provider, consent.session, consent.accounts[0].uid, plaid)
    plaid.expire_consents()
    provider.consent_status(consent.session)
    _refused(lambda: provider.accounts(consent.session))
    provider.revoke(consent.session)
    provider.revoke(consent.session)
    return recorder.calls


def _read(provider: Plaid, session: str, uid: str, plaid: Emulator) -> None:
    provider.balances(session, uid)
    page = provider.transactions(session, TransactionQuery(uid))
    plaid.book_pending()
    provider.transactions(session, TransactionQuery(uid, cursor=page.cursor))
    plaid.fail("rate_limit")
    _refused(lambda: provider.accounts(session))


def _refused(call: Callable[[], object]) -> None:
    with pytest.raises(Fault):
        call()


def _problems(schemas: dict[str, Any], schema: Any, value: Any) -> list[str]:
    validator = Draft202012Validator({"allOf": [schema], "components": schemas})
    return [f"{list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(value)]


def test_every_call_is_described_and_says_what_it_may(
    calls: list[tuple[Request, Response]], specification: dict[str, Any], schemas: dict[str, Any]
) -> None:
    paths = {value for name, value in vars(const).items() if name.startswith("PATH_")}
    assert {request.path for request, _response in calls} == paths - {const.PATH_WEBHOOK_KEY}
    for request, _response in calls:
        described = specification["paths"][request.path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        body = json.loads(request.get_data())
        assert _problems(schemas, described, body) == [], request.path
        name = described["$ref"].rpartition("/")[2]
        assert set(body) <= set(specification["components"]["schemas"][name]["properties"]), request.path


def test_every_answer_of_the_sandbox_is_one_that_is_described(
    calls: list[tuple[Request, Response]], specification: dict[str, Any], schemas: dict[str, Any]
) -> None:
    statuses = set()
    for request, response in calls:
        statuses.add(response.status_code)
        if response.status_code == 200:
            answers = specification["paths"][request.path]["post"]["responses"]
            schema = answers["200"]["content"]["application/json"]["schema"]
        else:
            schema = {"$ref": "#/components/schemas/PlaidError"}
        assert _problems(schemas, schema, json.loads(response.get_data())) == [], request.path
    assert statuses == {200, 400, 429}


def test_keys_of_messages_are_shown_as_described(plaid: Emulator, schemas: dict[str, Any]) -> None:
    key = plaid.rotate_webhook_key()
    assert _problems(schemas, {"$ref": "#/components/schemas/JWKPublicKey"}, key.jwk()) == []


def test_every_known_kind_of_error_is_described(specification: dict[str, Any]) -> None:
    described = set(specification["components"]["schemas"]["PlaidErrorType"]["enum"])
    assert set(const.ERROR_TYPES) <= described
