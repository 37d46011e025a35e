# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a mail server's answers mean, in plain words, with what to do.

Translated when they are read. ``%(...)s`` are values of a step; a missing one reads as an ellipsis.
"""

from collections.abc import Mapping

from odoo.addons.sync_hub.models.fault_texts import FaultText, fill
from odoo.tools import format_date, human_size
from odoo.tools.translate import LazyTranslate

from ..smtp import Finding, Meaning, StepName

_lt = LazyTranslate(__name__)
_NOTHING = ""
_ASK_THE_PROVIDER = _lt("Nothing here can cure it: show these words to your mail provider.")
_LATER = _lt("Nothing to do but to try again later.")
_CERTIFICATE = _lt(
    "Compare the name of the server with the one on your provider's pages. If it is right, tell your provider: until "
    "then nothing is sent there, because the password could be read by somebody else."
)

STEP_TITLES = {
    StepName.RESOLVE: _lt("Name of the server"),
    StepName.CONNECT: _lt("Connection"),
    StepName.TLS: _lt("Encryption"),
    StepName.GREETING: _lt("Greeting"),
    StepName.LOGIN: _lt("Login"),
    StepName.SENDER: _lt("Sender"),
    StepName.RECIPIENT: _lt("Recipient"),
    StepName.SIZE: _lt("Largest message"),
    StepName.FOLDER: _lt("Folder"),
}

# What is said of a step that went well.
STEP_TEXTS = {
    StepName.RESOLVE: _lt("%(host)s was found: %(addresses)s."),
    StepName.CONNECT: _lt("The server answers at port %(port)s."),
    StepName.TLS: _lt("Encrypted (%(protocol)s). The certificate is valid until %(until)s."),
    StepName.GREETING: _lt("It is a mail server."),
    StepName.LOGIN: _lt("User and password are right."),
    StepName.SENDER: _lt("Messages may leave from %(address)s."),
    StepName.RECIPIENT: _lt("Messages are taken; the test asked for one to %(address)s and took it back."),
    StepName.SIZE: _lt("The server takes messages of up to %(size)s."),
    StepName.FOLDER: _lt("The folder %(folder)s can be read; it holds %(messages)s messages."),
}

FINDING_TEXTS = {
    Finding.TIMED_OUT: FaultText(
        _lt("%(host)s did not answer in time."),
        _lt("Check port and encryption: a wrong pair often ends in silence. If they are right, try again later."),
    ),
    Finding.CONNECTION_LOST: FaultText(
        _lt("%(host)s ended the connection without a word."),
        _lt("Check port and encryption. If they are right, try again later."),
    ),
    Finding.NAME_NOT_FOUND: FaultText(
        _lt("There is no server of the name %(host)s."),
        _lt("Correct the name of the server: it stands on your provider's pages."),
    ),
    Finding.CONNECTION_REFUSED: FaultText(
        _lt("Nothing listens at port %(port)s of %(host)s."),
        _lt("Correct the port: 465 with SSL/TLS, 587 with STARTTLS."),
    ),
    Finding.UNREACHABLE: FaultText(
        _lt("%(host)s cannot be reached."),
        _lt("Ask your administrator whether this machine may connect to port %(port)s; some networks close it."),
    ),
    Finding.NOT_A_MAIL_SERVER: FaultText(
        _lt("What answers at port %(port)s of %(host)s is not a mail server."),
        _lt("Correct name and port of the server."),
    ),
    Finding.EXPIRED: FaultText(_lt("The server's certificate has expired on %(until)s."), _CERTIFICATE),
    Finding.NOT_YET_VALID: FaultText(
        _lt("The server's certificate is valid from %(since)s only."),
        _lt("Ask your administrator to check the clock of this machine. If it is right, tell your provider."),
    ),
    Finding.SELF_SIGNED: FaultText(
        _lt("The server has signed its certificate itself: anybody could do that."), _CERTIFICATE
    ),
    Finding.WRONG_HOST: FaultText(
        _lt("The certificate is for %(names)s, not for %(host)s."),
        _lt("Enter the name of the server as the certificate has it, if it is your provider's."),
    ),
    Finding.UNTRUSTED_ISSUER: FaultText(
        _lt("The server's certificate was signed by somebody unknown to this machine: %(issuer)s."), _CERTIFICATE
    ),
    Finding.OLD_PROTOCOL: FaultText(
        _lt("The server offers only an encryption that can be broken."), _lt("Ask your provider for TLS 1.2 or newer.")
    ),
    Finding.NOT_TLS: FaultText(
        _lt("Port %(port)s does not speak TLS from the start."),
        _lt("Choose “TLS (STARTTLS)”, or port 465 with “SSL/TLS”."),
    ),
    Finding.TLS_NOT_OFFERED: FaultText(
        _lt("The server does not offer STARTTLS: neither the password nor a message was sent."),
        _lt("Choose “SSL/TLS” with port 465, if your provider has it."),
    ),
    Finding.HANDSHAKE_FAILED: FaultText(
        _lt("No encrypted connection came about."),
        _lt("Check port and encryption. If they are right, ask your provider."),
    ),
    Finding.NOT_ENCRYPTED: FaultText(
        _lt("The connection is not encrypted."),
        _lt("Choose “SSL/TLS” or “TLS (STARTTLS)”: the password and all documents can be read on the way."),
    ),
    Finding.EXPIRES_SOON: FaultText(
        _lt("Encrypted (%(protocol)s), but the server's certificate ends on %(until)s."),
        _lt("Nothing to do now. If your provider does not renew it, nothing leaves after that day."),
    ),
    Finding.PASSWORD_MISSING: FaultText(
        _lt("There is a user, but no password."),
        _lt("Enter the password. It is forgotten when the server changes or the account is disconnected."),
    ),
    Finding.LOGIN_NOT_NEEDED: FaultText(_lt("No user is entered: messages leave without login."), _NOTHING),
    Finding.LOGIN_NOT_OFFERED: FaultText(
        _lt("The server does not let anybody log in at port %(port)s."),
        _lt("Choose port 465 or 587, or empty the user where the server wants none."),
    ),
    Finding.LOGIN_NOT_OFFERED_WITHOUT_TLS: FaultText(
        _lt("The server lets nobody log in without encryption."), _lt("Choose “TLS (STARTTLS)”.")
    ),
    Finding.MECHANISM_UNKNOWN: FaultText(
        _lt("The server knows only ways to log in that Sync Hub does not: %(mechanisms)s."),
        _lt("Ask your provider whether signing in with user and password can be allowed for this mailbox."),
    ),
    Finding.FOLDER_MISSING: FaultText(
        _lt("The mailbox has no folder %(folder)s."),
        _lt("Enter one of its folders: %(folders)s. Receipts usually arrive in INBOX."),
    ),
    Finding.FOLDER_READ_ONLY: FaultText(
        _lt("The folder %(folder)s may only be read: what was fetched cannot be marked there."),
        _lt("Receipts are fetched all the same. Ask your provider if it should be otherwise."),
    ),
    Finding.NO_UID_VALIDITY: FaultText(
        _lt("The server cannot be asked for what is new in the folder %(folder)s."), _ASK_THE_PROVIDER
    ),
    Finding.NO_LIMIT_ANNOUNCED: FaultText(_lt("The server does not say how large a message may be."), _NOTHING),
}

MEANING_TEXTS = {
    Meaning.CREDENTIALS_REFUSED: FaultText(
        _lt("The server did not accept user and password."),
        _lt(
            "Enter them again. Some providers want a code as the user; Gmail wants a password that is made for this "
            "application."
        ),
    ),
    Meaning.LOGIN_REQUIRED: FaultText(_lt("The server wants a login."), _lt("Enter user and password.")),
    Meaning.ENCRYPTION_REQUIRED: FaultText(
        _lt("The server wants an encrypted connection."), _lt("Choose “SSL/TLS” or “TLS (STARTTLS)”.")
    ),
    Meaning.MECHANISM_REFUSED: FaultText(
        _lt("The server did not accept this way to log in."),
        _lt("Ask your provider whether signing in with user and password can be allowed for this mailbox."),
    ),
    Meaning.SENDER_REFUSED: FaultText(
        _lt("This user may not send from this address."),
        _lt("Enter as the sender the address of the mailbox whose user and password you use."),
    ),
    Meaning.RECIPIENT_UNKNOWN: FaultText(
        _lt("There is no such mailbox."), _lt("Check the address with the recipient, correct it, and send again.")
    ),
    Meaning.RECIPIENT_REFUSED: FaultText(
        _lt("The server does not carry messages to this address."),
        _lt("Check the address. Certified mail often takes only what comes from certified mail."),
    ),
    Meaning.MAILBOX_DISABLED: FaultText(
        _lt("The recipient's mailbox takes no messages any more."), _lt("Ask the recipient for another address.")
    ),
    Meaning.MAILBOX_FULL: FaultText(
        _lt("The recipient's mailbox is full."),
        _lt("Ask the recipient to make room or for another address, and send again."),
    ),
    Meaning.MESSAGE_TOO_LARGE: FaultText(
        _lt("The message is larger than the mail server accepts."),
        _lt("Remove attachments or make them smaller, then send again."),
    ),
    Meaning.TOO_MANY_MESSAGES: FaultText(
        _lt("The server takes no more messages for now."),
        _lt("Nothing to do: it is tried again. Enter the limits of your provider in the account."),
    ),
    Meaning.TOO_MANY_RECIPIENTS: FaultText(_lt("The server takes no more recipients for now."), _LATER),
    Meaning.GREYLISTED: FaultText(
        _lt("The server lets unknown senders wait before it takes their first message."),
        _lt("Nothing to do: it is tried again."),
    ),
    Meaning.AUTHENTICATION_FAILED: FaultText(
        _lt("The recipient's server does not believe that the message comes from this domain."),
        _lt("Look at the hints on SPF, DKIM and DMARC in the mail account, and correct the domain's records."),
    ),
    Meaning.CONTENT_REFUSED: FaultText(
        _lt("The message was refused for what it contains."),
        _lt("Read the words of the server: it names what it takes for unwanted or dangerous."),
    ),
    Meaning.CLIENT_REFUSED: FaultText(
        _lt("The server does not talk to the network address of this machine."),
        _lt("Ask your administrator: the address may stand on a list of senders of unwanted mail."),
    ),
    Meaning.SERVER_UNAVAILABLE: FaultText(_lt("The server cannot serve at the moment."), _LATER),
    Meaning.COMMAND_REFUSED: FaultText(
        _lt("The server did not understand or does not allow what it was asked for."), _ASK_THE_PROVIDER
    ),
    Meaning.REFUSED: FaultText(_lt("The server said no, without a reason that is known."), _ASK_THE_PROVIDER),
    Meaning.CONNECTION_LOST: FaultText(_lt("The connection ended in the middle."), _LATER),
    Meaning.SERVER_SILENT: FaultText(_lt("The server did not answer in time."), _LATER),
    Meaning.NOT_TRANSPORTABLE: FaultText(
        _lt("The server cannot carry the message without changing it."), _ASK_THE_PROVIDER
    ),
    Meaning.NOT_WRITABLE: FaultText(
        _lt("No message can be written to this address."),
        _lt("Correct the address in the contact, and send anew."),
    ),
}


# What is said of one's own mailbox, at its login.
_OWN_MAILBOX_DISABLED = FaultText(
    _lt("The provider has closed this mailbox, or wants something to be done first."),
    _lt("Read the words of the server, and log in at your provider's own page: it says what is missing."),
)


def meaning_text(env, meaning: str) -> FaultText:
    """Sentence and remedy of a :class:`~..smtp.Meaning`; of one that is not known, that the server said no."""
    known = meaning if meaning in MEANING_TEXTS else Meaning.REFUSED
    return FaultText(*(env._(text) if text else "" for text in MEANING_TEXTS[known]))


def step_title(env, name: str) -> str:
    return env._(STEP_TITLES[name]) if name in STEP_TITLES else name


def step_text(env, name: str, finding: str | None, values: Mapping[str, str] | None) -> FaultText:
    """Sentence and remedy of a step of a check."""
    values = _readable(env, values or {})
    if finding == Finding.SAID_NO:
        meaning = values.get("meaning", "")
        if name == StepName.LOGIN and meaning == Meaning.MAILBOX_DISABLED:
            return FaultText(*(env._(text) for text in _OWN_MAILBOX_DISABLED))
        sentence, remedy = meaning_text(env, meaning)
        return FaultText(sentence, env._(_LATER) if values.get("temporary") else remedy)
    if finding in FINDING_TEXTS:
        return FaultText(*(fill(env._(text), values) if text else "" for text in FINDING_TEXTS[finding]))
    if not finding and name in STEP_TEXTS:
        return FaultText(fill(env._(STEP_TEXTS[name]), values), "")
    return FaultText(finding or "", "")


def _readable(env, values: Mapping[str, str]) -> dict[str, str]:
    """Days as the reader writes them, sizes in megabytes."""
    shown = dict(values)
    for name in ("since", "until"):
        if shown.get(name):
            shown[name] = format_date(env, shown[name])
    if shown.get("bytes"):
        shown["size"] = human_size(int(shown["bytes"]))
    return shown
