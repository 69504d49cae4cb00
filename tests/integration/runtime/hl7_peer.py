"""A monitor as a process of its own: sends PCD-01 over MLLP once and again, prints each answer.

`python -m tests.integration.runtime.hl7_peer PORT EVERY_S [COUNT]`. Fails on any byte from the
other side that is not part of an acknowledgement.
"""

import socket
import sys
import time

from tests.unit.devices.hl7_messages import vitals

START, END = b"\x0b", b"\x1c\r"


def answer(link: socket.socket) -> bytes:
    data = b""
    while not data.endswith(END):
        chunk = link.recv(4096)
        if not chunk:
            raise SystemExit("the other side hung up")
        data += chunk
    only_acks(data)
    return data


def only_acks(data: bytes) -> None:
    """Whatever comes back must be one ACK and nothing else: no order, no setting, no query."""
    whole = data.startswith(START) and data.endswith(END) and data.count(START) == 1
    lines = [line for line in data.strip(START + END).split(b"\r") if line]
    names = [line[:3] for line in lines]
    if not whole or names[:2] != [b"MSH", b"MSA"] or set(names) - {b"MSH", b"MSA", b"ERR"}:
        raise SystemExit(f"not an acknowledgement: {data!r}")
    if not lines[0].split(b"|")[8].startswith(b"ACK"):
        raise SystemExit(f"not an acknowledgement: {data!r}")


def main() -> None:
    port, every_s = int(sys.argv[1]), float(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000
    with socket.create_connection(("127.0.0.1", port), timeout=20) as link:
        for n in range(1, count + 1):
            link.sendall(START + vitals(str(60 + n % 40), control_id=f"P{n}") + END)
            code = answer(link).split(b"MSA|")[1].split(b"|")
            print(code[0].decode(), code[1].split(b"\r")[0].decode(), flush=True)
            time.sleep(every_s)


if __name__ == "__main__":
    main()
