"""A module for the model's process to import beforehand."""
