import TestSupport

@testable import Common
@testable import WireProtocols

private let opened = "101 Upgrade \(accept)"
private let stray: [UInt8] = frame(.text, "stray")

extension Conversation {
  static let upgrades: [Conversation] = [
    .init(
      "no upgrade", line("GET /ws HTTP/1.1"), line("GET /echo HTTP/1.1"), get(),
      replies: ["426 Upgrade", "426 Upgrade", "200 Hello"]),
    .init("HEAD of a WebSocket", line("HEAD /ws HTTP/1.1"), replies: ["426 Upgrade"]),
    .init(
      "another version", upgrade("/ws").replacing("13", with: "12"), get(),
      replies: ["426 Upgrade", "200 Hello"]),
    .init(
      "a bad key", upgrade("/ws").replacing("dGhl", with: "d"), get(),
      replies: ["400", "200 Hello"]),
    .init(
      "an upgrade elsewhere is ignored", upgrade("/"), get(), replies: ["200 Hello", "200 Hello"]),
    .init("an upgrade after a request", get(), upgrade("/echo"), replies: ["200 Hello", opened]),
    .init(
      "an upgrade with a body",
      bytes(upgrade("/echo", "Content-Length: 3") + "abc") + frame(.text, "hi"),
      [opened, "text hi"]),
    .init(
      "a client that joins", bytes(upgrade("/ws")) + frame(.text, "whoami"),
      [opened, "text You are client 7"], orders: ["join"]),
  ]

  static let messages: [Conversation] = [
    .webSocket(
      "echo", frame(.text, "h\u{E9}"), frame(.binary, "ab"), frame(.text, ""),
      replies: ["text h\u{E9}", "binary ab", "text"]),
    .webSocket(
      "fragments with control frames in between", frame(.text, "a", isFinal: false),
      frame(.ping, "p"), frame(.continuation, "", isFinal: false), frame(.pong, "q"),
      frame(.continuation, "bc"), frame(.text, "d"),
      replies: ["pong p", "text abc", "text d"]),
    .webSocket(
      "empty fragments", frame(.binary, "", isFinal: false),
      frame(.continuation, "", isFinal: false),
      frame(.continuation, ""), replies: ["binary"]),
    .webSocket(
      "a character across fragments", frame(.text, [0xF0, 0x9F], isFinal: false),
      frame(.ping, ""), frame(.continuation, [0x98], isFinal: false),
      frame(.continuation, [0x80]), replies: ["pong", "text \u{1F600}"]),
    .webSocket(
      "ping of 125 bytes", frame(.ping, String(repeating: "p", count: 125)),
      replies: ["pong " + String(repeating: "p", count: 125)]),
    .webSocket("pongs are ignored", frame(.pong, ""), frame(.pong, "x"), replies: []),
    .webSocket(
      "126 bytes", frame(.text, String(repeating: "m", count: 126)), frame(.text, "n"),
      replies: ["text " + String(repeating: "m", count: 126), "text n"]),
    .webSocket(
      "as long as allowed", frame(.text, "12345678"), frame(.binary, "1234", isFinal: false),
      frame(.continuation, "5678"), replies: ["text 12345678", "binary 12345678"]
    ) { $0.maxMessage = 8 },
    .webSocket("an end within a frame", Array(frame(.text, "hi").dropLast()), replies: []),
    .webSocket("an end between fragments", frame(.text, "a", isFinal: false), replies: []),
  ]

