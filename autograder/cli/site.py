"""`course site`: the course as a page that grades in the browser."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from autograder.cli.needs import need
from autograder.course import CourseError, find


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--serve", is_flag=True, help="Then serve it on this machine, until Ctrl+C.")
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=8000,
    show_default=True,
    help="Where --serve listens; 0 takes any that is free.",
)
def site(folder: Path, *, serve: bool, port: int) -> None:
    """Make a page on which one takes the course in the browser.

    \b
    course site site --serve   make it and try it here
    course site site           make it, for a web server or GitHub Pages to host

    Learners need a link and nothing else: cells to run, `grade` with all tests, their work kept in
    their browser. DIR holds static files. A site that lies there is replaced.

    Pyodide and the grader's packages come from npm and PyPI, pinned by their hashes, and are kept
    for the next time. docs/browser.md says how to host it.
    """  # noqa: D301  click reads \b
    need("instructor", "jupytext")
    from autograder.authoring.build import BuildError, StubError
    from autograder.authoring.fetched import FetchError
    from autograder.authoring.site import SiteError
    from autograder.authoring.site import site as make

    try:
        size = make(find(Path.cwd()), folder, lambda what: click.echo(f"{what} …", err=True))
    except (CourseError, BuildError, StubError, SiteError) as error:
        raise click.UsageError(str(error)) from None
    except FetchError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}.") from None
    click.echo(f"{folder} holds the site, {size / 2**20:.0f} MB.")
    if serve:
        _serve(folder, port)


def _serve(folder: Path, port: int) -> None:
    from autograder.authoring.serve import server

    try:
        serving = server(folder, port)
    except OSError as error:
        raise click.ClickException(
            f"Port {port} cannot be had: {error.strerror}. Take another one: --port 0"
        ) from None
    click.echo(f"http://127.0.0.1:{serving.server_port}/  (Ctrl+C ends it)")
    sys.stdout.flush()
    try:
        serving.serve_forever()
    except KeyboardInterrupt:
        click.echo()
    finally:
        serving.server_close()
