"""The translations of the window: what is to be translated, the .ts files, and tests that nothing is missing."""
