"""Fails when a page has grown: gzip size of the JavaScript that a cold load of it needs, from the build's manifest.

python scripts/check_bundle.py [frontend/dist]
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

# Page → most kB (1,000 bytes) of gzipped JavaScript; what is loaded later, on demand, does not count.
BARS = {
    "src/features/leads/leads-page.tsx": 220,
    "src/features/review/review-page.tsx": 250,
}
ENTRY = "index.html"


def needed(manifest: dict[str, Any], roots: list[str]) -> set[str]:
    """Files of the chunks that must be there before these can run."""
    files, waiting, seen = set(), list(roots), set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            files.add(manifest[name]["file"])
            waiting += manifest[name].get("imports", [])
    return files


def main() -> int:
    dist = Path(sys.argv[1] if len(sys.argv) > 1 else "frontend/dist")
    manifest = json.loads((dist / ".vite" / "manifest.json").read_text())
    grown = False
    for page, most in BARS.items():
        files = needed(manifest, [ENTRY, page])
        kilobytes = sum(len(gzip.compress((dist / file).read_bytes(), 9)) for file in files) / 1000
        print(f"{page}: {kilobytes:.1f} of {most} kB in {len(files)} files")
        grown |= kilobytes > most
    return int(grown)


if __name__ == "__main__":
    sys.exit(main())
