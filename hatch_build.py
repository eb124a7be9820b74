"""When a wheel is built: course.toml and the learners' files go into it, for `grade start`."""

import hashlib
import json
import zipfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ARCHIVE, FACTS = "handed_out.zip", "course.toml"


class HandedOut(BuildHookInterface):  # type: ignore[type-arg]  # its configuration is the standard one
    """Puts assignments/ into the wheel as one archive; an editable install has its own."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        archive = Path(self.directory, ARCHIVE)
        archive.parent.mkdir(parents=True, exist_ok=True)
        assignments = Path(self.root, "assignments")
        known = json.loads((assignments / "handed_out.json").read_bytes())
        with zipfile.ZipFile(archive, "w") as file:
            for name, form in known.items():
                content = (assignments / name).read_bytes()
                if hashlib.sha256(content).hexdigest() != form["content"]:
                    raise SystemExit(
                        f"assignments/{name} is begun, or not what `course build` made of it, and "
                        "a wheel is for others: make it in a clone in which nobody works."
                    )
                file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
        build_data["force_include"][str(archive)] = f"autograder/{ARCHIVE}"
        build_data["force_include"][str(Path(self.root, FACTS))] = f"autograder/{FACTS}"
