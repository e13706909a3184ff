"""Clinical tables to a ``Cohort``, and folds.

``table`` (a file of any spreadsheet to cells with line numbers), ``values`` (missing tokens, numbers, units), ``mapping`` (what
each column means), ``conventions`` and ``proposal`` (what the columns probably mean, and why), ``patients`` (rows to patients,
with every fault), ``slide_files`` and ``matching`` (which file belongs to which row), ``cohort`` (the result), ``check`` (the one
call of window and command line), ``export`` (the clean table), ``folds``, ``fold_making`` and ``fold_files``.

May import the frame only; no torch.
"""
