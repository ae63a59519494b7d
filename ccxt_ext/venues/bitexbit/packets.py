"""The packets of Socket.IO, of python-socketio, which no other module imports: it may be missing."""

import json
from typing import Any

from engineio import packet as engine
from socketio import packet as socket

__all__ = ["EnginePacket", "SocketPacket", "decoded", "encoded", "engine", "event", "joining", "socket"]


class _Json:
    """With the digits of numbers as they came."""

    dumps = staticmethod(json.dumps)

    @staticmethod
    def loads(text: str) -> Any:
        return json.loads(text, parse_float=str)


class EnginePacket(engine.Packet):
    json = _Json


class SocketPacket(socket.Packet):
    json = _Json


def encoded(kind: int, data: Any = None) -> str:
    """A packet of Engine.IO as text."""
    return str(EnginePacket(kind, data=data).encode())


def joining() -> str:
    return encoded(engine.MESSAGE, SocketPacket(socket.CONNECT).encode())


def event(name: str, *arguments: Any) -> str:
    return encoded(engine.MESSAGE, SocketPacket(socket.EVENT, data=[name, *arguments]).encode())


def decoded(text: str | bytes) -> EnginePacket:
    """A packet of Engine.IO, whose data is one of Socket.IO if it is a message."""
    packet = EnginePacket(encoded_packet=text)
    if packet.binary:
        raise ValueError("a binary packet")
    if packet.packet_type == engine.MESSAGE:
        if not isinstance(packet.data, str) or not packet.data:
            raise ValueError("no packet of Socket.IO")
        packet.data = SocketPacket(encoded_packet=packet.data)
    return packet
