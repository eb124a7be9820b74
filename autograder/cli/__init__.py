"""The two commands: `grade` for learners, `course` for instructors and authors."""

import gc

gc.set_threshold(100_000)  # imports create many objects and hardly any garbage
