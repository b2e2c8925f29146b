"""The device families. Each folder is a library of its own and knows no other."""
