"""File > Export: what, how, a preview of the figure, where to.

``dialog`` (the window), ``preview`` (the figure as it will be, small). ``e2evit_model.report.exports`` writes the files.
"""
