import Testing

/// epoll_ctl(2) fails: the kernel watches no more descriptors for this user, or has no memory.
@Suite struct RegistrationTests {
  /// The first client is registered after the loop's own descriptors.
  static let chapters = [
    (Chapter("03-Epoll"), "3"), (Chapter("04-Actor", always: ["--loops", "1"]), "4"),
    (Chapter("05-WebSocket", always: ["--loops", "1"]), "4"),
  ]

  @Test(FailingCall.needsStrace, arguments: chapters, ["ENOSPC", "ENOMEM"])
  func `a client that cannot be watched is closed, and the next one is served`(
    chapter: (Chapter, String), error: String
  ) throws {
    let server = try ServerProcess(
      chapter.0, failing: [FailingCall("epoll_ctl", error, when: chapter.1)])
    try server.connect().expectClosed()
    for _ in 1...3 { #expect(try server.get("/").text == "Hello") }
    try eventually("the others are gone") { try server.statistic("connectionsOpen") == 1 }
  }

  @Test(FailingCall.needsStrace, arguments: chapters)
  func `a server that cannot watch its listener says so and does not start`(
    chapter: Chapter, number: String
  ) throws {
    let child = try ServerProcess.launch(
      chapter, ["--port", "0"],
      failing: ["1", "2", "3"].filter { $0 < number }.map {
        FailingCall("epoll_ctl", "ENOSPC", when: $0)
      })
    let (exit, output, errors) = try child.waitForExit()
    #expect(exit == .status(1))
    #expect(output == "")
    #expect(errors == "\(chapter.name): epoll_ctl: No space left on device\n")
  }
}
