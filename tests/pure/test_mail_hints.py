# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The hints on a sender's domain are green, amber or red for a reason, and "not checked" when DNS does not answer."""

import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

pytest.importorskip("dns.resolver", reason="dnspython is not installed")
import dns.resolver
from emulators.smtp.names import HOST, NameServer
from odoo.addons.sync_hub_mail.domain_hints import (
    Light,
    NoAnswer,
    Reason,
    Topic,
    dkim_hint,
    dmarc_hint,
    hints_for,
    spf_hint,
)
from odoo.addons.sync_hub_mail.domain_hints.dns_resolver import DnsResolver

SENDER = "anna@rossi.example"
DOMAIN = "rossi.example"
SERVER = "smtp.provider.example"
SERVER_IP = {SERVER: {"A": ["192.0.2.10"]}}


def txt(*texts: str) -> dict[str, list[str]]:
    return {"TXT": [_quoted(text) for text in texts]}


def _quoted(text: str) -> str:
    """As strings of at most 255 characters, of which a long record is made."""
    return " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))


@pytest.fixture
def names():
    with NameServer() as server:
        yield server


@pytest.fixture
def resolver(names):
    return DnsResolver((HOST,), port=names.port, seconds=1.0)


def spf(names, record: str, **zones: dict) -> tuple[Light, Reason]:
    names.zone = {**SERVER_IP, DOMAIN: txt(record), **zones}
    # A new resolver for each look: it remembers what it was told.
    hint = spf_hint(SENDER, SERVER, DnsResolver((HOST,), port=names.port, seconds=1.0))
    assert hint.topic is Topic.SPF
    return hint.light, hint.reason


LISTED = (Light.GREEN, Reason.SERVER_LISTED)
NOT_LISTED = (Light.RED, Reason.SERVER_NOT_LISTED)


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("v=spf1 ip4:192.0.2.10 -all", LISTED),
        ("v=spf1 ip4:192.0.2.0/28 -all", LISTED),
        ("v=spf1 ip4:192.0.2.16/28 -all", NOT_LISTED),
        ("v=spf1 ip4:198.51.100.1 ~all", (Light.AMBER, Reason.SERVER_DOUBTFUL)),
        ("v=spf1 ip4:198.51.100.1 ?all", (Light.AMBER, Reason.NOTHING_SAID)),
        ("v=spf1 ip4:198.51.100.1", (Light.AMBER, Reason.NOTHING_SAID)),
        ("v=spf1 -ip4:192.0.2.10 ip4:192.0.2.0/24 -all", NOT_LISTED),
        ("V=SPF1 IP4:192.0.2.10 -ALL", LISTED),
        ("v=spf1 +all", (Light.RED, Reason.ANYBODY_LISTED)),
        ("v=spf1 unknown=thing ip4:192.0.2.10 exp=why.example -all", LISTED),
        ("v=spf1 ptr -all", NOT_LISTED),
    ],
)
def test_spf_says_whether_the_domain_lists_its_mail_server(names, record, told):
    assert spf(names, record) == told


@pytest.mark.parametrize(
    "record",
    [
        "v=spf1 ip4:300.1.1.1 -all",
        "v=spf1 ip6:192.0.2.1 -all",
        "v=spf1 ip4:192.0.2.10 inclde:x.example -all",
        "v=spf1 ip4:192.0.2.10/33 -all",
        "v=spf1 include -all",
        "v=spf1 a: -all",
        "v=spf1 a/33 -all",
        "v=spf1 all:x.example",
        "v=spf1 redirect=a.example redirect=b.example",
        "v=spf1 exists:%{q}.example -all",
    ],
)
def test_a_record_that_receivers_cannot_read_is_red(names, record):
    assert spf(names, record) == (Light.RED, Reason.SPF_BROKEN)


def test_the_records_of_providers_are_included(names):
    told = spf(
        names,
        "v=spf1 include:_spf.provider.example -all",
        **{"_spf.provider.example": txt("v=spf1 ip4:192.0.2.0/24 ~all")},
    )
    assert told == LISTED


