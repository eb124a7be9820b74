"""The learner's objects from afar: a process, the questions it is asked, and what came back."""
