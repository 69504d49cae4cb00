"""Fetch the pinned front-end files anew with npm, by package name, and compare their sums.

Without arguments a file that differs from `vendor.json` is an error and nothing is written.
`--accept` takes what npm gives and writes the new sums: read the difference before committing.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

STATIC = Path(__file__).parents[1] / "src" / "leeward" / "web" / "static"
LIST = STATIC / "vendor" / "vendor.json"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accept", action="store_true", help="write new sums to vendor.json")
    accept = parser.parse_args().accept
    if shutil.which("npm") is None:
        print("npm is needed for this, and only for this.", file=sys.stderr)
        return 1
    listed = json.loads(LIST.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        found = [
            (file, content)
            for package in listed["packages"]
            for file, content in _fetch(package, Path(folder))
        ]
    differing = [file["file"] for file, content in found if _sum(content) != file["sha256"]]
    if differing and not accept:
        print("Not as pinned, nothing written:", *differing, sep="\n  ", file=sys.stderr)
        return 1
    for file, content in found:
        target = STATIC / file["file"]
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        file["sha256"] = _sum(content)
    LIST.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")
    print(f"{len(found)} files of {len(listed['packages'])} packages, sums as pinned.")
    return 0


def _fetch(package: dict, folder: Path) -> list[tuple[dict, bytes]]:
    """The wanted files of one package, read out of its archive; nothing of it is ever run."""
    name = f"{package['name']}@{package['version']}"
    packed = subprocess.run(
        ["npm", "pack", name, "--json", "--ignore-scripts"],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    [report] = json.loads(packed.stdout)
    with tarfile.open(folder / Path(report["filename"]).name) as archive:
        contents = []
        for file in package["files"]:
            member = archive.extractfile(f"package/{file['from']}")
            if member is None:
                raise FileNotFoundError(f"{name} has no {file['from']}")
            contents.append((file, member.read()))
    return contents


def _sum(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
