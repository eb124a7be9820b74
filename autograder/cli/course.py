"""`course`: build and check the course."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

import autograder
from autograder import extras
from autograder.cli import classroom, handouts, nbgrader
from autograder.cli.command import Group, told
from autograder.cli.demo import demo
from autograder.cli.needs import need
from autograder.cli.site import site
from autograder.course import Assignment, Course, find

if TYPE_CHECKING:
    from autograder.authoring.check import CheckResult


def _course() -> Course:
    with told():
        return find(Path.cwd())


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(autograder.__version__, prog_name="course")
def main() -> None:
    """Build and check the course, grade a class. Run it inside the course's folder."""


for _command in (
    demo,
    classroom.class_,
    classroom.regrade,
    classroom.export,
    nbgrader.init_nbgrader,
    nbgrader.release,
    handouts.handout,
    handouts.template,
    handouts.autograder_,
    handouts.answers,
    site,
):
    main.add_command(_command)


@main.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--check", is_flag=True, help="Write nothing; fail if a file is out of date.")
@click.option(
    "--force", is_flag=True, help="Also replace files that were edited; the old ones are kept."
)
def build(names: tuple[str, ...], *, check: bool, force: bool) -> None:
    """Make assignments/ from solutions/.

    \b
    course build               all assignments
    course build assignment3   one of them
    course build --check       exit 1 if anything would change

    Files that a learner has started to edit are left alone.
    """  # noqa: D301  click reads \b
    need("instructor", "jupytext")
    from autograder.authoring import build as builder
    from autograder.authoring.stub import StubError

    course = _course()
    chosen = _chosen(course, names)
    with told(StubError, builder.BuildError):
        if check:
            lines = [line for assignment in chosen for line in builder.drift(course, assignment)]
            for line in lines:
                click.echo(line, err=True)
            sys.exit(1 if lines else 0)
        for assignment in chosen:
            for built in builder.build(course, assignment, force=force):
                _say(built, course)


@main.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
@click.option("--quick", is_flag=True, help="Skip the machine-made mutations.")
@click.option(
    "--repeat",
    "repeats",
    type=click.IntRange(min=1),
    default=1,
    metavar="N",
    help="Grade each wrong engine N times, to see if the result is stable.",
)
@click.option(
    "--seed", metavar="TEXT", help="Draw the random inputs from this instead of the course's seed."
)
@click.option(
    "--matrix",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write a page with the matrix of wrong engines and tests.",
)
@click.option(
    "--points",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the points each wrong engine keeps, as text.",
)
@click.option(
    "--names", "trials", is_flag=True, help="Also check that no mistake is ever named wrongly."
)
@click.option(
    "--all-pairs", is_flag=True, help="With --names: try every pair of mistakes. Takes hours."
)
def check(
    names: tuple[str, ...],
    *,
    quick: bool,
    repeats: int,
    seed: str | None,
    matrix: Path | None,
    points: Path | None,
    trials: bool,
    all_pairs: bool,
) -> None:
    """Check the suites against correct and wrong engines.

    For every assignment: the stub fails, the solution and every correct engine
    get full marks, every wrong engine loses points in the test that names it,
    and none in a part that does not rest on its own (`rests_on` in hints.toml).
    Removing a correct part never raises a score, and where nothing is correct
    nothing is earned. Every mutation of the solution is caught, tests and hints
    are complete, nothing has drifted. On every expression used, forward mode,
    the reference and central differences agree.

    With --names, also check that no mistake is named that is not there: not in
    any wrong engine, not where two of them meet (some pairs, drawn by the
    course's seed), and not where one function of the solution is missing or
    raises.

    Exit code 1 and a line for each violation, saying where to fix it.
    """
    need("instructor", "jupytext")
    from autograder.authoring import fingerprints
    from autograder.authoring import names as name_trials
    from autograder.authoring.check import SuiteCheck
    from autograder.authoring.check_runs import run
    from autograder.authoring.matrix import page
    from autograder.authoring.worth import table

    course = _course()
    if seed is not None:
        course = msgspec.structs.replace(course, seed=seed)
    suite_checks = [
        SuiteCheck(course, a, slips=not quick, repeats=repeats) for a in _chosen(course, names)
    ]
    candidates = {
        suite_check.assignment.name: suite_check.candidates for suite_check in suite_checks
    }
    total = sum(map(len, candidates.values()))
    with click.progressbar(length=total, label="engines", file=sys.stderr) as bar:
        reports = run(course, candidates, bar.update)
    results = {}
    for suite_check in suite_checks:
        name = suite_check.assignment.name
        results[name] = result = suite_check.result(reports[name])
        result.violations += fingerprints.violations(course, suite_check.assignment)
        if trials:
            result.violations += name_trials.violations(
                course, suite_check.assignment, None if all_pairs else name_trials.PAIRS
            )
        _say_result(name, result)
    if matrix is not None:
        matrix.write_text(page(course, results), "utf-8")
        click.echo(f"{matrix} written")
    if points is not None:
        points.write_text("\n".join(table(n, v) for n, v in results.items() if v.caught), "utf-8")
        click.echo(f"{points} written")
    violations = sum(len(result.violations) for result in results.values())
    click.echo("All good." if not violations else f"{violations} to fix.")
    sys.exit(1 if violations else 0)


