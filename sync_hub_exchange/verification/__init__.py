# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether two databases hold the same records, without sending the records. Pure Python.

Every record falls into a bucket by its canonical id; each side computes a count and a checksum per bucket, in one pass
and in any order. Only where these differ are ids and digests listed and compared:

>>> here = {"base.it": {"name": "t1"}, "acme.p1": {"name": "t2"}, "acme.p2": {"name": "t3"}}
>>> there = {"base.it": {"name": "t1"}, "acme.p1": {"name": "t9"}, "acme.p3": {"name": "t4"}}
>>> suspects = differing_buckets(checksums_of(here.items(), bits=4), checksums_of(there.items(), bits=4))
>>> compare(listing(here.items(), suspects), listing(there.items(), suspects))
Difference(only_here=('acme.p2',), only_there=('acme.p3',), different=('acme.p1',))

The checksums find what went wrong, not what somebody did on purpose: who may choose the contents of many records can
construct two sets with the same sum.

- ``buckets``: which record falls where, and the digest of one record.
- ``checksums``: :class:`Checksums`, count and sum per bucket.
- ``difference``: buckets that differ, and then ids that do.
"""

from .buckets import Record, bits_for, bucket_of, record_digest
from .checksums import Checksums, checksums_of
from .difference import Difference, Suspects, compare, differing_buckets, listing, portions

__all__ = [
    "Checksums",
    "Difference",
    "Record",
    "Suspects",
    "bits_for",
    "bucket_of",
    "checksums_of",
    "compare",
    "differing_buckets",
    "listing",
    "portions",
    "record_digest",
]
