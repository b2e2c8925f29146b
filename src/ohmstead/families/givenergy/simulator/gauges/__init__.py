"""How what a body does shows in the registers: written through the lines that clients read."""
