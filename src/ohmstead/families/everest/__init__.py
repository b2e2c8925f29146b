"""The charge-point interface of EVerest, JSON-RPC over WebSocket, from both ends."""
