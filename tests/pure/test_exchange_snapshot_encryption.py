# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""With a passphrase a snapshot can be neither read nor changed without it."""

import io
import os
import unicodedata
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_exchange.snapshot import (
    Damaged,
    PassphraseNeeded,
    SnapshotError,
    Tampered,
    Truncated,
    UnknownFormat,
    WrongPassphrase,
    read_manifest,
    verify,
)
from odoo.addons.sync_hub_exchange.snapshot.encryption import CHUNK, HEADER_BYTES, DecryptedInput, EncryptedOutput
from snapshot_files import CHEAP, partner, written

SECRET = "correct horse, più alto"
SEALED = CHUNK + 16
END = 8
# Five chunks, of which the last one is not full.
CONTENTS = os.urandom(4 * CHUNK + 1234)


def encrypted(contents: bytes, passphrase: str = SECRET, step: int = 50_000) -> bytes:
    file = io.BytesIO()
    output = EncryptedOutput(file, passphrase, CHEAP)
    for begin in range(0, len(contents), step):
        output.write(contents[begin : begin + step])
    output.finish()
    return file.getvalue()


def decrypted(raw: bytes, passphrase: str = SECRET) -> bytes:
    return io.BufferedReader(DecryptedInput(io.BytesIO(raw), passphrase)).read()


RAW = encrypted(CONTENTS)


def chunks() -> list[bytes]:
    body = RAW[HEADER_BYTES:-END]
    return [body[begin : begin + SEALED] for begin in range(0, len(body), SEALED)]


def assembled(parts: list[bytes]) -> bytes:
    return RAW[:HEADER_BYTES] + b"".join(parts) + RAW[-END:]


def refused(raw: bytes, kind: type[SnapshotError], passphrase: str = SECRET) -> None:
    with pytest.raises(SnapshotError) as caught:
        decrypted(raw, passphrase)
    assert type(caught.value) is kind, caught.value


# As it should be


