import Testing

@testable import bench

/// Where there is no WebSocket, one line says why.
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

  @Test func saysThatNobodyIsThere() throws {
    let server = try FaultWebSocket.start { _ in .answer }
    server.stop()
    let output = try BenchProcess.run("-c3", "-n3", server.url)
    let reason = "connect: Connection refused"
    #expect(output.errors == "bench: no WebSocket at 127.0.0.1 port \(server.port): \(reason)\n")
    #expect(output.status == 3)
  }
}
