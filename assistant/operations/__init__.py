"""Running the program: logs, health, metrics, backup, keys."""
