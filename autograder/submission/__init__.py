"""From a learner's .py or .ipynb to the source that will run."""