def test_what_an_included_record_refuses_is_not_refused_here(names):
    others = {"_spf.other.example": txt("v=spf1 -all")}
    assert spf(names, "v=spf1 include:_spf.other.example ip4:192.0.2.10 -all", **others) == LISTED


def test_a_record_can_be_the_one_of_another_domain(names):
    other = {"_spf.provider.example": txt("v=spf1 ip4:192.0.2.10 -all")}
    assert spf(names, "v=spf1 redirect=_spf.provider.example", **other) == LISTED
    assert spf(names, "v=spf1 -all redirect=_spf.provider.example", **other) == NOT_LISTED


def test_addresses_and_mail_servers_of_domains_are_looked_up(names):
    zones = {
        "mail.rossi.example": {"A": ["192.0.2.9"], "AAAA": ["2001:db8::1"]},
        "mx.rossi.example": {"MX": ["10 mail.rossi.example."]},
    }
    assert spf(names, "v=spf1 a:mail.rossi.example -all", **zones) == NOT_LISTED
    assert spf(names, "v=spf1 a:mail.rossi.example/24 -all", **zones) == LISTED
    assert spf(names, "v=spf1 mx:mx.rossi.example/24 -all", **zones) == LISTED
    assert spf(names, "v=spf1 mx:mx.rossi.example -all", **zones) == NOT_LISTED


def test_a_server_of_ipv6_is_found(names, resolver):
    names.zone = {SERVER: {"AAAA": ["2001:db8::10"]}, DOMAIN: txt("v=spf1 ip6:2001:db8::/32 -all")}
    assert spf_hint(SENDER, SERVER, resolver).reason is Reason.SERVER_LISTED


def test_a_server_with_several_addresses_is_listed_with_one(names, resolver):
    names.zone = {SERVER: {"A": ["203.0.113.1", "192.0.2.10"]}, DOMAIN: txt("v=spf1 ip4:192.0.2.10 -all")}
    hint = spf_hint(SENDER, SERVER, resolver)
    assert hint.reason is Reason.SERVER_LISTED
    assert set(hint.values["addresses"].split(", ")) == {"203.0.113.1", "192.0.2.10"}


def test_macros_are_replaced(names):
    listed = {"10.2.0.192.in-addr.anna.rossi.example": {"A": ["127.0.0.2"]}}
    assert spf(names, "v=spf1 exists:%{ir}.%{v}.%{l}.%{d2} -all", **listed) == LISTED
    assert spf(names, "v=spf1 exists:%{i}.%{d} -all", **listed) == NOT_LISTED


def chain(length: int) -> dict[str, dict]:
    """Records of which each includes the next; the last lists the server."""
    zones = {f"{number}.example": txt(f"v=spf1 include:{number + 1}.example -all") for number in range(1, length)}
    return {**zones, f"{length}.example": txt("v=spf1 ip4:192.0.2.10 -all")}


def test_ten_lookups_are_allowed_and_eleven_are_not(names):
    assert spf(names, "v=spf1 include:1.example -all", **chain(10)) == LISTED


def test_an_eleventh_lookup_makes_the_record_worthless(names):
    told = spf(names, "v=spf1 include:1.example -all", **chain(11))
    assert told == (Light.RED, Reason.TOO_MANY_LOOKUPS)


def test_a_record_that_includes_itself_ends(names):
    assert spf(names, f"v=spf1 include:{DOMAIN} -all") == (Light.RED, Reason.TOO_MANY_LOOKUPS)


def test_names_that_do_not_exist_are_limited_too(names):
    told = spf(names, "v=spf1 a:x.example a:y.example a:z.example ip4:192.0.2.10 -all")
    assert told == (Light.RED, Reason.TOO_MANY_LOOKUPS)


def test_an_included_domain_without_a_record_breaks_the_record(names):
    assert spf(names, "v=spf1 include:nobody.example -all") == (Light.RED, Reason.SPF_BROKEN)


