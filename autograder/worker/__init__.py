"""The only code of ours that runs beside the learner's, and the messages between them."""
