import Glibc
import Testing

/// A server that cannot start says why in one line, and does not say "listening" before.
@Suite struct StartupTests {
  /// A system call that the kernel refuses at the start, and the servers that make it.
  struct Refusal: CustomTestStringConvertible {
    let testDescription: String
    let failure: FailingCall
    let chapters: [String]

    init(_ call: String, _ error: String, when: String = "1", of chapters: String...) {
      testDescription = "\(call) \(when): \(error)"
      failure = FailingCall(call, error, when: when)
      self.chapters = chapters
    }
  }

  static let refusals = [
    Refusal("eventfd2", "EMFILE", of: "01", "02", "03", "04", "05"),
    Refusal("timer_create", "EAGAIN", of: "01", "02", "03", "04", "05"),
    Refusal("socket", "EMFILE", of: "01", "02", "03", "04", "05"),
    Refusal("listen", "EADDRINUSE", of: "01", "02", "03", "04", "05"),
    Refusal("clone3", "EAGAIN", of: "02", "04", "05"),
    Refusal("clone3", "EAGAIN", when: "3", of: "02"),
    Refusal("epoll_create1", "EMFILE", of: "03", "04", "05"),
    Refusal("epoll_ctl", "ENOSPC", of: "03", "04", "05"),
    Refusal("epoll_ctl", "ENOMEM", when: "2", of: "03", "04", "05"),
    Refusal("epoll_ctl", "ENOSPC", when: "5", of: "04", "05"),
  ]

  @Test(FailingCall.needsStrace, arguments: Chapter.allCases, refusals)
  func `a refused system call at the start is reported in one line, and no client is accepted`(
    chapter: Chapter, refusal: Refusal
  ) throws {
    guard refusal.chapters.contains(String(chapter.name.prefix(2))) else { return }
    let child = try ServerProcess.launch(
      chapter, ["--port=0"] + chapter.twoLoops, failing: [refusal.failure])
    try expectOneLine(child, of: chapter)
  }

  @Test(arguments: Chapter.allCases)
  func `however few descriptors it gets, a server serves or says why it cannot start`(
    chapter: Chapter
  ) throws {
    // With fewer than 5 the program's libraries cannot be loaded.
    for limit in [5, 6, 7, 8, 9, 10, 12, 14, 16, 20, 24, 28, 32, 48, 64] {
      let child = try ServerProcess.launch(
        chapter, ["--port=0"] + chapter.twoLoops, limits: ["ulimit -n \(limit)"])
      let line = try child.standardOutput.readLine()
      guard !line.isEmpty else { return try expectOneLine(child, of: chapter) }
      let port = try #require(UInt16(line.split(separator: ":").last ?? ""), "\(limit): \(line)")
      let client = try Client(port: port)
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello", "\(limit)")
    }
  }

  private func expectOneLine(_ child: TestedProgram, of chapter: Chapter) throws {
    let (exit, output, errors) = try child.waitForExit()
    #expect(exit == .status(1))
    #expect(output == "")
    #expect(errors.hasPrefix("\(chapter.name): "), "\(errors)")
    #expect(errors.hasSuffix("\n") && errors.count { $0 == "\n" } == 1, "\(errors)")
  }

  /// A terminal or a supervisor may have closed the standard streams. The next descriptor would get
  /// the free number, and a line for standard error would go to a client.
  @Test(arguments: Chapter.allCases)
  func `a server started without standard streams never gives their numbers to clients`(
    chapter: Chapter
  ) throws {
    let child = try ServerProcess.launch(
      chapter, ["--port=0"], limits: ["exec 0<&- 2>&-"])
    _ = try child.standardOutput.readLine()
    for number in [0, 2] {
      var path = [CChar](repeating: 0, count: 100)
      #expect(readlink("/proc/\(child.pid)/fd/\(number)", &path, 99) > 0)
      #expect(path.starts(with: "/dev/null".utf8CString.dropLast()))
    }
  }
}

extension Chapter {
  /// Options that make the number of loops the same on every machine.
  fileprivate var twoLoops: [String] {
    ["04-Actor", "05-WebSocket"].contains(name) ? ["--loops", "2"] : []
  }
  /// Whether it serves all its clients at the same time.
  var isUnlimited: Bool { servesAtOnce == nil }
}