def test_a_snapshot_is_encrypted_and_read_with_its_passphrase() -> None:
    rows = [partner(number) for number in range(5000)]
    file, manifest = written(rows, passphrase=SECRET, part_bytes=100_000)
    raw = file.getvalue()
    assert b"res.partner" not in raw
    assert b"manifest" not in raw
    assert manifest.snapshot.encode() not in raw
    assert read_manifest(file, SECRET) == manifest
    assert list(verify(file, SECRET).rows("res.partner")) == rows


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 1])
@pytest.mark.parametrize("step", [1000, CHUNK, 10 * CHUNK])
def test_contents_of_every_length_come_back(size: int, step: int) -> None:
    contents = os.urandom(size)
    raw = encrypted(contents, step=step)
    assert len(raw) == HEADER_BYTES + size + 16 * max(-(-size // CHUNK), 1) + END
    assert decrypted(raw) == contents


@given(st.lists(st.tuples(st.integers(0, len(CONTENTS) + 10), st.integers(0, 2 * CHUNK)), max_size=5))
def test_it_can_be_read_from_anywhere(places: list[tuple[int, int]]) -> None:
    reader = io.BufferedReader(DecryptedInput(io.BytesIO(RAW), SECRET), CHUNK)
    for begin, length in places:
        assert reader.seek(begin) == begin
        assert reader.read(length) == CONTENTS[begin : begin + length]
    assert reader.seek(-10, io.SEEK_END) == len(CONTENTS) - 10
    assert reader.read() == CONTENTS[-10:]


def test_the_layout_is_the_one_that_is_described() -> None:
    # Read with nothing but the description: files of today are opened by the versions of tomorrow.
    assert (RAW[:17], RAW[17:20]) == (b"SyncHubEncrypted\x01", bytes((CHEAP, 8, 1)))
    salt, prefix = RAW[20:36], RAW[36:43]
    typed = unicodedata.normalize("NFC", SECRET).encode()
    cipher = AESGCM(Scrypt(salt=salt, length=64, n=2**CHEAP, r=8, p=1).derive(typed)[:32])
    nonce = prefix + (4).to_bytes(4, "big") + b"\x01"
    assert cipher.decrypt(nonce, RAW[HEADER_BYTES + 4 * SEALED : -END], RAW[:43]) == CONTENTS[4 * CHUNK :]
    assert RAW.endswith(b"SyncHub.")


def test_the_same_contents_are_never_encrypted_alike() -> None:
    one, other = encrypted(b"x" * 100), encrypted(b"x" * 100)
    assert one[20:36] != other[20:36]
    assert one[HEADER_BYTES:-END] != other[HEADER_BYTES:-END]


# Passphrases


def test_without_a_passphrase_it_is_asked_for() -> None:
    file, _manifest = written([partner(1)], passphrase=SECRET)
    with pytest.raises(PassphraseNeeded):
        verify(file)


@pytest.mark.parametrize("passphrase", ["Correct horse, più alto", "correct horse, più alto ", "", "x"])
def test_a_wrong_passphrase_is_told_as_such(passphrase: str) -> None:
    refused(RAW, WrongPassphrase, passphrase)


def test_an_accent_typed_on_another_machine_is_the_same_passphrase() -> None:
    decomposed = unicodedata.normalize("NFD", SECRET)
    assert decomposed != SECRET
    assert decrypted(RAW, decomposed) == CONTENTS


def test_an_empty_passphrase_is_not_taken() -> None:
    with pytest.raises(ValueError, match="empty"):
        EncryptedOutput(io.BytesIO(), "")
    for log_n in (13, 19):
        with pytest.raises(ValueError, match="cost"):
            EncryptedOutput(io.BytesIO(), SECRET, log_n)


# Changes


@given(st.integers(0, len(RAW) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(position: int, flipped: int) -> None:
    changed = bytearray(RAW)
    changed[position] ^= flipped
    if position < HEADER_BYTES:
        refused(bytes(changed), Damaged)
    elif position >= len(RAW) - END:
        refused(bytes(changed), Truncated)
    else:
        refused(bytes(changed), Tampered)


@given(st.integers(0, len(RAW) - 1))
def test_it_cannot_be_cut(length: int) -> None:
    refused(RAW[:length], Truncated)


def test_it_cannot_be_cut_between_chunks_either() -> None:
    for count in range(1, 5):
        refused(assembled(chunks()[:count]), Truncated)
    refused(assembled([]), Truncated)
    refused(assembled([*chunks()[:4], b"x" * 15]), Tampered)


def test_chunks_cannot_be_reordered_left_out_or_repeated() -> None:
    a, b, c, d, end = chunks()
    for parts in ([b, a, c, d, end], [a, c, d, end], [a, a, b, c, d, end], [a, b, c, end, d], [a, b, c, d, d, end]):
        refused(assembled(parts), Tampered)


def test_a_chunk_of_another_file_does_not_fit() -> None:
    other = encrypted(CONTENTS)[HEADER_BYTES : HEADER_BYTES + SEALED]
    refused(assembled([other, *chunks()[1:]]), Tampered)


def test_nothing_can_be_appended() -> None:
    refused(RAW + b"more", Truncated)
    refused(assembled([*chunks(), os.urandom(40)]), Tampered)
    refused(RAW + RAW[-END:], Tampered)


def header(**changed: bytes) -> bytes:
    """The header with other fields and the right sum, as somebody makes it who does not know the passphrase."""
    places = {"version": slice(16, 17), "cost": slice(17, 20), "salt": slice(20, 36), "check": slice(43, 75)}
    raw = bytearray(RAW[:75])
    for name, value in changed.items():
        raw[places[name]] = value
    return bytes(raw) + sha256(raw).digest()[:8] + RAW[HEADER_BYTES:]


def test_a_header_that_was_made_anew_does_not_open_the_file() -> None:
    assert decrypted(header()) == CONTENTS
    refused(header(salt=bytes(16)), WrongPassphrase)
    refused(header(check=bytes(32)), WrongPassphrase)
    refused(header(cost=bytes((CHEAP + 1, 8, 1))), WrongPassphrase)


@pytest.mark.parametrize("cost", [(40, 8, 1), (19, 8, 1), (13, 8, 1), (14, 255, 1), (14, 8, 255), (14, 0, 0)])
def test_a_file_cannot_ask_for_any_amount_of_memory(cost: tuple[int, int, int]) -> None:
    refused(header(cost=bytes(cost)), UnknownFormat)


def test_a_later_version_is_told_as_such() -> None:
    refused(header(version=b"\x02"), UnknownFormat)


def test_a_change_among_the_rows_is_found_before_a_row_is_given_out() -> None:
    rows = [{"ids": [f"acme.p{number}"], "values": os.urandom(60).hex()} for number in range(5000)]
    file, _manifest = written(rows, passphrase=SECRET)
    raw = bytearray(file.getvalue())
    raw[HEADER_BYTES + SEALED + 100] ^= 1
    with pytest.raises(Tampered):
        verify(io.BytesIO(bytes(raw)), SECRET)
