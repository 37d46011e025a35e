# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Callable, Iterator, Mapping
from typing import ClassVar, Protocol

from odoo.addons.sync_hub.transport import HttpSession

from .values import (
    AttendedUser,
    Authorization,
    AuthorizationRequest,
    Balance,
    BankAccount,
    Consent,
    ConsentStatus,
    Institution,
    Page,
    ProviderCheck,
    TransactionQuery,
    WebhookCall,
    WebhookEvent,
)


class BankProvider(Protocol):
    """Adapter of one outside API: values in, values out, no Odoo and no state beyond the call.

    Every method may raise ``Fault`` and nothing else. ``session`` is the text that ``open_session`` returned in
    :class:`Consent`. An adapter is made for one use and closed with its HTTP session by the caller.

    Some services change the handle at every use and accept the old one no more: such an adapter calls
    ``keep_session`` with the new text before it makes any further call, and the caller stores it for good at once.
    """

    code: ClassVar[str]  # technical name, e.g. "enablebanking"
    title: ClassVar[str]  # the name that users know
    default_url: ClassVar[str]
    # Address of the sandbox; empty where the keys say whether it is one.
    sandbox_url: ClassVar[str]
    # Settings and secrets that must be filled before a call is worth making, in the order of the settings page.
    required_settings: ClassVar[tuple[str, ...]]
    required_secrets: ClassVar[tuple[str, ...]]
    # Those that may stay empty.
    optional_settings: ClassVar[tuple[str, ...]]
    optional_secrets: ClassVar[tuple[str, ...]]
    # Whether ``keep_session`` is ever called: two adapters must not use one session at a time then.
    session_changes: ClassVar[bool]
    # Whether the service sends messages to an address of ours.
    has_webhooks: ClassVar[bool]
    # How often a day a bank lets itself be asked for the same data of an account without its user; 0 where the service
    # asks the banks itself, as often as it may (Delegated Regulation (EU) 2018/389, article 36, paragraph 5: four).
    unattended_calls: ClassVar[int]
    # Whether ``revoke`` ends the access. Where it cannot, the user has to do so at the service.
    revokes: ClassVar[bool]

    def __init__(
        self,
        settings: Mapping[str, str],
        secrets: Mapping[str, str],
        http: HttpSession,
        *,
        keep_session: Callable[[str], None] | None = None,
    ) -> None: ...

    def check(self) -> ProviderCheck:
        """Ask the other side whether the keys are good."""

    def institutions(self, country: str = "") -> Iterator[Institution]:
        """Banks that can be connected, of one country (ISO 3166-1 alpha-2) or of all."""

    def authorize(self, request: AuthorizationRequest) -> Authorization:
        """Ask for a consent; the answer says where to send the browser."""

    def open_session(self, answer: Mapping[str, str]) -> Consent:
        """Turn the query parameters with which the user came back into a consent.

        The caller puts what it kept of the authorization over whatever a browser may have sent under these names:
        ``reference`` (:attr:`Authorization.reference`), and for a renewal ``session``. It compares ``state`` itself.
        """

    def consent_status(self, session: str) -> ConsentStatus:
        """Whether the session still stands."""

    def accounts(self, session: str) -> tuple[BankAccount, ...]:
        """Accounts that the session gives access to now."""

    def balances(
        self, session: str, account_uid: str, attended: AttendedUser | None = None
    ) -> tuple[Balance, ...]:
        """Balances of an account, as many kinds as the bank gives."""

    def transactions(self, session: str, query: TransactionQuery) -> Page:
        """One page of transactions. A page that cannot be read at all raises; a bad row in it is a rejected row.

        An adapter keeps no state between pages, so it cannot see that a bank hands out the same continuation again
        and again: the caller stops when a continuation repeats one of the same fetch, or is followed by too many.
        """

    def revoke(self, session: str) -> None:
        """End the consent. A session that has already ended is no fault."""

    def read_webhook(self, call: WebhookCall) -> tuple[WebhookEvent, ...]:
        """Check that a message comes from the service (signature, age, hash of the body) and say what it is about.

        Raises ``Fault`` of kind ``bad_data`` with the code ``webhook`` for one that does not; none of it may be used.
        """
