# Copyright 2026 Sync Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Providers give a household or an office another address of these networks every day.
PREFIX_V4 = 24
PREFIX_V6 = 48


def network_of(address: str) -> str:
    """The network of an address as text; empty for what is no address.

    >>> network_of("203.0.113.77"), network_of("2001:db8:12:3456::1"), network_of("::ffff:203.0.113.9")
    ('203.0.113.0/24', '2001:db8:12::/48', '203.0.113.0/24')
    >>> network_of("unknown")
    ''
    """
    try:
        found: IPv4Address | IPv6Address = ip_address(address.strip().split("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    prefix = PREFIX_V4 if found.version == 4 else PREFIX_V6
    return str(ip_network(f"{found}/{prefix}", strict=False))
