# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The first steps to any mail server: its name, a connection, and whether it is who it claims to be."""

import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol

from odoo.addons.sync_hub.faults import FaultKind

from .clock import Clock, Lost, NotAMailServer
from .network import Address, connect, resolve
from .steps import Finding, Step, StepName, StepState
from .tls import flaw_of, told_by, trusting, valid_until

# Of a certificate; providers renew theirs a month before the end.
_SOON = timedelta(days=14)
_OF_THE_CERTIFICATE = frozenset(
    {Finding.EXPIRED, Finding.NOT_YET_VALID, Finding.SELF_SIGNED, Finding.WRONG_HOST, Finding.UNTRUSTED_ISSUER}
)


class Stopped(Exception):
    """A step failed: it is the last one in :attr:`Opening.steps`."""


class _Timeouts(Protocol):
    @property
    def connect(self) -> float: ...


class Account(Protocol):
    """What an account of any protocol has. ``ca_file``: see :func:`.tls.trusting`."""

    @property
    def host(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def ca_file(self) -> str: ...
    @property
    def timeouts(self) -> _Timeouts: ...


@dataclass(slots=True)
class Opening:
    """Opens a connection and keeps what each step has shown.

    :param clock: when all must have ended
    :param explain: of a certificate that is refused, fetch names and dates by a second connection, over which no login
        and no message goes
    """

    account: Account
    clock: Clock
    explain: bool = False
    steps: list[Step] = field(default_factory=list)

    def done(
        self,
        name: StepName,
        finding: Finding | None = None,
        *,
        state: StepState = StepState.OK,
        said: str = "",
        **values: str,
    ) -> None:
        self.steps.append(Step(name, state, finding, None, self._values(values), said))

    def stop(self, name: StepName, finding: Finding, fault: FaultKind, said: str = "", **values: str) -> Stopped:
        """The step has failed: what the caller raises."""
        # After STARTTLS the server is greeted once more: only the last word counts.
        self.steps[:] = [step for step in self.steps if step.name is not name]
        self.steps.append(Step(name, StepState.FAILED, finding, fault, self._values(values), said))
        return Stopped()

    def stop_lost(self, name: StepName, error: Lost) -> Stopped:
        """The connection ended in this step, or the time is up."""
        if isinstance(error, NotAMailServer):
            return self.stop(name, Finding.NOT_A_MAIL_SERVER, FaultKind.BAD_DATA, error.text)
        finding = Finding.TIMED_OUT if error.timed_out else Finding.CONNECTION_LOST
        return self.stop(name, finding, FaultKind.NETWORK_UNREACHABLE)

    def resolve(self) -> tuple[Address, ...]:
        """Raises Stopped."""
        account = self.account
        try:
            addresses = resolve(account.host, account.port, self.clock.left(account.timeouts.connect))
        except Lost as error:
            raise self.stop_lost(StepName.RESOLVE, error) from error
        except OSError as error:
            raise self.stop(StepName.RESOLVE, Finding.NAME_NOT_FOUND, FaultKind.NETWORK_UNREACHABLE) from error
        self.done(StepName.RESOLVE, addresses=", ".join(dict.fromkeys(str(address[4][0]) for address in addresses)))
        return addresses

    def connect(self, addresses: tuple[Address, ...]) -> socket.socket:
        """Raises Stopped."""
        try:
            sock = connect(addresses, self.clock, self.account.timeouts.connect)
        except Lost as error:
            raise self.stop_lost(StepName.CONNECT, error) from error
        except OSError as error:
            refused = isinstance(error, ConnectionRefusedError)
            finding = Finding.CONNECTION_REFUSED if refused else Finding.UNREACHABLE
            raise self.stop(StepName.CONNECT, finding, FaultKind.NETWORK_UNREACHABLE) from error
        self.done(StepName.CONNECT, address=str(sock.getpeername()[0]))
        return sock

    def secure(
        self, addresses: tuple[Address, ...], handshake: Callable[[ssl.SSLContext], ssl.SSLSocket]
    ) -> ssl.SSLSocket:
        """:raises Stopped:
        :raises OSError: when the account's ``ca_file`` cannot be read
        """
        context = trusting(self.account.ca_file)
        try:
            connection = handshake(context)
        except Lost as error:
            raise self.stop_lost(StepName.TLS, error) from error
        except OSError as error:
            finding = flaw_of(error)
            more = self._shown(addresses) if self.explain and finding in _OF_THE_CERTIFICATE else {}
            lost = finding is Finding.CONNECTION_LOST
            kind = FaultKind.NETWORK_UNREACHABLE if lost else FaultKind.NETWORK_UNTRUSTED
            raise self.stop(StepName.TLS, finding, kind, **more) from error
        values = {"protocol": connection.version() or ""}
        until = valid_until(connection)
        if until:
            values["until"] = until.isoformat()
        if until and until - datetime.now(UTC).date() < _SOON:
            self.done(StepName.TLS, Finding.EXPIRES_SOON, state=StepState.WARNING, **values)
        else:
            self.done(StepName.TLS, **values)
        return connection

    def look(self, sock: socket.socket) -> bytes:
        """The certificate (DER) that the server shows over a new connection, whoever signed it. Raises OSError, Lost.

        What a protocol says before it encrypts is its own: each overrides this.
        """
        raise NotImplementedError

    def _values(self, values: Mapping[str, str]) -> dict[str, str]:
        return {"host": self.account.host, "port": str(self.account.port), **values}

    def _shown(self, addresses: tuple[Address, ...]) -> Mapping[str, str]:
        """What a certificate that was refused says of itself; nothing when the server does not show it again."""
        try:
            with connect(addresses, self.clock, self.account.timeouts.connect) as sock:
                return told_by(self.look(sock))
        except (OSError, Lost):
            return {}
