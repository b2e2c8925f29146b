"""What a simulated plant does with its sun, its batteries and its house, by the laws of the registers."""
