"""From a fresh server to an office with an admin: what the command line makes, and what pages say until it has."""
