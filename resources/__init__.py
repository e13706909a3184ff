"""What the program shows and does not compute: icons, help pages, pictures."""
