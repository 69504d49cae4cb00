#!/usr/bin/env python3
"""Checks what Leeward wrote out, with nothing but Python 3.8 or newer: `python3 verify.py [DIR]`.

    python3 verify.py [DIR] [--anchors FILE]

Every hash chain is walked again from its first entry, sealed device samples are compared with the
events that sealed them, signed documents with their signatures, the drug ledgers must add up to
nothing, and every anchor must find the entries it names. Exit code 1 at any fault.

This file stands alone so that an auditor can read all of it. It uses no part of Leeward.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path

GENESIS = "0" * 64
SEALED = "treatment.samples_sealed.v1"

# Ed25519 (RFC 8032), verification alone, written for reading and not for speed.
PRIME = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
CURVE_D = -121665 * pow(121666, PRIME - 2, PRIME) % PRIME
ROOT_OF_MINUS_1 = pow(2, (PRIME - 1) // 4, PRIME)


def canonical(content):
    """The one text that a hash covers: sorted keys, no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def link(before, content):
    return hashlib.sha256((before + "\n" + canonical(content)).encode()).hexdigest()


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def lines_of(file):
    with file.open(encoding="utf-8") as source:
        for line in source:
            if line.strip():
                yield json.loads(line)


def check_chains(folder, wanted, faults):
    """Walk every chain; keep the hashes that an anchor asks for, and the seals of samples."""
    ends, kept, seals = {}, {}, {}
    for name in ("audit", "sessions", "ledgers"):
        for row in lines_of(folder / "chains" / (name + ".ndjson")):
            chain, seq = row["chain"], row["seq"]
            before_seq, before = ends.get(chain, (0, GENESIS))
            if seq != before_seq + 1:
                faults.append(f"{chain}: entry {before_seq + 1} is missing (found {seq})")
            elif row["prev_hash"] != before:
                faults.append(f"{chain}: entry {seq} does not continue")
            elif link(before, row["content"]) != row["hash"]:
                faults.append(f"{chain}: entry {seq} has been altered")
            ends[chain] = (seq, row["hash"])
            if (chain, seq) in wanted:
                kept[chain, seq] = row["hash"]
            note_seal(chain, row["content"], seals)
            note_sum(chain, row["content"], faults)
    heads = json.loads((folder / "chains" / "heads.json").read_text(encoding="utf-8"))
    for chain in sorted(set(heads) | set(ends)):
        seq, digest = heads.get(chain, (0, ""))
        if ends.get(chain, (0, digest)) != (seq, digest):
            faults.append(f"{chain}: it does not end at entry {seq}, as its head says")
    return len(heads), kept, seals


def note_seal(chain, content, seals):
    if content.get("type") == SEALED:
        sealed = json.loads(content["payload"])
        seals[chain, sealed["binding_id"], sealed["minute"]] = sealed["digest"]


def note_sum(chain, content, faults):
    if chain.startswith("ledger:") and sum(line[3] for line in content["lines"]):
        faults.append("{}: entry {} does not add up".format(chain, content["seq"]))


def check_samples(folder, seals, faults):
    count = 0
    for row in lines_of(folder / "chains" / "samples.ndjson"):
        count += 1
        digest = seals.pop((row["chain"], row["binding"], row["minute"]), None)
        if digest != sha256(row["text"]):
            said = "were never sealed" if digest is None else "have been altered"
            faults.append("{}: the samples of {} {}".format(row["chain"], row["minute"], said))
    for chain, _, minute in seals:
        faults.append(f"{chain}: the samples of {minute} are missing")
    return count


def check_documents(folder, faults):
    count = 0
    for file in sorted((folder / "documents").glob("*/signature.json")):
        count += 1
        said = json.loads(file.read_text(encoding="utf-8"))
        record = (file.parent / "record.json").read_bytes()
        if hashlib.sha256(record).hexdigest() != said["record_sha256"]:
            faults.append(
                "document {}: the record is not the one that was signed".format(said["id"])
            )
        for each in said["signatures"]:
            statement = canonical(each["statement"]).encode()
            fits = each["statement"]["record_sha256"] == said["record_sha256"]
            if not fits or not signed(said["public_key"], statement, each["signature"]):
                faults.append("document {}: a signature does not fit".format(said["id"]))
    return count