def _say_result(name: str, result: CheckResult) -> None:
    click.echo(
        f"{name}: {len(result.caught)} wrong engines caught, {result.right} correct ones accepted, "
        f"{result.slips} slips by tool, {len(result.equivalent)} of them change nothing"
    )
    for file, package in result.left_out.items():
        click.secho(f"  {file} was not checked: {extras.lacking(package, package)}", fg="yellow")
    for violation in result.violations:
        click.secho(f"  {violation}", fg="red")


@main.command()
@click.argument("name", metavar="NAME")
@click.option("--title", help="Title shown to learners.  [default: NAME]")
@click.option("--file", metavar="FILE.py", help="The file learners complete.  [default: NAME.py]")
def new(name: str, title: str | None, file: str | None) -> None:
    """Create a new assignment.

    \b
    course new assignment10 --title Optimizers --file optimizers.py
    course check assignment10     lists what is still missing

    Makes its folders in solutions/ and autograder/suites/, and its table in course.toml;
    docs/authors.md says what belongs where.
    """  # noqa: D301  click reads \b
    from autograder.authoring.new import NewError, lay_out

    course = _course()
    with told(NewError):
        made = lay_out(course, name, title or name, file or f"{name}.py")
    for path in made:
        click.echo(path)
    click.echo(f"To see what is still missing: course check {name}")


@main.command()
@click.argument("names", metavar="[ASSIGNMENT]...", nargs=-1)
def fingerprints(names: tuple[str, ...]) -> None:
    """Store what wrong engines answer.

    Reports recognize each known mistake by its answers to the probes. What is up to date is left
    alone.
    """
    from concurrent.futures import ProcessPoolExecutor

    from autograder.authoring import engines
    from autograder.authoring import fingerprints as prints

    course = _course()
    with ProcessPoolExecutor() as pool:
        for assignment in _chosen(course, names):
            if prints.up_to_date(course, assignment):
                click.echo(f"{assignment.name} is up to date")
                continue
            try:
                text = prints.make(course, assignment, pool)
            except (prints.FingerprintError, engines.EngineError) as error:
                raise click.ClickException(str(error)) from None
            prints.path_of(assignment).write_text(text, "utf-8")
            click.echo(f"{prints.path_of(assignment)} written")


def _chosen(course: Course, names: tuple[str, ...]) -> list[Assignment]:
    with told():
        return [course.assignment(name) for name in names] or list(course.assignments)


def _say(built: object, course: Course) -> None:
    from autograder.submission.files import WriteResult

    assert isinstance(built, WriteResult)
    path = built.path.relative_to(course.root)
    if built.state == "begun":
        click.echo(
            f"{path} was edited, so it is left alone (--force replaces it and keeps a copy)."
        )
    else:
        aside = f"; the old file is now {built.kept.name}" if built.kept else ""
        click.echo(f"{path} {built.state}{aside}")
