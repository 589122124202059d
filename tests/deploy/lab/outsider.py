"""Somebody else's machine: outsider.py IPV4 IPV6 DOMAIN [PORT …]. Runs alone in a container; what it saw is one JSON document.

Without an IPv6 address (an empty word) that door is not tried; without ports nothing is scanned.
"""

import http.client
import json
import socket
import ssl
import sys
from concurrent.futures import ThreadPoolExecutor

NAMES = ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP")
# Whom the droplet lets in.
FRIEND = "198.18.200.1"
# A port that drops what comes does not answer at all; nearer than this nobody is late on one machine, busy or not.
PATIENCE_SECONDS = 3.0


def ask(address: str, domain: str, headers: dict[str, str]) -> tuple[int, str]:
    """Whatever certificate it shows: an outsider does not look."""
    trust = ssl._create_unverified_context()
    connection = http.client.HTTPSConnection(domain, context=trust, timeout=30)
    connection.sock = trust.wrap_socket(socket.create_connection((address, 443), 30), server_hostname=domain)
    connection.request("GET", "/", headers=headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def is_open(address: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET) as knock:
        knock.settimeout(PATIENCE_SECONDS)
        return knock.connect_ex((address, port)) == 0


def open_ports(address: str, ports: list[int]) -> list[int]:
    with ThreadPoolExecutor(len(ports) or 1) as all_at_once:
        found = list(all_at_once.map(lambda port: is_open(address, port), ports))
    return [port for port, is_there in zip(ports, found, strict=True) if is_there]


def main(four: str, six: str, domain: str, *ports: str) -> None:
    numbers = [int(port) for port in ports]
    seen = {
        "plain": ask(four, domain, {}),
        "spoofed": {
            name: ask(four, domain, {name: f"for={FRIEND}" if name == "Forwarded" else FRIEND})[0] for name in NAMES
        },
        "open4": open_ports(four, numbers),
        "open6": open_ports(six, numbers) if six else [],
    }
    print(json.dumps(seen))


if __name__ == "__main__":
    main(*sys.argv[1:])