def read_anchors(file, faults):
    """The lines of an anchor file, each checked against the one before and its own signature."""
    before, heads, anchors = GENESIS, {}, []
    for number, text in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
        anchor = json.loads(text)
        signature = anchor.pop("signature")
        heads.update({chain: tuple(head) for chain, head in anchor["changed"].items()})
        if anchor["before"] != before or anchor["n"] != number:
            faults.append(f"anchor {number}: it does not follow the line before it")
        if anchor["root"] != root_of(heads):
            faults.append(f"anchor {number}: its root is not that of its chains")
        if not signed(anchor["key"], canonical(anchor).encode(), signature):
            faults.append(f"anchor {number}: its signature does not fit")
        anchors.append(anchor)
        before = sha256(text)
    return anchors


def root_of(heads):
    rows = [f"{chain} {seq} {digest}\n" for chain, (seq, digest) in sorted(heads.items())]
    return sha256("".join(rows))


def check_anchors(anchors, kept, faults):
    for anchor in anchors:
        saw = f"which anchor {anchor['n']} saw"
        for chain, (seq, digest) in sorted(anchor["changed"].items()):
            found = kept.get((chain, seq))
            if found is None:
                faults.append(f"{chain}: entry {seq} is gone, {saw}")
            elif found != digest:
                faults.append(f"{chain}: it was rewritten before entry {seq}, {saw}")


def check_files(folder, faults):
    """Every file that the export lists, as it was written."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in sorted(manifest["files"].items()):
        file = folder / name
        if not file.is_file():
            faults.append(f"{name} is missing")
            continue
        found = hashlib.sha256()
        with file.open("rb") as source:
            for chunk in iter(lambda: source.read(1 << 20), b""):
                found.update(chunk)
        if found.hexdigest() != digest:
            faults.append(f"{name} is not as it was written")
    return len(manifest["files"])


def signed(public, message, signature):
    """Whether an Ed25519 signature [hex] of `message` fits a public key [hex]."""
    try:
        key, proof = bytes.fromhex(public), bytes.fromhex(signature)
    except ValueError:
        return False
    point, commitment = unpacked(key), unpacked(proof[:32])
    scalar = int.from_bytes(proof[32:], "little")
    if len(proof) != 64 or point is None or commitment is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(proof[:32] + key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return same(times(scalar, BASE), added(commitment, times(challenge, point)))


def added(one, other):
    x1, y1, z1, t1 = one
    x2, y2, z2, t2 = other
    a, b = (y1 - x1) * (y2 - x2) % PRIME, (y1 + x1) * (y2 + x2) % PRIME
    c, d = 2 * t1 * t2 * CURVE_D % PRIME, 2 * z1 * z2 % PRIME
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % PRIME, g * h % PRIME, f * g % PRIME, e * h % PRIME


def times(scalar, point):
    total = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            total = added(total, point)
        point, scalar = added(point, point), scalar >> 1
    return total


def same(one, other):
    return not (
        (one[0] * other[2] - other[0] * one[2]) % PRIME
        or (one[1] * other[2] - other[1] * one[2]) % PRIME
    )


def unpacked(data):
    """A point of the curve from its 32 bytes; None when there is none."""
    if len(data) != 32:
        return None
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= PRIME:
        return None
    square = (y * y - 1) * pow(CURVE_D * y * y + 1, PRIME - 2, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if (x * x - square) % PRIME:
        x = x * ROOT_OF_MINUS_1 % PRIME
    if (x * x - square) % PRIME or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = PRIME - x
    return x, y, 1, x * y % PRIME


BASE = unpacked((4 * pow(5, PRIME - 2, PRIME) % PRIME).to_bytes(32, "little"))


def main(argv=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=Path(__file__).parent)
    parser.add_argument("--anchors", type=Path, help="an anchor file kept elsewhere")
    args = parser.parse_args(argv)
    faults = []
    files = check_files(args.folder, faults)
    beside = args.folder / "chains" / "anchors.ndjson"
    source = args.anchors or (beside if beside.is_file() else None)
    anchors = read_anchors(source, faults) if source else []
    wanted = {(chain, head[0]) for a in anchors for chain, head in a["changed"].items()}
    chains, kept, seals = check_chains(args.folder, wanted, faults)
    samples = check_samples(args.folder, seals, faults)
    documents = check_documents(args.folder, faults)
    check_anchors(anchors, kept, faults)
    print(
        f"{files} files, {chains} chains, {samples} sealed minutes, "
        f"{documents} signed documents, {len(anchors)} anchors checked"
    )
    for fault in faults:
        print("FAULT  " + fault)
    if not anchors:
        print("No anchor was given: a cut or wholly rewritten chain would not show.")
    print(f"{len(faults)} faults." if faults else "Everything is whole.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
