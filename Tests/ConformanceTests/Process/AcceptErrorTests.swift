import Glibc
import Testing

/// A failing accept(2) never ends a server.
@Suite struct AcceptErrorTests {
  /// Errors that accept(2) reports about one client: its manual page, "Error handling" and
  /// "Errors".
  static let ofOneClient = [
    "ECONNABORTED", "EPERM", "ENETDOWN", "EPROTO", "ENOPROTOOPT", "EHOSTDOWN", "ENONET",
    "EHOSTUNREACH", "EOPNOTSUPP", "ENETUNREACH", "ENOSR", "ESOCKTNOSUPPORT", "EPROTONOSUPPORT",
    "ETIMEDOUT",
  ]
  /// Errors that it reports about the process, or the machine.
  static let ofAll = ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]

  @Test(FailingCall.needsStrace, arguments: Chapter.allCases, ["EPERM", "ETIMEDOUT"] + ofAll)
  func `an error of accept does not end the server, and the next client is served`(
    chapter: Chapter, error: String
  ) throws {
    try expectService(chapter, failing: FailingCall("accept4", error))
  }

  /// They are all handled in the same place, so one server is enough for the whole list.
  @Test(FailingCall.needsStrace, arguments: Chapter.allCases.prefix(1), ofOneClient)
  func `every accept error about one client skips only that client`(
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

  /// The rule of a firewall, for example.
  @Test(FailingCall.needsStrace, arguments: Chapter.allCases, ["EPERM", "EMFILE"])
  func `a server that cannot accept any client sleeps, and stops when it is told to`(
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
  func `if the listener breaks, the server ends with one line`(chapter: Chapter) throws {
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
