"""The two commands: `grade` for learners, `course` for instructors and authors."""
