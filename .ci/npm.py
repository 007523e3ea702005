"""Fetch single files of pinned npm packages by npm itself, and check their digests. Into `.venv/practice`.

npm.py axe      the checker of accessibility that tests of the practice page use
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

FETCHED = Path(__file__).resolve().parent.parent / ".venv" / "practice"
AXE = (
    "axe-core",
    "4.14.1",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
    ("axe.min.js",),
)


def fetch(name: str, version: str, sha512: str, members: tuple[str, ...]) -> Path:
    """Fetch a package unless it is there, check it, and unpack some of its files; the folder with them."""
    FETCHED.mkdir(parents=True, exist_ok=True)
    archive = FETCHED / f"{name}-{version}.tgz"
    if not archive.exists():
        npm = shutil.which("npm")
        if npm is None or shutil.which("node") is None:
            sys.exit("this needs npm, and Node 20 or later (Debian: sudo apt-get install npm)")
        print(f"fetching {name} {version} from npm")
        sys.stdout.flush()
        words = [npm, "pack", "--silent", f"{name}@{version}", "--pack-destination", str(FETCHED)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=FETCHED)
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != sha512:
        archive.unlink()
        sys.exit(f"{archive.name} is not what is expected: its digest is sha512-{digest}; it was deleted")
    folder = FETCHED / name
    folder.mkdir(exist_ok=True)
    with tarfile.open(archive) as packed:
        for member in members:
            found = packed.extractfile(f"package/{member}")
            if found is None:
                sys.exit(f"{archive.name} has no {member}")
            (folder / member).parent.mkdir(parents=True, exist_ok=True)
            (folder / member).write_bytes(found.read())
    return folder


if __name__ == "__main__":
    fetch(*AXE)
