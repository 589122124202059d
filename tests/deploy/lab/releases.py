"""Images of the test: a good one, the same again under another digest, and bad ones with one fault each."""

import shutil
from pathlib import Path

from tests.deploy.lab.machine import HERE, IMAGE, REPOSITORY, STATE, run

FAULTS = ("crash", "never-ready", "errors", "slow", "leak", "stalled-worker")
MIGRATIONS = {
    "broken-migration": ("additive", 'op.execute("CREATE TABLE half (id INTEGER)")\n    raise RuntimeError("broken")'),
    "loses-rows": (
        "additive",
        'op.execute("DELETE FROM do_not_contact WHERE id = (SELECT min(id) FROM do_not_contact)")',
    ),
    "additive": ("additive", 'op.execute("CREATE TABLE added_by_test (id INTEGER)")'),
    "breaking": ("breaking", 'op.execute("CREATE TABLE broken_by_test (id INTEGER)")'),
    "breaking-then-crash": ("breaking", 'op.execute("CREATE TABLE broken_by_test (id INTEGER)")'),
}
_PACKAGE = "/opt/woodpecker/lib/python3.13/site-packages/woodpecker_api"


def build_good(tag: str) -> None:
    run("docker", "build", "-q", "-t", f"{IMAGE}:{tag}", "--build-arg", f"VERSION={tag}", str(REPOSITORY), timeout=1200)


def build_variant(tag: str, base: str, fault: str | None = None) -> None:
    """`fault` is one of FAULTS or MIGRATIONS; None is the same program under another digest."""
    folder = STATE / "build" / tag
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    lines = [f"FROM {IMAGE}:{base}", f"LABEL variant={tag}"]
    if fault in FAULTS or fault == "breaking-then-crash":
        shutil.copy(HERE / "faults.py", folder / "faults.py")
        lines += ["COPY faults.py /faults.py", f"ENV FAULT={'crash' if fault == 'breaking-then-crash' else fault}"]
        lines += ['ENTRYPOINT ["python", "/faults.py"]', 'CMD ["serve", "--no-worker"]']
    if fault in MIGRATIONS:
        name = f"9999_{fault.replace('-', '_')}"
        (folder / f"{name}.py").write_text(_migration(name, *MIGRATIONS[fault]))
        lines.append(f"COPY {name}.py {_PACKAGE}/migrations/versions/{name}.py")
    (folder / "Dockerfile").write_text("\n".join(lines) + "\n")
    run("docker", "build", "-q", "-t", f"{IMAGE}:{tag}", str(folder))


def _migration(name: str, kind: str, body: str) -> str:
    versions = REPOSITORY / "backend/woodpecker_api/migrations/versions"
    newest = max(path.stem for path in Path(versions).glob("[0-9]*.py"))
    return (
        f'"""A migration of the test.\n\nKind: {kind}\n"""\n\nfrom alembic import op\n\nrevision = "{name}"\ndown_revision = "{newest}"\n'
        f"branch_labels = None\ndepends_on = None\n\n\ndef upgrade() -> None:\n    {body}\n"
    )
