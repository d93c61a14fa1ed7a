import Glibc
import Testing

/// How long a client may read nothing of an answer: the time counts from the last byte that it
/// took.
@Suite struct SendTimeoutTests {
  static let chapters = [
    Chapter("01-Sequential"), Chapter("02-ThreadPool"), Chapter("03-Epoll"),
    Chapter("03-Epoll", always: ["--trigger", "level"]), Chapter("04-Actor"),
    Chapter("05-WebSocket"),
  ]
  static let message = WebSocketFrame(
    opcode: WebSocketFrame.binary,
    payload: (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 / 7) })

  private func start(_ chapter: Chapter, timeout: String) throws -> ServerProcess {
    try ServerProcess(chapter, PartialWriteTests.tiny + ["--send-timeout", timeout])
  }

  /// A client whose answer of 1 MiB waits in the server: the kernel's buffers hold very little of
  /// it.
  private func ask(_ server: ServerProcess) throws -> WebSocketClient {
    let webSocket = try WebSocketClient(Client(port: server.port, receiveBuffer: 4096))
    try webSocket.handshake("/echo")
    try webSocket.send(Self.message)
    return webSocket
  }

  @Test(arguments: chapters)
  func `a client that reads nothing is cut off, even if it keeps sending`(
    chapter: Chapter
  ) throws {
    let server = try start(chapter, timeout: "300ms")
    let client = try ask(server).client
    try eventually("the server hangs up") {
      poll(nil, 0, 20)
      do {
        try client.send([0])
        return false
      } catch { return true }
    }
    #expect(try server.get("/").text == "Hello")
  }

  @Test(arguments: chapters)
  func `a client that reads slowly but steadily is not cut off, however long it takes`(
    chapter: Chapter
  ) throws {
    let server = try start(chapter, timeout: "600ms")
    let client = try ask(server).client
    // 1.3 s in all, and never more than a tenth of the timeout between two steps.
    try unlessLate(chapter) { pause in
      #expect(try client.read(10) == [0x82, 127, 0, 0, 0, 0, 0, 16, 0, 0])
      for part in 0..<32 {
        pause(40)
        let range = part << 15..<(part + 1) << 15
        let isSame = try client.read(1 << 15)[...] == Self.message.payload[range]
        #expect(isSame, "part \(part)")
      }
    }
  }

  @Test(arguments: chapters)
  func `each answer has the whole timeout, however much of it the one before used`(
    chapter: Chapter
  ) throws {
    let server = try start(chapter, timeout: "600ms")
    let webSocket = try ask(server)
    let writer = try Background { try webSocket.send(Self.message) }
    try unlessLate(chapter) { pause in
      for number in 1...2 {
        pause(400)
        let isSame = try webSocket.read() == Self.message
        #expect(isSame, "answer \(number)")
      }
    }
    try writer.wait()
  }

  /// The kernel calls a socket writable when a third of its send buffer is free (tcp(7)). This
  /// client needs many times the timeout for that, and takes a few bytes all the time.
  @Test(arguments: chapters)
  func `a client that keeps reading a little is not cut off, however large the send buffer is`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(
      chapter,
      ["--send-timeout", "600ms", "--send-buffer", "4MiB", "--max-message", "16MiB"])
    let webSocket = try WebSocketClient(Client(port: server.port, receiveBuffer: 4096))
    try webSocket.handshake("/echo")
    let size = 15 << 20
    let message = WebSocketFrame(
      opcode: WebSocketFrame.binary, payload: [UInt8](repeating: 7, count: size))
    let writer = try Background { try webSocket.send(message) }
    try unlessLate(chapter) { pause in
      _ = try webSocket.client.read(10)
      for _ in 1...40 {  // 1.6 s and 160 KiB of 4 MiB
        pause(40)
        _ = try webSocket.client.read(4096)
      }
      #expect(try webSocket.client.read(size - 40 * 4096).count == size - 40 * 4096)
    }
    webSocket.client.shutdownBoth()
    try? writer.wait()  // The server may have cut it off, which is reported above.
  }

  /// Cancels the test if the machine was too busy for it: the client was late, and was rightly cut
  /// off.
  private func unlessLate(_ chapter: Chapter, _ body: ((Int32) -> Void) throws -> Void) throws {
    var longest = Duration.zero
    var last = ContinuousClock.now
    do {
      try body { milliseconds in
        poll(nil, 0, milliseconds)
        longest = max(longest, ContinuousClock.now - last)
        last = .now
      }
    } catch {
      longest = max(longest, ContinuousClock.now - last)
      if longest > .milliseconds(550) { try Test.cancel("the machine is too busy") }
      throw error
    }
  }
}
