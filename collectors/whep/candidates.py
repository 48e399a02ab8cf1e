"""Which of the media addresses in an answer we are willing to send packets to.

A hostile relay could aim our connectivity checks at machines of the bureau. A lab's relay, on the other hand,
rightly names several addresses: its LAN address behind a NAT, the public one, a second interface. So an
address is believed when it is the one the answer came from, or when its *reach* is at least as wide: a relay
on a private network may name private and public addresses, a relay on the public internet only public ones,
and loopback is for a relay on loopback. What is dropped could not have been reached from here anyway, except
when the bureau sits in the lab's own network; such a relay is then registered by its private address. Checks
carry nothing but the session's own ICE credentials.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

MAX_CANDIDATES = 16
LOOPBACK, PRIVATE, PUBLIC = range(3)


def keep_candidates(section: list[str], relay_address: str) -> tuple[list[str], list[str]]:
    """The section without the candidates we do not use, and the addresses dropped."""
    kept: list[str] = []
    dropped: list[str] = []
    count = 0
    for line in section:
        if not line.startswith("a=candidate:"):
            kept.append(line)
            continue
        fields = line[len("a=candidate:") :].split()
        if count < MAX_CANDIDATES and _usable(fields, relay_address):
            count += 1
            kept.append(line)
        else:
            dropped.append(fields[4] if len(fields) > 4 else "unreadable")
    return kept, dropped


def _usable(fields: list[str], relay_address: str) -> bool:
    """UDP with a literal address: names would be resolved by us, and aioice speaks no ICE-TCP."""
    if len(fields) < 8 or fields[2].lower() != "udp" or not all(f.isdigit() for f in (fields[1], fields[3], fields[5])):
        return False
    try:
        address, relay = _address(fields[4]), _address(relay_address)
    except ValueError:
        return False
    if address.is_multicast or address.is_unspecified or address.is_reserved or not 0 < int(fields[5]) < 65536:
        return False
    return address == relay or (not address.is_link_local and _reach(address) >= _reach(relay))


def _address(text: str) -> IPv4Address | IPv6Address:
    """IPv4 written as IPv6 is judged as IPv4."""
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address


def _reach(address: IPv4Address | IPv6Address) -> int:
    if address.is_loopback:
        return LOOPBACK
    return PUBLIC if address.is_global else PRIVATE
