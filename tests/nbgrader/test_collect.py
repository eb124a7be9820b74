"""What is collected is what a learner handed in, whatever they put in its place meanwhile."""

from __future__ import annotations

import json
import os

import pytest

from autograder.classroom.bridge import collect, submitted


@pytest.fixture
def inbound(tmp_path):
    """Where bob has handed in, and ann is about to."""
    bob = tmp_path / "inbound" / "bob"
    bob.mkdir(parents=True)
    (bob / "closures.ipynb").write_text("bob's", "utf-8")
    return bob.parent


def collected(source, target, most=1000):
    """What is left out and why, and the files that were copied."""
    said = list(collect.copy_plain(str(source), target, most))
    files = {p.relative_to(target).as_posix(): p.read_text() for p in target.rglob("*.*")}
    return said, files


def test_plain_files_are_copied_with_their_times(inbound, tmp_path):
    deep = inbound / "bob" / "data" / "more"
    deep.mkdir(parents=True)
    (deep / "x.csv").write_text("1,2", "utf-8")
    os.utime(deep / "x.csv", (1, 2))

    assert collected(inbound / "bob", tmp_path / "copy") == (
        [],
        {"closures.ipynb": "bob's", "data/more/x.csv": "1,2"},
    )
    assert (tmp_path / "copy/data/more/x.csv").stat().st_mtime == 2


def test_a_folder_that_is_a_link_is_nobodys_work(inbound, tmp_path):
    (inbound / "ann").symlink_to(inbound / "bob")

    said, files = collected(inbound / "ann", tmp_path / "copy")

    assert files == {}
    assert "is not a real folder" in said[0]


@pytest.mark.parametrize("kind", ["file", "folder", "hard", "pipe", "large"])
def test_what_is_no_plain_file_stays_behind(kind, inbound, tmp_path):
    ann, bob = inbound / "ann", inbound / "bob"
    ann.mkdir()
    (ann / "notes.txt").write_text("mine", "utf-8")
    {
        "file": lambda: (ann / "closures.ipynb").symlink_to(bob / "closures.ipynb"),
        "folder": lambda: (ann / "work").symlink_to(bob),
        "hard": lambda: (ann / "closures.ipynb").hardlink_to(bob / "closures.ipynb"),
        "pipe": lambda: os.mkfifo(ann / "closures.ipynb"),
        "large": lambda: (ann / "closures.ipynb").write_bytes(bytes(1001)),
    }[kind]()

    said, files = collected(ann, tmp_path / "copy")

    assert files == {"notes.txt": "mine"}
    assert len(said) == 1


def test_what_is_swapped_for_a_link_while_it_is_copied_stays_behind(inbound, tmp_path, monkeypatch):
    ann, bob = inbound / "ann", inbound / "bob"
    (ann / "a").mkdir(parents=True)
    (ann / "a" / "closures.ipynb").write_text("ann's", "utf-8")
    walk = os.fwalk

    def slow(*args, **options):
        for step in walk(*args, **options):
            if step[0] == "./a":  # it has been listed by now
                (ann / "a" / "closures.ipynb").unlink()
                (ann / "a" / "closures.ipynb").symlink_to(bob / "closures.ipynb")
            yield step

    monkeypatch.setattr(os, "fwalk", slow)

    said, files = collected(ann, tmp_path / "copy")

    assert files == {}
    assert "./a/closures.ipynb is a link" in said[0]


def test_a_link_that_was_put_there_by_hand_is_not_read(inbound):
    notebook = inbound / "bob" / "closures.ipynb"
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": "bob's"}
    notebook.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "cells": [cell]}))
    (inbound / "ann.ipynb").symlink_to(notebook)

    assert [cell.source for cell in submitted._cells(notebook)] == ["bob's"]
    assert submitted._cells(inbound / "ann.ipynb") == []


@pytest.mark.parametrize("content", [None, b"\xff"], ids=["missing", "no text"])
def test_what_nbgrader_stumbles_over_is_put_right(content, tmp_path):
    for name in ("timestamp.txt", "submission_secret.txt"):
        if content is not None:
            (tmp_path / name).write_bytes(content)

    collect.complete(tmp_path, "ann+assignment3+2027-01-01 00:00:00.000000 UTC+x_1-")

    assert (tmp_path / "timestamp.txt").read_text() == "2027-01-01 00:00:00.000000 UTC"
    assert len((tmp_path / "submission_secret.txt").read_text()) == 128


def test_a_learners_secret_is_kept(tmp_path):
    (tmp_path / "submission_secret.txt").write_text("theirs", "utf-8")

    collect.complete(tmp_path, "ann+assignment3+2027-01-01 00:00:00.000000 UTC")

    assert (tmp_path / "submission_secret.txt").read_text() == "theirs"


def test_folders_without_end_are_left_at_some_depth(inbound, tmp_path):
    deep = inbound / "ann"
    for _ in range(30):
        deep /= "a"
    deep.mkdir(parents=True)
    (deep / "closures.ipynb").write_text("deep", "utf-8")

    said, files = collected(inbound / "ann", tmp_path / "copy")

    assert files == {}
    assert "too deep" in said[0]
