"""Collecting what was handed in: links stay behind, and nobody is left out.

nbgrader copies what a link leads to, with the instructor's rights: that may be another's work. And
it leaves out whoever has no notebook, without a word to them.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect


class Collect(ExchangeCollect):  # type: ignore[misc]  # nbgrader has no types
    """`nbgrader collect`; set as `ExchangeFactory.collect`."""

    def do_copy(self, src: str, dest: str, log: Any = None) -> None:
        """Copy one submission; see `nbgrader.exchange.default.Exchange`."""
        links = [path for path in Path(src).rglob("*") if path.is_symlink()]
        super().do_copy(src, dest, log)
        there, place = Path(dest), self.coursedir
        for link in links:
            self.log.warning("%s is a link: it is left out.", link)
            _remove(there / link.relative_to(src))
        if any(there.glob("*.ipynb")):
            return
        source = place.format_path(place.source_directory, ".", place.assignment_id)
        for stub in Path(source).glob("*.ipynb"):
            self.log.warning("%s has no notebook: the stub of %s stands for it.", src, stub.name)
            shutil.copyfile(stub, there / stub.name)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
