# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A file under a passphrase: nothing in it can be read, changed, cut, appended, left out or reordered without it.

The key comes from scrypt (RFC 7914). The contents are encrypted in chunks of 64 KiB with AES-256-GCM, so that they can
be written as they come and read from anywhere, after the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár,
"Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance" (2015): the nonce of a chunk is a random prefix
of the file (7 bytes), the number of the chunk (4 bytes) and whether it is the last one (1 byte). A chunk in another
place, from another file, or at an end that is not the end does not open.

======  =============================================================================
bytes   header
======  =============================================================================
16      ``SyncHubEncrypted``
1       version of this layout: 1
3       cost of scrypt: log2(N), r, p
16      salt, random
7       prefix of the nonces, random
32      HMAC-SHA256 of the above with a key of its own from scrypt: tells a wrong passphrase
8       first bytes of the SHA-256 of the above: tells damage from a wrong passphrase
======  =============================================================================

The chunks follow, each 16 bytes (the tag) longer than its contents, all full but the last; then ``SyncHub.`` as a sign
that the file was written to its end.
"""

import hmac
import io
import os
import struct
import unicodedata
from hashlib import sha256
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from .errors import Damaged, Tampered, Truncated, UnknownFormat, WrongPassphrase

MAGIC = b"SyncHubEncrypted"
# N = 2^17, r = 8, p = 1: 128 MiB and a few tenths of a second, as OWASP advises for passwords:
# https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#scrypt
LOG_N = 17
# What a file may ask of whoever opens it: at most twice of that.
_LOG_N_READ = range(14, 19)
_R, _P = 8, 1

CHUNK = 64 * 1024
_TAG = 16
_SEALED = CHUNK + _TAG
_VERSION = 1
_HEAD = struct.Struct(">16sBBBB16s7s")
_NONCE = struct.Struct(">7sIB")
_MOST_CHUNKS = 2**32
_CHECK_BYTES, _SUM_BYTES = 32, 8
HEADER_BYTES = _HEAD.size + _CHECK_BYTES + _SUM_BYTES
_END = b"SyncHub."


class _Chunks:
    """Seals and opens the chunks of one file."""

    def __init__(self, head: bytes, passphrase: str):
        _magic, _version, log_n, r, p, salt, self._prefix = _HEAD.unpack(head)
        # The same passphrase typed on another machine may come in other code points.
        typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
        keys = Scrypt(salt=salt, length=64, n=1 << log_n, r=r, p=p).derive(typed)
        self._cipher = AESGCM(keys[:32])
        self._head = head
        self.check = hmac.digest(keys[32:], head, sha256)

    def seal(self, number: int, last: bool, contents: bytes) -> bytes:
        return self._cipher.encrypt(self._nonce(number, last), contents, self._head)

    def open(self, number: int, last: bool, sealed: bytes) -> bytes:
        return self._cipher.decrypt(self._nonce(number, last), sealed, self._head)

    def _nonce(self, number: int, last: bool) -> bytes:
        return _NONCE.pack(self._prefix, number, last)


class EncryptedOutput:
    """Encrypts what is written to it into ``file``, which only needs to be written to, and stays open.

    :param log_n: cost of finding the passphrase; see :data:`LOG_N`

    Raises ``ValueError`` for an empty passphrase.
    """

    def __init__(self, file: BinaryIO, passphrase: str, log_n: int = LOG_N):
        if not passphrase:
            raise ValueError("An empty passphrase protects nothing.")
        if log_n not in _LOG_N_READ:
            raise ValueError(f"The cost is from {_LOG_N_READ[0]} to {_LOG_N_READ[-1]}.")
        head = _HEAD.pack(MAGIC, _VERSION, log_n, _R, _P, os.urandom(16), os.urandom(7))
        self._chunks = _Chunks(head, passphrase)
        self._file = file
        self._waiting = bytearray()
        self._number = 0
        header = head + self._chunks.check
        file.write(header + sha256(header).digest()[:_SUM_BYTES])

    def write(self, data: bytes) -> int:  # pylint: disable=method-required-super
        """Encrypt ``data`` behind what was written before."""
        self._waiting += data
        # What fills a chunk exactly may be the last of all: only more data shows that it is not.
        while len(self._waiting) > CHUNK:
            self._send(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk. Without it the file cannot be read."""
        self._send(bytes(self._waiting), last=True)
        self._file.write(_END)

    def _send(self, contents: bytes, last: bool) -> None:
        if self._number >= _MOST_CHUNKS:
            raise ValueError("An encrypted file holds at most 256 TiB.")
        self._file.write(self._chunks.seal(self._number, last, contents))
        self._number += 1


