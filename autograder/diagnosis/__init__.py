"""From a failure to what a learner can use: the smallest example, the place, the mistake's name."""
