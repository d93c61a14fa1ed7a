import Glibc
import Testing

/// `--trace FILE`: what each thread did, and for which client, in the format that Perfetto reads.
@Suite struct TraceTests {
  @Test(arguments: Chapter.allCases, ShutdownTests.signals)
  func `the trace shows what happened to every client, in order`(chapter: Chapter, signal: Int32)
    throws
  {
    let trace = try traceOfVisits(chapter, signal: signal)
    let answer = ["read", "handle", "write"]
    let pause = chapter.sleepsInPauses ? ["pause"] : ["pause b", "pause e"]
    let delayed: [String] = ["read", "handle"] + pause + ["handle", "write"]
    // After `Connection: close` the server reads until the client's end.
    let end = ["read", "handle", "close"]
    #expect(trace.story(of: 1) == ["accept"] + delayed + end)
    #expect(trace.story(of: 2) == ["accept"] + answer + end)
    #expect(trace.story(of: 3) == ["accept"] + answer + answer + answer + ["close"])
    #expect(trace.story(of: 4) == [])

    let pauses = trace.traceEvents.filter { $0.name == "pause" }
    #expect(pauses.allSatisfy { $0.ph == "X" || ($0.cat == "client" && $0.id2 == ["local": "1"]) })
  }

  @Test(arguments: Chapter.allCases)
  func `each thread has its own lane, and the events of a lane do not overlap`(chapter: Chapter)
    throws
  {
    let trace = try traceOfVisits(chapter, signal: SIGTERM)
    let lanes = trace.lanes
    #expect(Set(lanes.keys) == chapter.lanes)
    #expect(Set(trace.traceEvents.map(\.pid)).count == 1)
    for (name, events) in lanes {
      #expect(!events.isEmpty, "\(name)")
      let times = events.flatMap { [$0.start, $0.end] }
      #expect(times == times.sorted(), "\(name)")
      #expect(times.allSatisfy { $0 >= 0 })
    }
    let known = ["accept", "read", "handle", "pause", "write", "close", "wait"]
    #expect(Set(lanes.values.joined().map(\.name)).isSubset(of: known))
    for client in 1...3 {
      let threads = lanes.values.filter { events in
        events.contains { $0.args?.client == client && $0.name == "handle" }
      }
      #expect(threads.count == 1, "client \(client) is served by one thread")
    }
  }

