# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The way from an account to a connection over which messages can be sent, step by step."""

import socket
from dataclasses import dataclass

from odoo.addons.sync_hub.faults import FaultKind

from ..reaching import Address, Finding, Lost, Opening, StepName, StepState, Stopped, looking
from .account import Encryption, SmtpAccount
from .replies import Reply, Stage, fault_kind_of, meaning_of
from .wire import Wire

# A server that says "not now" to the account's own address will say something else later.
_MAY_PASS = frozenset(
    {
        FaultKind.REQUEST_REFUSED,
        FaultKind.SENDER_REFUSED,
        FaultKind.RECIPIENT_REFUSED,
        FaultKind.MAILBOX_FULL,
        FaultKind.CONTENT_REFUSED,
    }
)


@dataclass(slots=True)
class SmtpOpening(Opening):
    """Opens a connection for sending and keeps what each step has shown."""

    account: SmtpAccount
    wire: Wire | None = None

    def run(self) -> Wire:
        """Name, connection, encryption, greeting and login.

        :raises Stopped: at the first step that fails
        :raises OSError: when the account's ``ca_file`` cannot be read
        """
        try:
            addresses = self.resolve()
            self.wire = Wire(self.account, self.connect(addresses), self.clock)
            if self.account.encryption is Encryption.SSL:
                self.secure(addresses, self.wire.secure)
            self._greet()
            if self.account.encryption is Encryption.STARTTLS:
                self._start_tls(addresses)
            if self.account.encryption is Encryption.NONE:
                self.done(StepName.TLS, Finding.NOT_ENCRYPTED, state=StepState.WARNING)
            self._log_in()
        except BaseException:
            if self.wire:
                self.wire.part(politely=False)
            raise
        return self.wire

    def stop_refused(self, name: StepName, reply: Reply, stage: Stage, **values: str) -> Stopped:
        """The server said no."""
        meaning = meaning_of(reply, stage)
        kind = fault_kind_of(meaning)
        if reply.temporary:
            values["temporary"] = "1"
            kind = FaultKind.PROVIDER_DOWN if kind in _MAY_PASS else kind
        return self.stop(name, Finding.SAID_NO, kind, str(reply), meaning=meaning.value, **values)

    def look(self, sock: socket.socket) -> bytes:
        """Override of Opening."""
        wire = Wire(self.account, sock, self.clock)
        try:
            if self.account.encryption is Encryption.STARTTLS:
                wire.hear()
                wire.greet()
                wire.ask("STARTTLS")
            return wire.secure(looking()).getpeercert(binary_form=True) or b""
        finally:
            wire.part(politely=False)

    def _greet(self) -> None:
        try:
            self.wire.grant(self.account.timeouts.reply)
            reply = self.wire.hear()
            reply = self.wire.greet() if reply.positive else reply
        except Lost as error:
            raise self.stop_lost(StepName.GREETING, error) from error
        if not reply.positive:
            raise self.stop_refused(StepName.GREETING, reply, Stage.GREETING)
        self.done(StepName.GREETING, said=reply.text)

    def _start_tls(self, addresses: tuple[Address, ...]) -> None:
        if not self.wire.has_extn("starttls"):
            raise self.stop(StepName.TLS, Finding.TLS_NOT_OFFERED, FaultKind.NETWORK_UNTRUSTED)
        try:
            reply = self.wire.ask("STARTTLS")
        except Lost as error:
            raise self.stop_lost(StepName.TLS, error) from error
        if reply.code != 220:
            raise self.stop(StepName.TLS, Finding.TLS_NOT_OFFERED, FaultKind.NETWORK_UNTRUSTED, str(reply))
        self.secure(addresses, self.wire.secure)
        try:
            reply = self.wire.greet()
        except Lost as error:
            raise self.stop_lost(StepName.GREETING, error) from error
        if not reply.positive:
            raise self.stop_refused(StepName.GREETING, reply, Stage.GREETING)

    def _log_in(self) -> None:
        account, wire = self.account, self.wire
        if not account.user:
            self.done(StepName.LOGIN, Finding.LOGIN_NOT_NEEDED)
            return
        mechanisms = " ".join(wire.mechanisms)
        if not account.password:
            raise self.stop(StepName.LOGIN, Finding.PASSWORD_MISSING, FaultKind.CREDENTIALS_MISSING)
        if not mechanisms:
            without = not wire.encrypted and wire.has_extn("starttls")
            finding = Finding.LOGIN_NOT_OFFERED_WITHOUT_TLS if without else Finding.LOGIN_NOT_OFFERED
            raise self.stop(StepName.LOGIN, finding, FaultKind.REQUEST_REFUSED)
        if not wire.mechanism:
            raise self.stop(StepName.LOGIN, Finding.MECHANISM_UNKNOWN, FaultKind.REQUEST_REFUSED, mechanisms=mechanisms)
        try:
            reply = wire.log_in()
        except Lost as error:
            raise self.stop_lost(StepName.LOGIN, error) from error
        if not reply.positive:
            raise self.stop_refused(StepName.LOGIN, reply, Stage.AUTH, mechanisms=mechanisms)
        self.done(StepName.LOGIN, mechanisms=mechanisms, mechanism=wire.mechanism, said=str(reply))
