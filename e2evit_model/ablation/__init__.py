"""What each choice does: one cohort, the same folds, and a training run for every combination of some options.

``axes`` reads which options are varied and makes a configuration of each combination; ``running`` trains them one after the other,
goes on where it was stopped, and keeps the reason of what failed; ``table`` puts them side by side, with intervals and with the
difference to the first, as a table and as a figure. Imports training and report, and everything below them.
"""
