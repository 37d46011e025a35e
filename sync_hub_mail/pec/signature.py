# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether a signed message is the one that was signed (RFC 8551, 3.5; RFC 5652, 5.4 to 5.6)."""

import contextlib
import hashlib
import re
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from .cms import SignedData, Signer, read_signed_data
from .mime import SIGNATURE_TYPES, Entity, read_entity
from .refusal import PecError

# SHA-1 because receipts of the years before 2013 must still be readable; no weaker one was ever allowed.
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "1.3.14.3.2.26": hashes.SHA1(),
    "2.16.840.1.101.3.4.2.1": hashes.SHA256(),
    "2.16.840.1.101.3.4.2.2": hashes.SHA384(),
    "2.16.840.1.101.3.4.2.3": hashes.SHA512(),
}
_RSASSA_PSS = "1.2.840.113549.1.1.10"
_LINE_BREAK = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What was found out about a signature.

    ``intact``: the content has the hash that was signed, and the signature was made with the key of the certificate
    that came with it. That is all: nobody looked whether the certificate was issued by an authority of the public list
    of providers, was valid on that day, or was withdrawn. ``reason`` is "" or a sentence on what does not agree.

    ``signer`` is the name in the certificate, ``addresses`` its e-mail addresses in small letters, ``fingerprint`` the
    hexadecimal SHA-256 of its DER; all empty when no certificate was found. ``sender_matches``: the message's ``From``
    is one of the addresses, as RFC 6109, 5.1 wants it of a provider's.
    """

    intact: bool
    reason: str = ""
    digest: str = ""
    signer: str = ""
    addresses: tuple[str, ...] = ()
    fingerprint: str = ""
    sender_matches: bool = False


def check_signature(raw: bytes) -> SignatureCheck:
    """Check the signature of a message, given as the bytes that came.

    :raises PecError: when the message is not signed, or its signature cannot be read at all
    """
    message = read_entity(raw)
    content, signed = _signed(message)
    if not signed.signers:
        return SignatureCheck(False, "The signature has no signer.")
    sender = message.header("From").rpartition("<")[2].strip("> ").lower()
    checks = [_check(content, signed, signer, sender) for signer in signed.signers]
    # Each signer vouches for the whole; one who does not is what must be told.
    return next((check for check in checks if not check.intact), checks[0])


def _signed(message: Entity) -> tuple[bytes, SignedData]:
    if message.content_type in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        data = read_signed_data(message.content())
        if data.content is None:
            raise PecError("The signature does not contain the message that it signs.")
        return data.content, data
    parts = message.parts() if message.content_type == "multipart/signed" else []
    if len(parts) < 2 or parts[1].content_type not in SIGNATURE_TYPES:
        raise PecError("The message is not signed.")
    # RFC 8551, 3.1.1: lines are signed as ending in CR LF, however they are kept.
    return _LINE_BREAK.sub(b"\r\n", parts[0].encoded), read_signed_data(parts[1].content())


def _check(content: bytes, signed: SignedData, signer: Signer, sender: str) -> SignatureCheck:
    algorithm = _HASHES.get(signer.digest_algorithm)
    if algorithm is None:
        return SignatureCheck(False, f"The signature uses a hash that is not accepted ({signer.digest_algorithm}).")
    certificates = _certificates(signed, signer)
    if not certificates:
        return SignatureCheck(False, "The certificate of the signer did not come with the signature.", algorithm.name)
    known = _describe(certificates[0], sender) | {"digest": algorithm.name}
    if signer.attributes is not None:
        if signer.message_digest != hashlib.new(algorithm.name, content).digest():
            return SignatureCheck(False, "The message was changed after it was signed.", **known)
        content = signer.attributes
    for certificate in certificates:
        if _verifies(certificate, signer, algorithm, content):
            return SignatureCheck(True, **_describe(certificate, sender) | {"digest": algorithm.name})
    return SignatureCheck(False, "The signature was not made with the key of its certificate.", **known)


def _certificates(signed: SignedData, signer: Signer) -> list[x509.Certificate]:
    found = []
    for der in signed.certificates:
        try:
            certificate = x509.load_der_x509_certificate(der)
            if signer.serial is not None:
                matches = certificate.serial_number == signer.serial
            else:
                identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
                matches = identifier.value.digest == signer.key_identifier
        except Exception:  # a broken certificate makes the library raise whatever it stumbles over (KeyError, say)
            continue
        if matches:
            found.append(certificate)
    return found


def _describe(certificate: x509.Certificate, sender: str) -> dict:
    addresses: list[str] = []
    signer = ""
    # What cannot be read of a certificate is left out: it was found by its number, and its key decides. See above for
    # why everything is suppressed.
    with contextlib.suppress(Exception):
        names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        signer = str(names[0].value) if names else certificate.subject.rfc4514_string()
        mails = certificate.subject.get_attributes_for_oid(x509.NameOID.EMAIL_ADDRESS)
        addresses += [str(name.value) for name in mails]
    with contextlib.suppress(Exception):
        others = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        addresses += others.get_values_for_type(x509.RFC822Name)
    addresses = list(dict.fromkeys(address.lower() for address in addresses))
    return {
        "signer": signer,
        "addresses": tuple(addresses),
        "fingerprint": certificate.fingerprint(hashes.SHA256()).hex(),
        "sender_matches": sender in addresses,
    }


def _verifies(certificate: x509.Certificate, signer: Signer, algorithm: hashes.HashAlgorithm, content: bytes) -> bool:
    try:
        key = certificate.public_key()
    except Exception:  # as above
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            pss = padding.PSS(padding.MGF1(algorithm), padding.PSS.AUTO)
            key.verify(
                signer.signature, content, pss if signer.algorithm == _RSASSA_PSS else padding.PKCS1v15(), algorithm
            )
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signer.signature, content, ec.ECDSA(algorithm))
        else:
            return False
    except (InvalidSignature, UnsupportedAlgorithm, ValueError):
        return False
    return True
