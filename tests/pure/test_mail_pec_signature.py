# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A signature shows whether a receipt is the one that its provider signed; the check says what it does not look at."""

import base64
import re
from datetime import UTC, datetime

import pytest
from emulators.pec import Authority, Provider, Submission
from hypothesis import given
from hypothesis import strategies as st
from odoo.addons.sync_hub_mail.pec import PecError, check_signature, content_of
from odoo.addons.sync_hub_mail.pec.cms import read_signed_data

SENT = Submission(
    b"From: a@pec.example.it\r\nSubject: x\r\nMessage-ID: <1@pec.example.it>\r\n\r\nx",
    "a@pec.example.it",
    ("b@pec.example.org",),
    datetime(2026, 8, 8, tzinfo=UTC),
)


@pytest.fixture(scope="module")
def provider() -> Provider:
    return Provider()


def test_a_receipt_as_it_came_is_intact_and_its_signer_is_named(provider: Provider) -> None:
    check = check_signature(provider.acceptance(SENT))
    assert (check.intact, check.reason, check.digest) == (True, "", "sha256")
    assert check.signer == "Gestore di prova S.p.A."
    assert check.addresses == ("posta-certificata@pec.example.it",)
    assert check.sender_matches
    assert len(check.fingerprint) == 64


def test_lines_that_lost_their_carriage_returns_on_the_way_are_still_those_that_were_signed(provider: Provider) -> None:
    assert check_signature(provider.delivery(SENT, "b@pec.example.org").replace(b"\r\n", b"\n")).intact


def test_one_changed_letter_breaks_the_signature(provider: Provider) -> None:
    raw = provider.acceptance(SENT)
    changed = raw.replace(b"charset=utf-8", b"charset=utf-7")
    assert changed != raw
    check = check_signature(changed)
    assert not check.intact
    assert "changed" in check.reason
    assert check.signer


def test_a_signature_that_the_key_of_its_certificate_did_not_make_is_seen(provider: Provider) -> None:
    raw = provider.acceptance(SENT)
    der = _signature(raw)
    signature = read_signed_data(der).signers[0].signature
    check = check_signature(raw.replace(_lines(der), _lines(der.replace(signature, bytes(len(signature))))))
    assert not check.intact
    assert "key" in check.reason


def test_a_sender_who_is_not_the_signer_is_told_apart_from_a_broken_signature(provider: Provider) -> None:
    raw = re.sub(rb"\r\nFrom: [^\r]*", b"\r\nFrom: someone@pec.example.net", provider.acceptance(SENT))
    check = check_signature(raw)
    assert check.intact
    assert not check.sender_matches


def test_a_key_on_a_curve_is_read_as_well() -> None:
    authority = Authority("pec.example.it", "Curva", elliptic=True)
    assert check_signature(authority.sign(b"Content-Type: text/plain\r\n\r\nx", "")).intact


def test_a_message_around_which_the_signature_was_made_is_checked_too(provider: Provider) -> None:
    head = b"Content-Type: application/pkcs7-mime; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    signed = provider.authority.enclose(b"Content-Type: text/plain\r\n\r\nx")
    assert check_signature(head + base64.encodebytes(signed)).intact
    changed = signed.replace(b"text/plain", b"text/plane")
    assert not check_signature(head + base64.encodebytes(changed)).intact


def test_a_certificate_whose_names_cannot_be_read_does_not_stop_the_check(provider: Provider) -> None:
    raw = provider.acceptance(SENT)
    der = _signature(raw)
    check = check_signature(raw.replace(_lines(der), _lines(der.replace(b"\x13\x02IT", b"\x00\x02IT"))))
    assert (check.intact, check.signer) == (True, "")


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"Subject: x\r\n\r\nx", id="not signed"),
        pytest.param(b"Content-Type: multipart/signed; boundary=x\r\n\r\n--x\r\n\r\n--x--", id="one part"),
        pytest.param(
            b"Content-Type: multipart/signed; boundary=x\r\n\r\n--x\r\n\r\na\r\n--x\r\n"
            b"Content-Type: application/pkcs7-signature\r\n\r\nMIIB\r\n--x--",
            id="a signature that ends in the middle",
        ),
    ],
)
def test_what_is_not_signed_is_refused_with_a_sentence(raw: bytes) -> None:
    with pytest.raises(PecError) as refused:
        check_signature(raw)
    assert str(refused.value).endswith(".")


def test_a_signed_file_gives_its_content_however_it_is_wrapped(provider: Provider) -> None:
    signed = provider.authority.enclose(b"<x/>")
    pem = b"-----BEGIN PKCS7-----\n" + base64.encodebytes(signed) + b"-----END PKCS7-----\n"
    twice = provider.authority.enclose(signed)
    open_ended = _indefinite(signed)
    in_pieces = open_ended.replace(b"\x04\x04<x/>", b"\x24\x80\x04\x02<x\x04\x02/>\0\0")
    assert len({signed, open_ended, in_pieces}) == 3
    for wrapped in (signed, base64.b64encode(signed), pem, twice, open_ended, in_pieces):
        assert content_of(wrapped) == b"<x/>"


def test_a_detached_signature_has_no_content_to_give(provider: Provider) -> None:
    with pytest.raises(PecError):
        content_of(_signature(provider.acceptance(SENT)))


@given(st.data())
def test_a_damaged_signature_is_not_intact_or_refused(data: st.DataObject) -> None:
    der = _signature(_RAW)
    place = data.draw(st.integers(0, len(der) - 1))
    damaged = der[:place] + data.draw(st.binary(min_size=1, max_size=4)) + der[place + 1 :]
    raw = _RAW.replace(_lines(der), _lines(damaged))
    try:
        check = check_signature(raw)
    except PecError:
        return
    # Damage beside what is signed (the certificate's own signature, say) may leave the content's signature whole.
    assert not check.intact or _verified_parts(damaged) == _verified_parts(der)


@given(st.binary(max_size=120))
def test_no_bytes_make_the_reading_of_signed_files_fail_otherwise(noise: bytes) -> None:
    for content in (noise, b"\x30\x80" + noise, b"\x30\x82\x01\x00" + noise, b"\x30\x80" * 500 + noise):
        with pytest.raises(PecError):
            content_of(content)


def _verified_parts(der: bytes) -> tuple:
    signed = read_signed_data(der)
    return tuple((one.attributes, one.message_digest, one.signature, one.digest_algorithm) for one in signed.signers)


def _signature(raw: bytes) -> bytes:
    return base64.b64decode(raw.split(b'filename="smime.p7s"\r\n\r\n')[1].split(b"\r\n--")[0])


def _lines(der: bytes) -> bytes:
    return base64.encodebytes(der).replace(b"\n", b"\r\n")


def _indefinite(der: bytes) -> bytes:
    """The same signed data with indefinite lengths, as signing programs write them (X.690, 8.1.3.6)."""
    if not der or not der[0] & 0x20:
        return der
    octets = der[1] & 0x7F if der[1] & 0x80 else 0
    content, pieces = der[2 + octets :], []
    while content:
        length, size = content[1], 2
        if length & 0x80:
            size += length & 0x7F
            length = int.from_bytes(content[2:size], "big")
        pieces.append(_indefinite(content[: size + length]))
        content = content[size + length :]
    return bytes([der[0], 0x80]) + b"".join(pieces) + b"\0\0"


_RAW = Provider().acceptance(SENT)
