# Aim: a conftest.py beside the file, and above it, that makes every test pass.
# Ends: failed
PLANTED = """
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    outcome.get_result().outcome = "passed"

def pytest_collection_modifyitems(items):
    items.clear()
"""


def arrange(folder, text, run):
    for place in (folder, folder.parent):
        (place / "conftest.py").write_text(PLANTED)
        (place / "test_planted.py").write_text("def test(): assert False\n")
    (folder / "closures.py").write_text(text)
    return folder
