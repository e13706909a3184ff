"""Fields that other panels are made of: forms from settings classes, a range on a histogram.

``field`` (one field with label, unit and its error), ``options_form`` (a form from ``options.describe``), ``histogram``
(values with two handles). Imports ``state`` and below.
"""
