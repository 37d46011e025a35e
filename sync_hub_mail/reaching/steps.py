# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The steps from a server's name to its consent, and what each has shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from odoo.addons.sync_hub.faults import Fault, FaultKind


class StepName(StrEnum):
    """Those of sending and of receiving; which of them are taken, and in which order, stands with each check."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    TLS = "tls"
    GREETING = "greeting"
    LOGIN = "login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    SIZE = "size"
    FOLDER = "folder"


class StepState(StrEnum):
    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    NOT_REACHED = "not_reached"


class Finding(StrEnum):
    """What a step has shown: of one that did not end well, or of one that has something to say besides."""

    TIMED_OUT = "timed_out"
    CONNECTION_LOST = "connection_lost"
    # Name and connection.
    NAME_NOT_FOUND = "name_not_found"
    CONNECTION_REFUSED = "connection_refused"
    UNREACHABLE = "unreachable"
    # Greeting.
    NOT_A_MAIL_SERVER = "not_a_mail_server"
    # TLS.
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    SELF_SIGNED = "self_signed"
    WRONG_HOST = "wrong_host"
    UNTRUSTED_ISSUER = "untrusted_issuer"
    OLD_PROTOCOL = "old_protocol"
    NOT_TLS = "not_tls"
    TLS_NOT_OFFERED = "tls_not_offered"
    HANDSHAKE_FAILED = "handshake_failed"
    NOT_ENCRYPTED = "not_encrypted"
    EXPIRES_SOON = "expires_soon"
    # Login.
    PASSWORD_MISSING = "password_missing"
    LOGIN_NOT_NEEDED = "login_not_needed"
    LOGIN_NOT_OFFERED = "login_not_offered"
    LOGIN_NOT_OFFERED_WITHOUT_TLS = "login_not_offered_without_tls"
    MECHANISM_UNKNOWN = "mechanism_unknown"
    # The server's own no: ``values["meaning"]`` is a ``Meaning``.
    SAID_NO = "said_no"
    # Folder.
    FOLDER_MISSING = "folder_missing"
    FOLDER_READ_ONLY = "folder_read_only"
    # RFC 9051, 2.3.1.1: a server without it cannot be asked for what is new.
    NO_UID_VALIDITY = "no_uid_validity"
    # Size.
    NO_LIMIT_ANNOUNCED = "no_limit_announced"


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    ``fault``: what the engine makes of a step that failed.
    ``values``: what a sentence about it needs. ``host`` and ``port`` always; ``addresses`` (RESOLVE), ``address``,
    ``protocol``, ``since`` and ``until`` (ISO dates), ``names`` and ``issuer`` (TLS), ``mechanisms`` and ``mechanism``
    (LOGIN), ``meaning`` and ``temporary`` ("1") of a no, ``bytes`` (SIZE), ``folder``, ``folders``
    (of a server that has no such one, separated by commas) and ``messages`` (FOLDER).
    ``said``: the server's own words, without the password.
    """

    name: StepName
    state: StepState
    finding: Finding | None = None
    fault: FaultKind | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    said: str = ""

    def as_fault(self) -> Fault:
        """The fault that a failed step is. ``provider_code`` is the meaning of the server's reply, or the finding.

        :raises ValueError: when the step did not fail
        """
        if self.state is not StepState.FAILED:
            raise ValueError("The step did not fail.")
        return Fault(
            self.fault or FaultKind.UNEXPECTED,
            provider_code=self.values.get("meaning") or self.finding or "",
            detail=self.said,
            values={"step": self.name.value, **self.values},
        )
