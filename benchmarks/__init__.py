"""What we count, how, and the last counts with the machine they came from."""
