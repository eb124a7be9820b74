"""The kit of the course: grades learners' work, builds their files, helps them see."""

__version__ = "0.1.0"
