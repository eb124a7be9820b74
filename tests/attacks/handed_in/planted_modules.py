# Aim: modules beside the file with the names of ours, of pytest, and of Python's start-up.
# Ends: failed
NAMES = ("pytest", "_pytest", "sitecustomize", "usercustomize", "autograder", "micrograd_ref", "click",
         "msgspec", "json", "signal", "numpy", "engine", "worker", "lent_package", "site")  # fmt: skip


def arrange(folder, text, run):
    for name in NAMES:
        (folder / f"{name}.py").write_text("import os\nos._exit(0)\n")
        package = folder / "packages" / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("import os\nos._exit(0)\n")
    (folder / "evil.pth").write_text("import os; os._exit(0)\n")
    facts = folder / "evil-1.0.dist-info"
    facts.mkdir()
    (facts / "entry_points.txt").write_text("[pytest11]\nevil = pytest\n")
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__/closures.cpython-311.pyc").write_bytes(b"\0" * 100)
    (folder / "closures.py").write_text(text)
    return folder
