"""What stands in the house: packs, panels, generator, vehicle port, circuits, and the gateway that rules them. No wire here."""
