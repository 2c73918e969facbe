"""The pages of an office's colleagues, for its admins."""
