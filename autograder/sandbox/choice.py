"""Which sandbox is used here, what `grade --version` says about it, and how to get a better one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.sandbox import bubblewrap, programs
from autograder.sandbox.limited import Limited

if TYPE_CHECKING:
    from autograder.sandbox.base import Sandbox

_RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")


def usual_sandbox() -> Sandbox:
    """The best sandbox here that has not failed yet."""
    return bubblewrap.present() or Limited()


def what_works() -> str:
    """Which sandbox works here, and a line for each better one on why it does not."""
    found = bubblewrap.working()
    if found is None:
        return "\n".join(["a limited process.", *programs.CHOICE.refused, how_to_install()])
    return "\n".join([f"{found.name} works here ({found.path}).", *programs.CHOICE.refused])


def how_to_install() -> str:
    """How to install bubblewrap on this system, or make it work, in sentences."""
    platform: str = sys.platform
    if platform != "linux":
        return (
            "It only exists for Linux. On Windows use WSL; on a Mac use a Linux "
            "machine or container."
        )
    if _RESTRICTED.is_file() and _RESTRICTED.read_text("ascii").strip() == "1":
        return (
            "On this system only programs with an AppArmor profile may create a "
            "sandbox: `sudo apt install bubblewrap`, then add the profile in "
            "docs/security.md."
        )
    if programs.CHOICE.tried:
        return "For Ubuntu and containers, see docs/security.md."
    return (
        "Install it: `sudo apt install bubblewrap` (Debian, Ubuntu), `sudo dnf install "
        "bubblewrap` (Fedora), `sudo pacman -S bubblewrap` (Arch)."
    )
