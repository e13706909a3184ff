"""The few questions that are asked in a window of their own: research use, about, which backbone a weight file is of."""
