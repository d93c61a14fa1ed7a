import Glibc
import Testing

/// `--log`: a line for each client that is disconnected against its will.
@Suite struct LogTests {
  @Test(arguments: Chapter.allCases)
  func `a client that stops reading is logged with the reason`(chapter: Chapter) throws {
    let server = try ServerProcess(
      chapter, ["--log", "--send-timeout", "300ms"] + PartialWriteTests.tiny)
    let client = try Client(port: server.port, receiveBuffer: 4096)
    let address = "127.0.0.1:\(try client.localPort)"
    try client.send(request("/chat") * 100)
    let line = try server.child.standardError.readLine()
    #expect(line == "\(chapter.name): \(address): it took nothing for 0.3 seconds")
    #expect(try server.get("/").text == "Hello")
  }

  @Test(arguments: Chapter.allCases)
  func `without --log nothing is printed`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--send-timeout", "100ms"] + PartialWriteTests.tiny)
    let client = try Client(port: server.port, receiveBuffer: 4096)
    try client.send(request("/chat") * 100)
    #expect(try server.get("/").text == "Hello")
    try server.connect().reset()
    client.reset()
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
  }

  /// 03 to 05 print these lines from the same function.
  @Test func `a log that is not read does not hold up the server`() throws {
    let server = try ServerProcess(
      Chapter("02-ThreadPool"),
      ["--log", "--workers", "1", "--queue", "1", "--when-full", "refuse"])
    let inside = try (1...2).map { _ in try server.connect() }
    for _ in 1...5000 {  // More lines than a pipe holds.
      let refused = try server.connect()
      #expect(try refused.readResponse().status == 503)
    }
    try inside[0].send(request("/"))
    #expect(try inside[0].readResponse().text == "Hello")
  }
}
