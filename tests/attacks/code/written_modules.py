# Aim: files beside the learner's own with the names of ours, of pytest's and of Python's start-up.
# Ends: graded
evil = "raise SystemExit(0)\n"
for name in ("conftest", "pytest", "sitecustomize", "usercustomize", "autograder", "micrograd_ref",
             "engine", "neural", "json", "numpy", "signal", "test_planted"):
    with open(f"{name}.py", "w") as file:
        file.write(evil)
for name, text in {"pytest.ini": "[pytest]\naddopts = -k nothing\n", "evil.pth": "import os; os._exit(0)\n",
                   "tox.ini": "[pytest]\n", "pyproject.toml": "[tool.pytest.ini_options]\n",
                   "setup.cfg": "[tool:pytest]\n"}.items():
    with open(name, "w") as file:
        file.write(text)
