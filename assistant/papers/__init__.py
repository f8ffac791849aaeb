"""The papers a service needs before it lets anyone in, printed from what the program is."""
