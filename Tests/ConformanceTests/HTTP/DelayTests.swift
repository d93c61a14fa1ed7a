import Testing

@Suite(.transcribed) struct DelayTests {
  @Test(arguments: Chapter.allCases)
  func `a delay in the query delays the answer`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let start = ContinuousClock.now
      let response = try server.get("/?delay=50ms")
      #expect(ContinuousClock.now - start >= .milliseconds(50))
      #expect(response.status == 200)
      #expect(response.text == "Hello")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `the delay on the command line applies to every Hello, but one in the query overrides it`(
    chapter: Chapter
  ) throws {
    let server = try ServerProcess(chapter, ["--delay", "50ms"])
    let start = ContinuousClock.now
    #expect(try server.get("/").text == "Hello")
    #expect(ContinuousClock.now - start >= .milliseconds(50))

    // No client would wait this long, so an answer proves that the query wins.
    let slow = try ServerProcess(chapter, ["--delay", "60s"])
    #expect(try slow.get("/?delay=0ms").text == "Hello")
    #expect(try slow.get("/nope").status == 404)
    #expect(try slow.get("/stats").status == 200)
  }

  @Test(arguments: Chapter.allCases)
  func `pipelined answers wait for a delayed answer before them`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      let start = ContinuousClock.now
      try client.send(request("/?delay=50ms") + request("/nope") + request("/?delay=50ms"))
      #expect(try client.readResponse().text == "Hello")
      #expect(try client.readResponse().status == 404)
      #expect(try client.readResponse().text == "Hello")
      #expect(ContinuousClock.now - start >= .milliseconds(100))
    }
  }

  @Test(
    arguments: Chapter.allCases,
    ["abc", "", "-5ms", "5", "5days", "ms", "1.5s", "+5ms", "5ms5", "0x5ms", "5%20ms"])
  func `a delay that is not a duration is a bad request`(chapter: Chapter, delay: String) throws {
    try chapter.withServer { server in
      let response = try server.get("/?delay=\(delay)")
      #expect(response.status == 400)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `/burn keeps the server busy for the time that it asks for`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let start = ContinuousClock.now
      let response = try server.get("/burn?ms=5")
      #expect(response.status == 200)
      #expect(ContinuousClock.now - start >= .milliseconds(5))
    }
  }

  @Test(arguments: Chapter.allCases, ["abc", "", "-5", "+5", "1.5", "0x5", "5%20"])
  func `a /burn time that is not a number is a bad request`(chapter: Chapter, time: String) throws {
    try chapter.withServer { server in
      let response = try server.get("/burn?ms=\(time)")
      #expect(response.status == 400)
    }
  }
}
