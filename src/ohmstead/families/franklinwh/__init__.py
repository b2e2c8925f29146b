"""FranklinWH batteries, gateways, generators and vehicle ports, over the vendor's cloud."""
