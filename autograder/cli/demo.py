"""`course demo`: a made-up class, graded."""

from __future__ import annotations

from pathlib import Path

import click

from autograder.cli.classroom import class_
from autograder.cli.command import told
from autograder.course import find


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.pass_context
def demo(context: click.Context, folder: Path) -> None:
    """Make up a class of thirty in DIR and grade it.

    \b
    DIR gets submitted/, with correct and wrong work; gradebook.csv, as Canvas
    would export it; and results/, with the page about the class.
    """  # noqa: D301  click reads \b
    from autograder.classroom import demo as made_up
    from autograder.sandbox import bubblewrap

    with told():
        course = find(Path.cwd())
    if not (course.root / "solutions").is_dir():
        raise click.UsageError(
            "There are no solutions here to make the class from: use a clone of the course."
        )
    parts = (made_up.SUBMITTED, made_up.GRADEBOOK, "results")
    if folder.is_dir() and any(path.name not in parts for path in folder.iterdir()):
        raise click.UsageError(f"{folder} is not empty: name another DIR.")
    assignment = made_up.chosen(course)
    made_up.make(course, assignment, folder)
    submitted, roster, out = (folder / part for part in parts)
    context.invoke(
        class_,
        submissions=submitted,
        name=assignment.name,
        out=out,
        roster=roster,
        drop_missing=False,
        workers=None,
        scheduler=None,
        unsafe_no_sandbox=bubblewrap.unavailable() is not None,  # all of it is our own code
        anonymous=False,
    )
    click.echo(
        f"Open {out / 'index.html'} in a browser. What was done, and what you can do next:\n"
        f"  course class {submitted} --assignment {assignment.name} --roster {roster} --out {out}\n"
        f"  course export {out} --format canvas --roster {roster}"
    )
