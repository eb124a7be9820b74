"""`course site`: the course as a page that grades in the browser."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.cli.command import told
from autograder.cli.needs import need
from autograder.course import find


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--upto", metavar="NAME", help="For a class: assignments up to NAME, visible tests only."
)
@click.option(
    "--serve", is_flag=True, help="Also serve it on this machine, until you press Ctrl+C."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8000,
    show_default=True,
    help="The port for --serve; 0 picks any free one.",
)
def site(folder: Path, *, upto: str | None, serve: bool, port: int) -> None:
    """Make a page for taking the course in the browser.

    \b
    course site site --serve   make it and try it here
    course site site           make it, for a web server or GitHub Pages to host

    Learners only need a link: they get cells to run and `grade` with all tests, and their work is
    kept in their browser. DIR gets static files. A site that is already there is replaced.

    Pyodide and the grader's packages come from npm and PyPI, pinned by their hashes, and are kept
    for the next time. docs/browser.md says how to host it.
    """  # noqa: D301  click reads \b
    need("site", "jupytext", "tomli_w")
    from autograder.authoring.build import BuildError, StubError
    from autograder.authoring.fetched import FetchError
    from autograder.authoring.handout import HandoutError
    from autograder.authoring.site import SiteError
    from autograder.authoring.site import site as make

    try:
        with told(BuildError, HandoutError, StubError, SiteError):
            course = find(Path.cwd())
            last = course.assignment(upto) if upto is not None else None
            size = make(course, folder, lambda what: click.echo(f"{what} …", err=True), last)
    except FetchError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"The site is in {folder}, {size / 2**20:.0f} MB.")
    if serve:
        _serve(folder, port)


def _serve(folder: Path, port: int) -> None:
    from autograder.authoring.serve import server

    try:
        serving = server(folder, port)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} is not available: {error.strerror}. Try another one: --port 0"
        ) from None
    click.echo(f"http://127.0.0.1:{serving.server_port}/  (Ctrl+C ends it)")
    sys.stdout.flush()
    try:
        serving.serve_forever()
    except KeyboardInterrupt:
        click.echo()
    finally:
        serving.server_close()
