import Common
import Glibc
import Synchronization
import Testing

/// One loop, and a client that always has more work for it.
@Suite struct FairnessTests {
  static let chapters = [
    Chapter("03-Epoll"), Chapter("03-Epoll", always: ["--trigger", "level"]),
    Chapter("04-Actor", always: ["--loops", "1"]),
    Chapter("05-WebSocket", always: ["--loops", "1"]),
  ]
  /// Such a client never makes the server wait: unsolicited pongs get no answer, and long requests
  /// a short one.
  static let greed = [
    Sample("pongs", WebSocketFrame(opcode: WebSocketFrame.pong).encoded() * 20_000, 101),
    Sample("requests", request("/nope", "Long: \("a" * 2000)") * 100, 404),
  ]

  @Test(arguments: chapters, greed)
  func `a client that never stops sending leaves the other clients their share`(
    chapter: Chapter, greed: Sample
  ) throws {
    let server = try ServerProcess(chapter)
    let client = try server.connect()
    if greed.outcome == 101 { try WebSocketClient(client).handshake("/echo") }
    let sent = Atomic(0)
    let isEnough = Atomic(false)
    let writer = try Background {
      while !isEnough.load(ordering: .relaxed) {
        try client.send(greed.bytes)
        sent.add(greed.bytes.count, ordering: .relaxed)
      }
      client.shutdownWriting()
    }
    let reader = try Background { client.discardToEnd() }
    // The flood has started, and will not stop before the others have their answers.
    try eventually("some megabytes have been sent") { sent.load(ordering: .relaxed) > 8 << 20 }
    let other = try server.connect()
    for _ in 1...5 {
      try other.send(request("/"))
      try #require(try other.readResponse().text == "Hello")
    }
    let webSocket = try server.connectWebSocket("/ws")
    for number in 1...5 {
      try webSocket.send("\(number)")
      #expect(try webSocket.readText() == "Echo: \(number)")
    }
    isEnough.store(true, ordering: .relaxed)
    try writer.wait()
    try reader.wait()
  }
}
