"""GivEnergy inverters, batteries and plants, as a library of its own."""
