"""The models of this machine: which there are, and getting, adding, removing and checking them.

``entries`` (what is here and what could be), ``given`` (plain data of requests and answers), ``normalization``, ``adding``,
``removing``, ``checking``; downloading is ``convert.hub.fetch``. What the user gave is remembered by ``convert.registry``, accepted
licences by ``convert.licences``. May import ``runs`` and what lies below.
"""