  static let closings: [Conversation] = [
    .webSocket("close", closeFrame(1000), replies: ["close 1000"]),
    .webSocket("close without code", frame(.close, ""), stray, replies: ["close"]),
    .webSocket("close with a reason", closeFrame(4999, bytes("h\u{E9}")), replies: ["close 4999"]),
    .webSocket("nothing counts after close", closeFrame(1001), stray, replies: ["close 1001"]),
    .webSocket(
      "close between fragments", frame(.text, "a", isFinal: false), closeFrame(1000),
      replies: ["close 1000"]),
    .webSocket("close of one byte", frame(.close, "x"), stray, replies: ["close 1002"]),
    .webSocket("close code 1005", closeFrame(1005), replies: ["close 1002"]),
    .webSocket("reason not UTF-8", closeFrame(1000, [0xFF]), replies: ["close 1007"]),
    .webSocket("reason cut short", closeFrame(1000, [0xC3]), replies: ["close 1007"]),
    .webSocket("unmasked", [0x81, 0x01, 0x61], stray, replies: ["close 1002"]),
    .webSocket("reserved bit", frameHeader(0xC1, length: 0), stray, replies: ["close 1002"]),
    .webSocket("unknown opcode", frameHeader(0x83, length: 0), replies: ["close 1002"]),
    .webSocket("fragmented ping", frame(.ping, "", isFinal: false), replies: ["close 1002"]),
    .webSocket(
      "length not the shortest", frameHeader(0x82, length: 5, form: 126), replies: ["close 1002"]),
    .webSocket("continuation of nothing", frame(.continuation, "x"), replies: ["close 1002"]),
    .webSocket(
      "continuation after the end", frame(.text, "a"), frame(.continuation, "b"),
      replies: ["text a", "close 1002"]),
    .webSocket(
      "a message within another", frame(.text, "a", isFinal: false), stray,
      replies: ["close 1002"]),
    .webSocket("text not UTF-8", frame(.text, [0x61, 0xFF, 0x62]), stray, replies: ["close 1007"]),
    .webSocket(
      "text not UTF-8 in a fragment", frame(.text, "a", isFinal: false), frame(.ping, ""),
      frame(.continuation, [0x80], isFinal: false), stray, replies: ["pong", "close 1007"]),
    .webSocket("text cut short", frame(.text, [0xE4, 0xBD]), stray, replies: ["close 1007"]),
    .webSocket("binary need not be UTF-8", frame(.binary, [0xFF]), replies: ["binary \u{FFFD}"]),
    .webSocket("one byte too long", frame(.text, "123456789"), stray, replies: ["close 1009"]) {
      $0.maxMessage = 8
    },
    .webSocket(
      "one byte too long in fragments", frame(.text, "12345678", isFinal: false),
      frame(.continuation, "9"), replies: ["close 1009"]
    ) { $0.maxMessage = 8 },
    .webSocket(
      "2^63 - 1 bytes", frameHeader(0x82, length: Int.max, form: 127), replies: ["close 1009"]),
  ]

  static let chats: [Conversation] = [
    .webSocket(
      "every command", path: "/ws", frame(.text, "whoami"), frame(.text, "broadcast"),
      frame(.text, "send 7 me"), frame(.text, "send 8 y\u{F6}u"), frame(.text, "send 9 nobody"),
      frame(.text, "whoami?"), frame(.text, ""),
      replies: [
        "text You are client 7", "text Hello from client 7", "text From client 7: me",
        "text No client 9", "text Echo: whoami?", "text Echo: ",
      ], orders: ["broadcast", "to 8: text From client 7: y\u{F6}u"]),
    .webSocket(
      "binary is echoed unchanged", path: "/ws", frame(.binary, "whoami"),
      replies: ["binary whoami"]),
    .webSocket(
      "a command in fragments", path: "/ws", frame(.text, "send 8", isFinal: false),
      frame(.ping, ""), frame(.continuation, " a", isFinal: false), frame(.continuation, "b"),
      replies: ["pong"], orders: ["to 8: text From client 7: ab"]),
    .webSocket(
      "an answer that needs a longer header than its command", path: "/ws",
      frame(.text, String(repeating: "e", count: 120)), closeFrame(1000),
      replies: ["text Echo: " + String(repeating: "e", count: 120), "close 1000"]),
    .webSocket(
      "close after a command", path: "/ws", frame(.text, "send 8 x"), closeFrame(1000),
      frame(.text, "send 8 y"), replies: ["close 1000"], orders: ["to 8: text From client 7: x"]),
  ]
}
