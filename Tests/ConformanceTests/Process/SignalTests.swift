import Glibc
import Testing

/// Signals that must not end a server.
@Suite struct SignalTests {
  @Test(arguments: Chapter.allCases, [SIGALRM, SIGPIPE])
  func `a stray signal does not end the server`(chapter: Chapter, signal: Int32) throws {
    let server = try ServerProcess(chapter)
    server.send(signal: signal)
    try server.waitUntilQuiet()
    #expect(try server.get("/").text == "Hello")
    #expect(server.child.isRunning)
  }

  @Test(arguments: Chapter.allCases)
  func `SIGALRM from another process does not shorten the grace period`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter, ["--grace", "10m"])
    let client = try server.connect()
    try client.send("GET / HTTP/1.1\r\nHo")
    try server.waitUntilRead(client)
    server.send(signal: SIGTERM)
    try server.waitUntilQuiet()
    server.send(signal: SIGALRM)
    try server.waitUntilQuiet()
    try client.send("st: test\r\n\r\n")
    #expect(try client.readResponse().text == "Hello")
    #expect(try server.waitForExit() == .status(0))
  }

  /// The reader of the pipe is gone, and the server has to report that its trace ended.
  @Test(arguments: Chapter.allCases)
  func `a standard error that has no reader does not end the server`(chapter: Chapter) throws {
    let pipe = try TemporaryPath()
    let child = try ServerProcess.launch(
      chapter, ["--port=0", "--trace", "/dev/full"],
      limits: [
        "rm \(pipe.text)", "mkfifo \(pipe.text)", "exec 3<>\(pipe.text) 2>\(pipe.text) 3>&-",
      ])
    let line = try child.standardOutput.readLine()
    let port = try #require(UInt16(line.split(separator: ":").last ?? ""))
    for _ in 1...50 {
      let client = try Client(port: port)
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello")
    }
    child.send(signal: SIGTERM)
    #expect(try child.waitForExit().exit == .status(0))
  }
}
