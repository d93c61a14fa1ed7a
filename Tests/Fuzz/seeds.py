#!/usr/bin/env python3
"""Writes the seeds of a fuzz target into a folder: conversations that are correct, or nearly correct.

    Tests/Fuzz/seeds.py Conversation FOLDER
"""
import os
import sys

GET = b"GET / HTTP/1.1\r\nHost: h\r\n\r\n"
CHUNKED = b"POST /nope HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
HTTP = [
    GET, GET * 3, b"\r\n\r\n" + GET, GET.replace(b"GET", b"HEAD"), GET.replace(b"1.1", b"1.0"), GET.replace(b" / ", b" http://h:80/?delay=5ms "),
    b"OPTIONS * HTTP/1.1\r\nHost: [::1]:7878\r\nX: \t y\r\nConnection: close, x\r\n\r\n", b"CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n",
    GET.replace(b"/ ", b"/burn?ms=1 "), GET.replace(b"/ ", b"/stats "), GET.replace(b"/ ", b"/chat "), GET.replace(b"1.1\r", b"1.1"),
    b"PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\nhello" + GET,
    CHUNKED + b"5;a=b\r\nhello\r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n" + GET, CHUNKED + b"100001\r\n", CHUNKED + b"5\nhello",
    b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
]


def upgrade(path):
    return (f"GET {path} HTTP/1.1\r\nHost: h\r\nOrigin: http://h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").encode()


def frame(first, payload, mask=b"\x37\xfa\x21\x3d"):
    size = len(payload)
    length = bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
    return bytes([first]) + length + mask + bytes(byte ^ mask[index % 4] for index, byte in enumerate(payload))


TEXT, PART, REST, LAST, BINARY, CLOSE, PING, PONG = 0x81, 0x01, 0x00, 0x80, 0x82, 0x88, 0x89, 0x8A
FRAMES = [
    frame(TEXT, b"hello"), frame(BINARY, bytes(range(200))), frame(TEXT, "aß水𝄞".encode()), frame(TEXT, b"\xed\xa0\x80"), frame(TEXT, b""),
    frame(PART, "水".encode()[:1]) + frame(PING, b"now") + frame(REST, "水".encode()[1:]) + frame(REST, b"") + frame(LAST, b"end") + frame(TEXT, b"next"),
    frame(PONG, b"") * 5, frame(PING, b"x" * 125) * 3, frame(CLOSE, b""), frame(CLOSE, b"\x03\xe8bye"), frame(CLOSE, b"\x03\xed"), frame(CLOSE, b"x"),
    frame(TEXT, b"before") + frame(CLOSE, b"\x03\xe8") + frame(TEXT, b"behind"), frame(BINARY, b"x" * 1000), frame(BINARY, b"x" * 1001),
    frame(LAST, b"no beginning"), frame(0xC1, b"reserved"), frame(0x83, b"opcode"), b"\x82\xff" + b"\xff" * 12, b"\x81\x05hello",
]
CHATS = [frame(TEXT, text) for text in [
    b"whoami", b"broadcast", b"send 1 me", b"send 2 you", b"send x y", b"other", b"subscribe a", b"publish a text", b"unsubscribe a"]]
CONVERSATIONS = HTTP + [upgrade("/echo") + part for part in FRAMES] + [GET + upgrade("/ws") + b"".join(CHATS), upgrade("/ws") + CHATS[1] + FRAMES[8]]
REPLIES = [
    b"+OK\r\n", b"-ERR no\r\n", b":-12\r\n", b"$5\r\nhello\r\n$-1\r\n", b"*2\r\n:1\r\n$1\r\na\r\n*-1\r\n*0\r\n", b"_\r\n#t\r\n#f\r\n,3.5\r\n(12\r\n",
    b"!9\r\nERR wrong\r\n=7\r\ntxt:abc\r\n", b"%1\r\n+a\r\n~2\r\n:1\r\n:2\r\n", b">2\r\n$10\r\ninvalidate\r\n*1\r\n$1\r\nk\r\n",
    b"|1\r\n+ttl\r\n:3\r\n:5\r\n", b"*1\r\n" * 17 + b":1\r\n", b"$900\r\n" + b"x" * 900 + b"\r\n", b"$1001\r\n", b"%9223372036854775807\r\n",
    b"%1\r\n$1\r\ns\r\n*1\r\n*2\r\n$3\r\n1-1\r\n*2\r\n+f\r\n+v\r\n",
]
SIZES = b"\x00\x10\x03\x40"


def seeds(target):
    if target == "Interruptions":
        # The size of the first packet in units of four bytes, and what comes before it; then small ones.
        return [bytes([1 + len(c) // 4, 0]) + c.ljust(4 + len(c) // 4 * 4, b"\r") + bytes([0, kind]) for c in CONVERSATIONS for kind in range(8) if len(c) < 1000]
    return [bytes_ + SIZES for bytes_ in {"Requests": HTTP, "HTTPStates": HTTP, "Messages": FRAMES + CHATS, "WebSocketStates": FRAMES + CHATS, "Conversation": CONVERSATIONS, "Replies": REPLIES}[target]]


target, folder = sys.argv[1:]
os.makedirs(folder, exist_ok=True)
for number, seed in enumerate(seeds(target)):
    with open(f"{folder}/seed{number:03}", "wb") as file:
        file.write(seed)
