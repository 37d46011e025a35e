# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from collections.abc import Mapping
from hashlib import blake2b

# 65 536 buckets: their checksums are about 3 MB as JSON.
MOST_BITS = 16
DIGEST_BYTES = 16
_HASH_BITS = 64

# Canonical id of a record, and the token of each of its compared fields.
Record = tuple[str, Mapping[str, str]]


def bucket_of(canonical: str, bits: int) -> int:
    """The bucket of a record: the first ``bits`` bits of the BLAKE2b hash (of 8 bytes) of its canonical id.

    Evenly spread whatever the ids look like, the same in every database, and the same prefix with fewer bits:

    >>> [bucket_of("acme.partner_7", bits) for bits in (0, 1, 4, 8)]
    [0, 0, 2, 40]
    >>> 40 >> 4
    2
    """
    hashed = blake2b(canonical.encode("utf-8", "surrogatepass"), digest_size=_HASH_BITS // 8).digest()
    return int.from_bytes(hashed, "big") >> (_HASH_BITS - bits)


def bits_for(records: int, per_bucket: int = 256) -> int:
    """How many bits make buckets of about ``per_bucket`` records, or more when that were too many buckets.

    >>> [bits_for(records) for records in (0, 256, 257, 500_000, 10**9)]
    [0, 0, 1, 11, 16]
    """
    buckets = -(-records // per_bucket)
    return min(max(buckets - 1, 0).bit_length(), MOST_BITS)


def record_digest(canonical: str, tokens: Mapping[str, str]) -> int:
    """A number of 128 bits that changes with the id, with the set of fields, and with the token of each.

    The order of the fields does not matter:

    >>> record_digest("acme.p1", {"a": "1", "b": "2"}) == record_digest("acme.p1", {"b": "2", "a": "1"})
    True
    """
    parts = [canonical]
    for name in sorted(tokens):
        parts += (name, tokens[name])
    # With its length before each, no two lists of parts are the same text.
    text = "".join([f"{len(part)}:{part}" for part in parts])
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES).digest(), "big")
