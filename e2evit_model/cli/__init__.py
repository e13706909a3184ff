"""The commands: thin, over the same calls the window makes."""