class DecryptedInput(io.RawIOBase):
    """The contents of an encrypted ``file``, which must be seekable, and stays open.

    The end is proven when it is opened, every other chunk when it is read. Raises, also while reading,
    :class:`UnknownFormat`, :class:`WrongPassphrase`, :class:`Truncated`, :class:`Damaged` (the header) or
    :class:`Tampered`: a chunk that does not open may have been damaged as well as changed.
    """

    def __init__(self, file: BinaryIO, passphrase: str):
        super().__init__()
        self._file = file
        total = file.seek(0, io.SEEK_END)
        file.seek(0)
        header = file.read(HEADER_BYTES)
        self._chunks = _opened(header, passphrase)
        file.seek(max(total - len(_END), 0))
        body = total - HEADER_BYTES - len(_END)
        if body < _TAG or file.read(len(_END)) != _END:
            raise Truncated("the end of the encrypted file is missing")
        self._count = -(-body // _SEALED)
        last_bytes = body - (self._count - 1) * _SEALED - _TAG
        if last_bytes < 0:
            raise Tampered("a chunk without a tag")
        self._size = (self._count - 1) * CHUNK + last_bytes
        self._position = 0
        self._held = -1
        self._contents = b""
        self._hold(self._count - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("negative position")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: memoryview) -> int:
        if self._position >= self._size:
            return 0
        number, begin = divmod(self._position, CHUNK)
        self._hold(number)
        piece = self._contents[begin : begin + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def _hold(self, number: int) -> None:
        """Read and open a chunk, unless it is the one at hand."""
        if number == self._held:
            return
        self._file.seek(HEADER_BYTES + number * _SEALED)
        last = number == self._count - 1
        sealed = self._file.read(self._size - number * CHUNK + _TAG if last else _SEALED)
        try:
            self._contents = self._chunks.open(number, last, sealed)
        except InvalidTag as error:
            if last and self._opens(number, False, sealed):
                raise Truncated("the encrypted file goes on after its last chunk") from error
            raise Tampered(f"chunk {number} of the encrypted file does not open") from error
        self._held = number

    def _opens(self, number: int, last: bool, sealed: bytes) -> bool:
        try:
            self._chunks.open(number, last, sealed)
        except InvalidTag:
            return False
        return True


def _opened(header: bytes, passphrase: str) -> _Chunks:
    if len(header) < HEADER_BYTES:
        raise Truncated("the encrypted file ends in its header")
    head, check = header[: _HEAD.size], header[_HEAD.size : -_SUM_BYTES]
    if not hmac.compare_digest(sha256(head + check).digest()[:_SUM_BYTES], header[-_SUM_BYTES:]):
        raise Damaged("the header of the encrypted file is damaged")
    magic, version, log_n, r, p, _salt, _prefix = _HEAD.unpack(head)
    if magic != MAGIC or version != _VERSION:
        raise UnknownFormat(f"version {version} of the encryption is not known here")
    if log_n not in _LOG_N_READ or (r, p) != (_R, _P):
        raise UnknownFormat("the cost of the passphrase is not one that this version sets")
    chunks = _Chunks(head, passphrase)
    if not hmac.compare_digest(chunks.check, check):
        raise WrongPassphrase("the passphrase does not open the file")
    return chunks
