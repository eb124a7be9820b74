"""The IPython shell that runs the code, as in a notebook."""

from __future__ import annotations

import sys
from typing import Any


def shell() -> Any:
    """IPython's shell; None if IPython does not run the code."""
    ipython = sys.modules.get("IPython")
    return ipython.get_ipython() if ipython is not None else None