def test_a_domain_without_spf_and_one_with_two_records_are_red(names, resolver):
    names.zone = {**SERVER_IP, DOMAIN: txt("google-site-verification=x", "v=spf10 -all")}
    assert spf_hint(SENDER, SERVER, resolver).reason is Reason.SPF_MISSING
    names.zone = {**SERVER_IP, "due.example": txt("v=spf1 -all", "v=spf1 ~all")}
    assert spf_hint("anna@due.example", SERVER, resolver).reason is Reason.SPF_SEVERAL


def test_a_server_without_an_address_is_told(names, resolver):
    names.zone = {DOMAIN: txt("v=spf1 mx -all"), "mx": {}}
    hint = spf_hint(SENDER, SERVER, resolver)
    assert (hint.light, hint.reason) == (Light.AMBER, Reason.SERVER_UNKNOWN)


def rsa_key(bits: int) -> str:
    return _der(rsa.generate_private_key(public_exponent=65537, key_size=bits).public_key())


def _der(key) -> str:
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


# Libraries make none of 512 bits any more.
SHORT_KEY = _der(rsa.RSAPublicNumbers(65537, (1 << 511) | 1).public_key())
ED25519 = base64.b64encode(ed25519.Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()


def dkim(names, resolver, record: str) -> tuple[Light, Reason]:
    names.zone = {f"sel._domainkey.{DOMAIN}": txt(record)}
    hint = dkim_hint(DOMAIN, resolver, ("sel",))
    assert hint.topic is Topic.DKIM
    return hint.light, hint.reason


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ("v=DKIM1; k=rsa; p=" + rsa_key(2048), (Light.GREEN, Reason.KEY_FOUND)),
        ("p=" + rsa_key(2048), (Light.GREEN, Reason.KEY_FOUND)),
        ("v=DKIM1; k=ed25519; p=" + ED25519, (Light.GREEN, Reason.KEY_FOUND)),
        ("v=DKIM1; p=" + rsa_key(1024), (Light.AMBER, Reason.KEY_WEAK)),
        ("v=DKIM1; p=" + SHORT_KEY, (Light.RED, Reason.KEY_TOO_SHORT)),
        ("v=DKIM1; t=y; p=" + rsa_key(2048), (Light.AMBER, Reason.KEY_TESTING)),
        ("v=DKIM1; p=", (Light.RED, Reason.KEY_REVOKED)),
        ("v=DKIM1; p=nonsense!", (Light.RED, Reason.KEY_BROKEN)),
        ("v=DKIM1; k=rsa", (Light.RED, Reason.KEY_BROKEN)),
        ("v=DKIM1; k=ed25519; p=" + rsa_key(1024), (Light.RED, Reason.KEY_BROKEN)),
        ("some other text", (Light.RED, Reason.KEY_BROKEN)),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else value[1],
)
def test_dkim_says_what_a_key_is_worth(names, resolver, record, told):
    assert dkim(names, resolver, record) == told


def test_without_a_selector_the_usual_ones_are_tried(names, resolver):
    names.zone = {f"selector2._domainkey.{DOMAIN}": txt("v=DKIM1; p=" + rsa_key(2048))}
    hint = dkim_hint(DOMAIN, resolver)
    assert (hint.light, hint.values["selector"], hint.values["bits"]) == (Light.GREEN, "selector2", "2048")


def test_a_key_under_no_usual_selector_may_be_elsewhere_and_under_a_given_one_is_missing(resolver):
    hint = dkim_hint(DOMAIN, resolver)
    assert (hint.light, hint.reason) == (Light.AMBER, Reason.KEY_NOT_FOUND)
    hint = dkim_hint(DOMAIN, resolver, ("2026",))
    assert (hint.light, hint.reason) == (Light.RED, Reason.KEY_MISSING)


def test_the_best_of_several_keys_counts(names, resolver):
    names.zone = {
        f"default._domainkey.{DOMAIN}": txt("v=DKIM1; p="),
        f"s1._domainkey.{DOMAIN}": txt("v=DKIM1; p=" + rsa_key(2048)),
    }
    assert dkim_hint(DOMAIN, resolver).reason is Reason.KEY_FOUND


