### Answers to plain questions, help and refusals.
