"""What plants look like on the wire, in the vendor's words: one function for each record. Pure; nothing here changes a plant."""
