import Testing

@testable import bench

/// If a server offers no WebSocket, one line says why.
@Suite(.timeLimit(.minutes(5)))
struct OpeningHandshakeTests {
  @Test(arguments: [
    ("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "status 200, not 101"),
    ("SSH-2.0\r\n\r\n", "not HTTP"),
    (
      "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\n",
      "wrong Sec-WebSocket-Accept"
    ),
    ("HTTP/1.1 101 X\r\nConnection: Upgrade\r\n\r\n", "no Upgrade: websocket"),
    ("HTTP/1.1 101 X\r\nUpgrade: websocket\r\n\r\n", "no Connection: Upgrade"),
    ("HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n", "status 404, not 101"),
  ])
  func saysWhyThereIsNoWebSocket(_ answer: String, _ complaint: String) throws {
    let server = try FaultWebSocket.start(
      handshake: { _ in answer }, script: { _ in .answer })
    defer { server.stop() }
    let output = try BenchProcess.run("-c3", "-n3", server.url)
    #expect(output.errors == "bench: no WebSocket at 127.0.0.1 port \(server.port): \(complaint)\n")
    #expect(output.status == 3)
  }

  private static func choosing(_ protocols: String...) -> @Sendable (String) -> String {
    let lines = protocols.map { "Sec-WebSocket-Protocol: \($0)\r\n" }.joined()
    return { FaultWebSocket.upgrade($0).dropLast() + lines + "\r\n" }
  }

  /// RFC 6455 section 11.3.4.
  @Test func theServerMayChooseASubprotocolThatWasOffered() throws {
    let server = try FaultWebSocket.start(
      handshake: Self.choosing("x.v1"), script: { _ in .answer })
    defer { server.stop() }
    let output = try BenchProcess.run("-n3", "-H", "Sec-WebSocket-Protocol: y, x.v1", server.url)
    #expect(output.errors == "" && output.status == 0)
    let reason = "unasked sec-websocket-protocol: x.v1"
    for flags in [[], ["-H", "sec-websocket-protocol: X.V1"]] {
      let output = try BenchProcess.run(["-n3"] + flags + [server.url])
      #expect(
        output.errors == "bench: no WebSocket at 127.0.0.1 port \(server.port): \(reason)\n")
    }
    let greedy = try FaultWebSocket.start(
      handshake: Self.choosing("x", "y"), script: { _ in .answer })
    defer { greedy.stop() }
    let both = try BenchProcess.run("-n3", "-H", "Sec-WebSocket-Protocol: y, x", greedy.url)
    #expect(both.errors.hasSuffix(": unasked sec-websocket-protocol: x, y\n"))
  }

  @Test func aGivenLineReplacesThatOfTheHandshake() throws {
    let server = try FaultWebSocket.start { _ in .answer }
    defer { server.stop() }
    let key = "dGhlIHNhbXBsZSBub25jZQ=="
    let given = [
      "Host: other", "Upgrade: WebSocket", "connection: keep-alive, Upgrade",
      "Sec-WebSocket-Version: 12", "User-Agent: me", "Sec-WebSocket-Key: \(key)",
    ]
    let flags = given.flatMap { ["-H", $0] }
    let output = try BenchProcess.run(["-n3"] + flags + ["-C", "a=1", "-C", "b=2", server.url])
    #expect(output.errors == "" && output.status == 0)
    let lines = try #require(server.handshakes.first).split(separator: "\r\n").dropFirst()
    #expect(Set(lines.map(String.init)) == Set(given + ["Cookie: a=1; b=2"]))
    #expect(lines.count == given.count + 1)
  }

  @Test func whatAServerSendsMovesNoCursor() throws {
    let server = try FaultWebSocket.start(
      handshake: Self.choosing("\u{1B}[2J"), script: { _ in .answer })
    defer { server.stop() }
    let output = try BenchProcess.run("-n3", server.url)
    #expect(output.errors.hasSuffix(": unasked sec-websocket-protocol: \\x1b[2J\n"))
  }

  @Test func saysThatNobodyIsThere() throws {
    let server = try FaultWebSocket.start { _ in .answer }
    server.stop()
    let output = try BenchProcess.run("-c3", "-n3", server.url)
    let reason = "connect: Connection refused"
    #expect(output.errors == "bench: no WebSocket at 127.0.0.1 port \(server.port): \(reason)\n")
    #expect(output.status == 3)
  }
}
