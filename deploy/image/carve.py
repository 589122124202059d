"""Copies what a Python program needs at run time, and nothing else, into the root of an image: carve.py ENVIRONMENT ROOT [PROGRAM …].

The interpreter, its standard library, the environment, the programs (put into /usr/bin), every shared library that any
of them names, certificates, time zones and one user. What is not copied cannot be used by an intruder: no shell, no package manager.
"""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

UNUSED = ("test", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3", "pydoc_data", "config-*")
# Loaded by name at run time, so that no file names them: ending a thread needs the first.
BY_NAME = ("libgcc_s.so.1",)
USER = 10001


def main(environment: Path, root: Path, programs: list[Path]) -> None:
    interpreter = Path(sys.executable).resolve()
    standard = Path(sysconfig.get_path("stdlib"))
    for name in ("lib", "bin", "sbin", "lib64"):
        _keep_link(Path("/") / name, root)
    _copy(interpreter, root)
    for program in programs:
        # Debian keeps one folder for each version and starts them through a script in Perl, which is not there.
        shutil.copy2(program.resolve(), root / "usr/bin" / program.name)
    for folder in {standard, Path(sysconfig.get_path("platstdlib"))}:
        shutil.copytree(
            folder, root / folder.relative_to("/"), symlinks=True, dirs_exist_ok=True,
            ignore=shutil.ignore_patterns(*UNUSED, "site-packages", "dist-packages"),
        )  # fmt: skip
    shutil.copytree(environment, root / environment.relative_to("/"), symlinks=True, dirs_exist_ok=True)
    _keep_link_chain(environment / "bin" / "python", root)
    for library in _libraries([interpreter, *programs, *_shared_objects(root)]):
        _copy(library, root)
    for path in ("/etc/ssl/certs/ca-certificates.crt", "/usr/share/zoneinfo", "/etc/ld.so.cache"):
        if Path(path).exists():
            _copy(Path(path), root)
    _one_user(root)


def _shared_objects(root: Path) -> list[Path]:
    return [path for path in root.rglob("*.so*") if path.is_file() and not path.is_symlink()]


def _libraries(objects: list[Path]) -> set[Path]:
    """The files outside that these name, directly or through others; libraries a wheel brings along are in it already."""
    found: set[Path] = set()
    for start in range(0, len(objects), 50):
        said = subprocess.run(
            ["ldd", *map(str, objects[start : start + 50])], capture_output=True, text=True, check=False
        ).stdout
        found |= {Path(path) for path in re.findall(r"(?:=> )?(/\S+) \(0x", said)}
    folders = {path.parent for path in found}
    found |= {folder / name for folder in folders for name in BY_NAME if (folder / name).exists()}
    return {path for path in found if "/opt/woodpecker/" not in str(path) and "/root-of-image/" not in str(path)}


def _copy(path: Path, root: Path) -> None:
    """The file under its own name and, where that is a link, what it points to."""
    target = root / path.relative_to("/")
    if target.exists():
        return
    (root / path.parent.resolve().relative_to("/")).mkdir(parents=True, exist_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.copytree(path, target, symlinks=True)
    else:
        shutil.copy2(path.resolve(), target)


def _keep_link(path: Path, root: Path) -> None:
    """/lib and its like are links into /usr on a merged system, and must stay so."""
    if path.is_symlink():
        (root / path.resolve().relative_to("/")).mkdir(parents=True, exist_ok=True)
        (root / path.relative_to("/")).symlink_to(path.readlink())


def _keep_link_chain(path: Path, root: Path) -> None:
    while path.is_symlink():
        target = root / path.relative_to("/")
        if not target.is_symlink() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path.readlink())
        path = path.parent / path.readlink()
        path = Path(os.path.normpath(path))


def _one_user(root: Path) -> None:
    (root / "etc").mkdir(exist_ok=True)
    (root / "etc/passwd").write_text(f"woodpecker:x:{USER}:{USER}::/data:/nonexistent\n")
    (root / "etc/group").write_text(f"woodpecker:x:{USER}:\n")
    # A new named volume takes owner and mode of the folder it covers.
    data = root / "data"
    data.mkdir(mode=0o700)
    os.chown(data, USER, USER)
    (root / "tmp").mkdir(mode=0o1777, exist_ok=True)
    (root / "tmp").chmod(0o1777)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(name) for name in sys.argv[3:]])