@pytest.mark.parametrize(
    ("records", "told"),
    [
        (["v=DMARC1; p=reject; rua=mailto:d@rossi.example"], (Light.GREEN, Reason.POLICY_ENFORCED)),
        (["v=DMARC1; p=quarantine; pct=100"], (Light.GREEN, Reason.POLICY_ENFORCED)),
        (["v=DMARC1; p=quarantine; pct=20"], (Light.AMBER, Reason.POLICY_PARTLY)),
        (["v=DMARC1; p=none"], (Light.AMBER, Reason.POLICY_ONLY_OBSERVES)),
        (["v=DMARC1; p=nothing"], (Light.RED, Reason.DMARC_BROKEN)),
        (["v=DMARC1"], (Light.RED, Reason.DMARC_BROKEN)),
        (["v=DMARC1; p=reject; pct=all"], (Light.RED, Reason.DMARC_BROKEN)),
        (["v=DMARC1; p=reject", "v=DMARC1; p=none"], (Light.RED, Reason.DMARC_SEVERAL)),
        (["something else"], (Light.AMBER, Reason.DMARC_MISSING)),
        ([], (Light.AMBER, Reason.DMARC_MISSING)),
    ],
)
def test_dmarc_says_what_becomes_of_forgeries(names, resolver, records, told):
    names.zone = {f"_dmarc.{DOMAIN}": txt(*records)}
    hint = dmarc_hint(DOMAIN, resolver)
    assert (hint.light, hint.reason) == told


def test_a_domain_without_a_policy_has_the_one_above_for_domains_below(names, resolver):
    names.zone = {f"_dmarc.{DOMAIN}": txt("v=DMARC1; p=reject; sp=none")}
    hint = dmarc_hint(f"news.{DOMAIN}", resolver)
    assert (hint.reason, hint.values["at"]) == (Reason.POLICY_ONLY_OBSERVES, DOMAIN)
    assert dmarc_hint(DOMAIN, resolver).reason is Reason.POLICY_ENFORCED


@pytest.mark.parametrize("how", ["silent", "failing"])
def test_without_an_answer_nothing_is_claimed(names, how):
    getattr(names, how).update(
        {DOMAIN, SERVER, f"_dmarc.{DOMAIN}", f"default._domainkey.{DOMAIN}"},
    )
    resolver = DnsResolver((HOST,), port=names.port, seconds=0.4)
    hints = hints_for(SENDER, SERVER, resolver)
    assert [hint.topic for hint in hints] == [Topic.SPF, Topic.DKIM, Topic.DMARC]
    assert {(hint.light, hint.reason) for hint in hints} == {(Light.NOT_CHECKED, Reason.NO_ANSWER)}


def test_an_included_domain_without_an_answer_is_not_checked(names):
    names.failing.add("_spf.provider.example")
    told = spf(names, "v=spf1 include:_spf.provider.example -all")
    assert told == (Light.NOT_CHECKED, Reason.NO_ANSWER)


def test_a_name_that_dns_cannot_hold_is_not_checked(resolver):
    assert dmarc_hint("a" * 70 + ".example", resolver).light is Light.NOT_CHECKED


def test_all_questions_together_have_a_time_limit(names):
    names.silent = {f"{number}.example" for number in range(4)}
    resolver = DnsResolver((HOST,), port=names.port, seconds=60, in_all=0.5)
    for number in range(4):
        with pytest.raises(NoAnswer):
            resolver.txt(f"{number}.example")
    assert {name for name, _kind in names.asked} == {"0.example"}


def test_without_any_name_server_nothing_is_claimed(monkeypatch):
    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", _no_configuration)
    assert dmarc_hint(DOMAIN, DnsResolver()).light is Light.NOT_CHECKED


def _no_configuration(*_arguments: object) -> None:
    raise dns.resolver.NoResolverConfiguration
