import Glibc
import Testing

/// accept(2) fails: that never ends a server.
@Suite struct AcceptErrorTests {
  /// What accept(2) may say about one client: "Error handling" and "Errors".
  static let ofOneClient = [
    "ECONNABORTED", "EPERM", "ENETDOWN", "EPROTO", "ENOPROTOOPT", "EHOSTDOWN", "ENONET",
    "EHOSTUNREACH", "EOPNOTSUPP", "ENETUNREACH", "ENOSR", "ESOCKTNOSUPPORT", "EPROTONOSUPPORT",
    "ETIMEDOUT",
  ]
  /// What it may say about the process, or the machine.
  static let ofAll = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]

  @Test(FailingCall.needsStrace, arguments: Chapter.allCases, ["EPERM", "ETIMEDOUT"] + ofAll)
  func `an error of accept ends no server, and the next client is served`(
    chapter: Chapter, error: String
  ) throws {
    try expectService(chapter, failing: FailingCall("accept4", error))
  }

  /// They all take the same way, so one server is enough for the whole list.
  @Test(FailingCall.needsStrace, arguments: Chapter.allCases.prefix(1), ofOneClient)
  func `every error of one client skips that client only`(
    chapter: Chapter, error: String
  ) throws {
    try expectService(chapter, failing: FailingCall("accept4", error, when: "1..3"))
  }

  private func expectService(_ chapter: Chapter, failing: FailingCall) throws {
    let server = try ServerProcess(chapter, failing: [failing])
    for _ in 1...3 { #expect(try server.get("/").text == "Hello") }
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
  }

  /// A firewall's rule, for example.
  @Test(FailingCall.needsStrace, arguments: Chapter.allCases, ["EPERM", "EMFILE"])
  func `a server that can let no client in sleeps, and stops when it is told`(
    chapter: Chapter, error: String
  ) throws {
    let server = try ServerProcess(
      chapter, ["--grace", "10m"], failing: [FailingCall("accept4", error, when: "1+")])
    let client = try server.connect()
    try client.send(request("/"))
    try client.waitUntilDelivered()
    try server.waitUntilQuiet()
    #expect(!client.hasInput())
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
  }

  @Test(FailingCall.needsStrace, arguments: Chapter.allCases)
  func `the death of the listener ends the server with one line`(chapter: Chapter) throws {
    let child = try ServerProcess.launch(
      chapter, ["--port", "0"], failing: [FailingCall("accept4", "EBADF", when: "1+")])
    let line = try child.standardOutput.readLine()
    let port = try #require(UInt16(line.split(separator: ":").last ?? ""))
    let client = try Client(port: port)
    let (exit, output, errors) = try child.waitForExit()
    #expect(exit == .status(1))
    #expect(output == "")
    #expect(errors == "\(chapter.name): accept4: Bad file descriptor\n")
    client.close()
  }
}
