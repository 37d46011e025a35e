# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A user of a well-known provider types an address and a password, nothing else."""

import pytest
from odoo.addons.sync_hub.outcome import is_certified_domain
from odoo.addons.sync_hub_mail.pec import PRESETS, Encryption, Preset, preset_for


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_ports_are_those_of_the_encryption(preset: Preset) -> None:
    assert (preset.smtp.port, preset.smtp.encryption) in ((465, Encryption.TLS), (587, Encryption.STARTTLS))
    assert (preset.imap.port, preset.imap.encryption) == (993, Encryption.TLS)
    assert preset.source.startswith("http")


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.code)
def test_servers_of_certified_mail_are_known_as_such_everywhere(preset: Preset) -> None:
    if preset.code != "register":  # its servers' domain does not say so
        assert is_certified_domain(preset.smtp.host) == is_certified_domain(preset.imap.host) == preset.certified


def test_each_provider_has_a_code_and_domains_of_its_own() -> None:
    assert len({preset.code for preset in PRESETS}) == len(PRESETS)
    domains = [domain for preset in PRESETS for domain in preset.domains]
    assert len(set(domains)) == len(domains)


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("invoices@legalmail.it", "legalmail"),
        ("Invoices@POSTECERT.IT", "poste"),
        ("invoices@gmail.com", "gmail"),
        ("invoices@pec.example.it", None),
        ("invoices", None),
    ],
)
def test_the_domain_of_an_address_tells_its_provider_or_nothing(address: str, code: str | None) -> None:
    preset = preset_for(address)
    assert (preset and preset.code) == code
