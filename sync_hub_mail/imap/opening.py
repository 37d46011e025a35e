# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The way from an account to its folder, step by step."""

import imaplib
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass

from odoo.addons.sync_hub.faults import FaultKind

from ..reaching import Finding, Lost, NotAMailServer, Opening, StepName, Stopped, looking
from ..smtp import Meaning, fault_kind_of
from .account import Encryption, ImapAccount
from .answers import meaning_of, words_of
from .wire import Client, Wire, handshake

_BYE = re.compile(r"\A\* BYE\b ?(.*)", re.IGNORECASE | re.DOTALL)
_MOST_FOLDERS = 50


@dataclass(slots=True)
class ImapOpening(Opening):
    """Opens a connection for receiving and keeps what each step has shown.

    ``folder``: what the server said of the folder, by the names of RFC 9051, 7.4.
    """

    account: ImapAccount
    wire: Wire | None = None
    folder: Mapping[bytes, object] | None = None

    def run(self) -> Client:
        """Name, connection, encryption, greeting, login and folder.

        :raises Stopped: at the first step that fails
        :raises OSError: when the account's ``ca_file`` cannot be read
        """
        sock = None
        try:
            addresses = self.resolve()
            sock = self.connect(addresses)
            if self.account.encryption is Encryption.SSL:
                plain = sock
                sock = self.secure(addresses, lambda context: handshake(plain, context, self.account, self.clock))
            self.wire = wire = self._greet(sock)
            if self.account.encryption is Encryption.STARTTLS:
                self._offer_tls(wire)
                self.secure(addresses, wire.secure)
            client = Client(wire)
            self._log_in(wire, client)
            self._select(wire, client)
        except BaseException:
            if self.wire:
                self.wire.part(politely=False)
            elif sock:
                sock.close()
            raise
        return client

    def look(self, sock: socket.socket) -> bytes:
        """Override of Opening."""
        if self.account.encryption is Encryption.SSL:
            return handshake(sock, looking(), self.account, self.clock).getpeercert(binary_form=True) or b""
        try:
            wire = Wire(self.account, sock, self.clock)
            wire.start_tls()
        except imaplib.IMAP4.error as error:
            raise Lost from error
        return wire.secure(looking()).getpeercert(binary_form=True) or b""

    def _greet(self, sock: socket.socket) -> Wire:
        try:
            wire = Wire(self.account, sock, self.clock)
        except Lost as error:
            raise self.stop_lost(StepName.GREETING, error) from error
        except (imaplib.IMAP4.error, ValueError) as error:
            said = words_of(error)
            bye = _BYE.match(said)
            if not bye:
                words = said.removeprefix("unexpected response: ").strip("b'")
                raise self.stop_lost(StepName.GREETING, NotAMailServer(words[:200])) from error
            raise self.stop_refused(StepName.GREETING, bye[1].strip(), Meaning.SERVER_UNAVAILABLE) from error
        said = wire.readable(wire.welcome.partition(b" ")[2])
        self.done(StepName.GREETING, said=said)
        return wire

    def stop_refused(self, name: StepName, words: str, otherwise: Meaning, **values: str) -> Stopped:
        """The server said no. ``otherwise``: what it means when the words do not say.

        ``words`` have been masked, or were said before the password was.
        """
        meaning = meaning_of(words)
        meaning = otherwise if meaning is Meaning.REFUSED else meaning
        return self.stop(name, Finding.SAID_NO, fault_kind_of(meaning), words, meaning=meaning.value, **values)

    def _offer_tls(self, wire: Wire) -> None:
        if "STARTTLS" not in wire.capabilities:
            raise self.stop(StepName.TLS, Finding.TLS_NOT_OFFERED, FaultKind.NETWORK_UNTRUSTED)
        try:
            refused = wire.start_tls()
        except Lost as error:
            raise self.stop_lost(StepName.TLS, error) from error
        except imaplib.IMAP4.error as error:
            # Also of a session that claims to be logged in already, which whoever stands between could say.
            refused = wire.readable(words_of(error).encode())
        if refused:
            raise self.stop(StepName.TLS, Finding.TLS_NOT_OFFERED, FaultKind.NETWORK_UNTRUSTED, refused)

    def _log_in(self, wire: Wire, client: Client) -> None:
        account = self.account
        if not account.user or not account.password:
            raise self.stop(StepName.LOGIN, Finding.PASSWORD_MISSING, FaultKind.CREDENTIALS_MISSING)
        if wire.state == "AUTH":
            self.done(StepName.LOGIN, Finding.LOGIN_NOT_NEEDED)
            return
        mechanisms = ""
        try:
            wire.grant(account.timeouts.reply)
            if account.encryption is Encryption.STARTTLS:
                wire.learn_capabilities()
            mechanisms = " ".join(wire.mechanisms)
            # PLAIN before LOGIN: it alone has a rule for letters beyond ASCII (RFC 4616, 2).
            plain = "PLAIN" in wire.mechanisms
            if not plain and "LOGINDISABLED" in wire.capabilities:
                raise self.stop(
                    StepName.LOGIN, Finding.LOGIN_NOT_OFFERED, FaultKind.REQUEST_REFUSED, mechanisms=mechanisms
                )
            if not plain and not (account.user + account.password).isascii():
                raise self.stop(
                    StepName.LOGIN, Finding.MECHANISM_UNKNOWN, FaultKind.REQUEST_REFUSED, mechanisms=mechanisms
                )
            said = (client.plain_login if plain else client.login)(account.user, account.password)
        except Lost as error:
            if farewell := wire.farewell():
                words = wire.readable(farewell)
                raise self.stop_refused(StepName.LOGIN, words, Meaning.SERVER_UNAVAILABLE) from error
            raise self.stop_lost(StepName.LOGIN, error) from error
        except imaplib.IMAP4.error as error:
            words = wire.readable(words_of(error).encode())
            # A server that hangs up has not said that the password is wrong, unless it says so.
            hung_up = isinstance(error, imaplib.IMAP4.abort)
            otherwise = Meaning.SERVER_UNAVAILABLE if hung_up else Meaning.CREDENTIALS_REFUSED
            raise self.stop_refused(StepName.LOGIN, words, otherwise, mechanisms=mechanisms) from error
        self.done(
            StepName.LOGIN,
            mechanisms=mechanisms,
            mechanism="PLAIN" if plain else "LOGIN",
            said=wire.readable(said or b""),
        )

    def _select(self, wire: Wire, client: Client) -> None:
        folder = self.account.folder
        try:
            wire.grant(self.account.timeouts.reply)
            # EXAMINE: whoever else reads the mailbox still sees what is recent.
            self.folder = client.select_folder(folder, readonly=True)
        except Lost as error:
            raise self.stop_lost(StepName.FOLDER, error) from error
        except imaplib.IMAP4.error as error:
            words = wire.readable(words_of(error).encode())
            meaning = meaning_of(words)
            if isinstance(error, imaplib.IMAP4.abort) or meaning is Meaning.SERVER_UNAVAILABLE:
                raise self.stop_refused(StepName.FOLDER, words, Meaning.SERVER_UNAVAILABLE, folder=folder) from error
            raise self.stop(
                StepName.FOLDER,
                Finding.FOLDER_MISSING,
                FaultKind.REQUEST_REFUSED,
                words,
                folder=folder,
                folders=self._folders(wire, client),
            ) from error
        except ValueError as error:
            raise self.stop(StepName.FOLDER, Finding.NOT_A_MAIL_SERVER, FaultKind.BAD_DATA, folder=folder) from error
        if not self.folder.get(b"UIDVALIDITY"):
            raise self.stop(StepName.FOLDER, Finding.NO_UID_VALIDITY, FaultKind.BAD_DATA, folder=folder)
        self.done(StepName.FOLDER, folder=folder, messages=str(self.folder.get(b"EXISTS", 0)))

    def _folders(self, wire: Wire, client: Client) -> str:
        """What the mailbox has instead; nothing when the server does not say."""
        try:
            wire.grant(self.account.timeouts.reply)
            listed = client.list_folders()
        except (Lost, imaplib.IMAP4.error, ValueError):
            return ""
        return ", ".join(str(name) for _flags, _delimiter, name in listed[:_MOST_FOLDERS])
