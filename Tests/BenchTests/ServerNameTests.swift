import Testing

@testable import BenchSupport
@testable import bench

/// The name of the server that was measured.
@Suite(.timeLimit(.minutes(5)))
struct ServerNameTests {
  private static let warning =
    "WARNING: different servers answered, 03-Epoll and 05-WebSocket: do two listen on this port?\n"

  @Test func aSecondServerAtTheSamePortIsReported() throws {
    let server = try FaultServer.start { number in
      let name = number < 7 ? "03-Epoll" : "05-WebSocket"
      return [.send(Answers.hello.replacing("Server: fault", with: "Server: \(name)"))]
    }
    defer { server.stop() }
    let one = try BenchProcess.run("-kn5", "-c1", server.url)
    #expect(one.text.contains("\nServer Software:        03-Epoll\n"))
    #expect(!one.text.contains("different servers"))
    let file = try TemporaryFile()
    let two = try BenchProcess.run("-kn5", "-c1", "--json", file.path, server.url)
    #expect(two.text.hasSuffix(Self.warning))
    let json = String(decoding: try readFile(file.path), as: UTF8.self)
    #expect(json.contains(#""server_software": "03-Epoll""#))
    #expect(json.contains(#""other_server_software": "05-WebSocket""#))
  }

  @Test func aWebSocketsServerHasANameToo() throws {
    let server = try FaultWebSocket.start(
      handshake: { FaultWebSocket.upgrade($0).dropLast() + "Server: 03-Epoll\r\n\r\n" },
      script: { _ in .answer })
    defer { server.stop() }
    let output = try BenchProcess.run("-n5", server.url)
    #expect(output.text.contains("\nServer Software:        03-Epoll\n"))
  }
}
