# Aim: a course.toml and a suite beside the file, with limits and packages to one's liking.
# Ends: failed
def arrange(folder, text, run):
    course = (run / "course/course.toml").read_text()
    course = course.replace("lent_package", "autograder", 1).replace("4.0", "4000.0")
    (folder / "course.toml").write_text(course)
    (folder / "suites/assignment3").mkdir(parents=True)
    (folder / "suites/assignment3/test_visible.py").write_text("def test(learner): pass\n")
    (folder / "closures.py").write_text(text)
    return folder
