"""What runs the program: logs, health, metrics, backup, keys."""