  @Test(
    .enabled(if: !Chapter.unlimited.isEmpty, "every server holds a thread while a client waits"),
    arguments: Chapter.unlimited)
  func `while one client waits for the backend, its thread serves others`(chapter: Chapter) throws {
    let path = try TemporaryPath()
    let server = try ServerProcess(
      chapter, ["--trace", path.text, "--grace", "60s"] + chapter.oneThread)
    let waiting = try server.connect()
    try waiting.send(request("/?delay=60s"))
    try server.waitUntilRead(waiting)
    #expect(try server.get("/").text == "Hello")
    waiting.reset()
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))

    let events = try TraceRecord(path: path.text).traceEvents
    let begin = try #require(events.first { $0.ph == "b" })
    let end = try #require(events.first { $0.ph == "e" })
    let write = try #require(events.first { $0.name == "write" })
    #expect([begin, end, write].map { $0.args?.client } == [1, 1, 2])
    #expect(begin.start < write.start && write.end < end.start)
    #expect(begin.tid == write.tid)
  }

  @Test(arguments: Chapter.allCases)
  func `a computation appears on the thread that does it`(chapter: Chapter) throws {
    let path = try TemporaryPath()
    let server = try ServerProcess(chapter, ["--trace", path.text])
    #expect(try server.get("/burn?ms=5").status == 200)
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
    let events = try TraceRecord(path: path.text).traceEvents
    let burns = events.filter { $0.name == "burn" }
    let burn = try #require(burns.first)
    #expect(burns.count == 1)
    #expect(burn.end - burn.start >= 5_000_000)
    // A thread that only computes does not know for which client.
    let isServer = chapter.burnBlocksEveryone || chapter.sleepsInPauses
    #expect(burn.args?.client == (isServer ? 1 : nil))
    let thread = events.first { $0.name == "thread_name" && $0.tid == burn.tid }
    let own = chapter.name == "02-ThreadPool" ? "worker" : chapter.name
    #expect(thread?.args?.name?.hasPrefix(isServer ? own : "dispatch") == true)
  }

  @Test(arguments: Chapter.allCases)
  func `a server that is killed leaves a complete file`(chapter: Chapter) throws {
    let path = try TemporaryPath()
    let server = try ServerProcess(chapter, ["--trace", path.text])
    _ = try server.get("/")
    // The threads' events are written one thread after the other: 02's accept may follow its close.
    let story = ["accept", "read", "handle", "write", "read", "handle", "close"]
    try eventually("all events of the client are in the file") {
      let text = try readFile(path.text)
      return try text.contains("\"close\"") && text.contains("\"accept\"")
        && TraceRecord(path: path.text).story(of: 1) == story
    }
    server.send(signal: SIGKILL)
    #expect(try server.waitForExit() == .signal(SIGKILL))
    #expect(try TraceRecord(path: path.text).story(of: 1) == story)
  }

  @Test(arguments: Chapter.allCases)
  func `the end of the grace period loses no event`(chapter: Chapter) throws {
    let path = try TemporaryPath()
    let server = try ServerProcess(chapter, ["--trace", path.text, "--grace", "0ms"])
    let client = try server.connect()
    // Microseconds before the end, when the writer has hardly run since.
    for _ in 1...2 {
      try client.send(request("/"))
      #expect(try client.readResponse().text == "Hello")
    }
    try client.send(request("/?delay=60s"))
    server.send(signal: SIGTERM)
    #expect(try server.waitForExit() == .status(0))
    // The second answer arrived, so the first one had been written, and its event recorded.
    let begin = try TraceRecord(path: path.text).story(of: 1).prefix(4)
    #expect(begin == ["accept", "read", "handle", "write"])
  }

  @Test(arguments: Chapter.allCases)
  func `if the disk is full, the trace ends and the server continues`(chapter: Chapter) throws {
    let path = try TemporaryPath()
    for (file, server) in [
      ("/dev/full", try ServerProcess(chapter, ["--trace", "/dev/full"])),
      (path.text, try ServerProcess(chapter, ["--trace", path.text], fileSize: 8)),
    ] {
      for _ in 1...100 { #expect(try server.get("/").text == "Hello") }
      server.send(signal: SIGTERM)
      let (exit, output, errors) = try server.child.waitForExit()
      #expect(exit == .status(0))
      #expect(output == "")
      #expect(errors.hasPrefix("\(chapter.name): \(file): "), "\(errors)")
      #expect(errors.filter { $0 == "\n" }.count == 1, "\(errors)")
    }
    #expect(try TraceRecord(path: path.text).traceEvents.count > 10)
  }

  @Test(arguments: Chapter.allCases)
  func `a trace file that cannot be opened is reported in one line before any client is accepted`(
    chapter: Chapter
  ) throws {
    let child = try ServerProcess.launch(chapter, ["--port=0", "--trace", "/dev/null/trace"])
    let (exit, output, errors) = try child.waitForExit()
    #expect(exit == .status(1))
    #expect(output == "")
    #expect(errors == "\(chapter.name): /dev/null/trace: Not a directory\n")
  }

  /// Three clients, one after the other: one that waits for the backend, one that does not, and a
  /// WebSocket.
  private func traceOfVisits(_ chapter: Chapter, signal: Int32) throws -> TraceRecord {
    let path = try TemporaryPath()
    let server = try ServerProcess(chapter, ["--trace", path.text] + chapter.threads)
    #expect(try server.get("/?delay=20ms").text == "Hello")
    #expect(try server.get("/").text == "Hello")
    let webSocket = try server.connectWebSocket("/echo")
    try webSocket.send("hello")
    #expect(try webSocket.readText() == "hello")
    try webSocket.send(.close(1000))
    try webSocket.expectClose(1000)
    // Otherwise the process could end before the last client does.
    try server.waitUntilQuiet()
    server.send(signal: signal)
    #expect(try server.waitForExit() == .status(0))
    return try TraceRecord(path: path.text)
  }
}

extension Chapter {
  /// Whether a thread sleeps while its client waits for the slow backend.
  fileprivate var sleepsInPauses: Bool { servesAtOnce != nil }

  /// Options that make the number of threads the same on every machine.
  fileprivate var threads: [String] {
    switch name {
    case "02-ThreadPool": ["--workers", "1"]
    case "04-Actor", "05-WebSocket": ["--loops", "2"]
    default: []
    }
  }

  fileprivate var oneThread: [String] { name == "03-Epoll" ? [] : ["--loops", "1"] }

  fileprivate var lanes: Set<String> {
    switch name {
    case "02-ThreadPool": [name, "worker 1"]
    case "04-Actor": [name, "loop 1"]
    case "05-WebSocket": [name, "shard 1"]
    default: [name]
    }
  }
}
