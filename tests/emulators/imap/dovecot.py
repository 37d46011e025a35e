# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The program Dovecot, as a child of this process, with no rights but those of an ordinary user."""

from __future__ import annotations

import base64
import contextlib
import grp
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

# Where administrators have it on their path, and others do not.
_FOLDERS = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"))
# Dovecot opens no mailbox as root, so that a root starts it as somebody else.
_NOBODY = "nobody"
_PATIENCE = 30.0
_CONFIGURATION = """\
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
# Its services share the rights of the one user, and need no cell.
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.pem
ssl_min_protocol = TLSv1.2
# Users are what they are, not in small letters. The answer to a wrong password is not delayed.
auth_username_format = %u
auth_failure_delay = 0
mail_location = maildir:{folder}/Maildir
mailbox_list_index = no
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}
}}
"""


class DovecotMissing(Exception):
    """There is no Dovecot here that could be started; the text says why."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The user who runs Dovecot and to whom its files belong."""

    name: str
    group: str
    uid: int
    gid: int

    @classmethod
    def here(cls) -> Owner:
        entry = pwd.getpwnam(_NOBODY) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        return cls(entry.pw_name, grp.getgrgid(entry.pw_gid).gr_name, entry.pw_uid, entry.pw_gid)

    def own(self, *paths: Path) -> None:
        if os.geteuid() == 0:
            for path in paths:
                os.chown(path, self.uid, self.gid)


def why_missing() -> str:
    """Why no Dovecot can be started here; empty when one can."""
    program = _program()
    if not program:
        return "Dovecot is not installed: apt-get install dovecot-imapd"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    if not said.startswith("2.3."):
        return f"Dovecot 2.3 is needed, whose configuration 2.4 does not read; this one is {said.strip()}"
    if not any(Path(folder, "imap").exists() for folder in ("/usr/lib/dovecot", "/usr/libexec/dovecot")):
        return "Dovecot is installed without IMAP: apt-get install dovecot-imapd"
    return ""


class Dovecot:
    """The running program.

    :param folder: empty, with a path that the user ``owner`` can walk; gets configuration, log and Maildir
    :param users: passwords by user, who all read the one Maildir
    :param certificate: certificate and key in one PEM
    :raises DovecotMissing: when there is none
    """

    def __init__(self, folder: Path, users: dict[str, str], certificate: str, *, port: int, starttls: bool):
        if why := why_missing():
            raise DovecotMissing(why)
        self.owner = Owner.here()
        self.folder, self.port = folder, port
        self._process: subprocess.Popen[bytes] | None = None
        ports = (port, 0) if starttls else (0, port)
        (folder / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                folder=folder,
                user=self.owner.name,
                group=self.owner.group,
                plain_port=ports[0],
                tls_port=ports[1],
            )
        )
        (folder / "server.pem").write_text(certificate)
        (folder / "users").write_text("".join(f"{user}:{_sealed(password)}\n" for user, password in users.items()))
        maildir = folder / "Maildir"
        folders = (folder / "run", maildir, *(maildir / name for name in ("new", "cur", "tmp")))
        for made in folders:
            made.mkdir()
        self.owner.own(folder, *folders, *(folder / name for name in ("server.pem", "users")))

    def start(self) -> None:
        """Returns when it answers.

        :raises RuntimeError: when it ends instead, with what it has said
        """
        as_owner = {"user": self.owner.uid, "group": self.owner.gid, "extra_groups": []} if os.geteuid() == 0 else {}
        self._process = subprocess.Popen(
            [_program(), "-F", "-c", str(self.folder / "dovecot.conf")],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            start_new_session=True,
            **as_owner,
        )
        try:
            self._wait(self._process)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End it, and its own children, who would serve until their clients leave."""
        if not self._process:
            return
        self._process.terminate()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        # They are a group of their own, by the number of their parent, and nobody else is in it.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process = None

    def log(self) -> str:
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _PATIENCE
        while not self._answers():
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"Dovecot does not run: {self.log()[-2000:]}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port of the loopback address that nobody uses now, below those that Linux gives to outgoing connections."""
    # Dovecot must be told one. Somewhere in the range, so that two processes that ask at once do not get the same.
    for port in random.sample(range(20_000, 32_000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise RuntimeError("No port is free.")


def _program() -> str:
    return shutil.which("dovecot", path=_FOLDERS) or ""


def _sealed(password: str) -> str:
    """In a form that has no colon and no letter beyond ASCII."""
    return f"{{PLAIN.b64}}{base64.b64encode(password.encode()).decode()}::::::"
