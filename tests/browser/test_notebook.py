"""`%grade` in a real kernel, and what JupyterLab's own style sheet makes of it."""

from __future__ import annotations

import nbclient
import pytest

from tests.feedback.samples import EXP_OF_INPUT, ROOT

CELLS = ("%load_ext autograder.magic", "%grade assignment3")


@pytest.fixture
def executed(clone, monkeypatch, tmp_path):
    """A notebook beside the learner's file, run from top to bottom."""
    from nbformat import v4

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    folder = clone.write("assignment3", EXP_OF_INPUT).parent
    notebook = v4.new_notebook(cells=[v4.new_code_cell(text) for text in CELLS])
    nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    return notebook


def test_a_notebook_shows_it_as_the_page_does(executed, chromium, tmp_path):
    (shown,) = executed.cells[1].outputs
    assert shown.output_type == "execute_result"
    assert set(shown.data) == {"text/html", "text/plain"}
    assert " of 30 points" in shown.data["text/plain"]

    from nbconvert import HTMLExporter

    path = tmp_path / "notebook.html"
    path.write_text(HTMLExporter(template_name="lab").from_notebook_node(executed)[0], "utf-8")
    context = chromium.new_context(viewport={"width": 1000, "height": 900})
    view = context.new_page()
    view.route(
        "**/*", lambda route: route.abort() if "http" in route.request.url else route.continue_()
    )
    view.goto(path.as_uri(), wait_until="domcontentloaded")
    look = view.evaluate(
        """() => {
            const style = name => getComputedStyle(document.querySelector('.grade-report ' + name));
            return {
                table: style('.tests').tableLayout,
                title: style('.tests tbody tr:not(.part) th').textAlign,
                points: style('.tests tbody .points').textAlign,
                row: style('.tests tbody tr:nth-child(2)').backgroundColor,
                code: style('.next code').backgroundColor,
                heading: style('h2').fontWeight,
            }
        }"""
    )
    context.close()

    assert look == {
        "table": "auto",
        "title": "left",
        "points": "right",
        "row": "rgba(0, 0, 0, 0)",
        "code": "rgba(0, 0, 0, 0)",
        "heading": "650",
    }
