import Testing

@Suite(.transcribed) struct RouteTests {
  @Test(arguments: Chapter.allCases)
  func `GET / answers Hello`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let response = try server.get("/")
      #expect(response.status == 200)
      #expect(response.text == "Hello")
      #expect(response["content-length"] == "5")
      let type = try #require(response["content-type"])
      #expect(type == "text/plain" || type.hasPrefix("text/plain;"))
    }
  }

  @Test(arguments: Chapter.allCases, ["/", "/nope", "/?delay=abc"])
  func `answers carry the date in the format of RFC 9110`(chapter: Chapter, target: String) throws {
    try chapter.withServer { server in
      let date = try #require(try server.get(target)["date"])
      // IMF-fixdate, section 5.6.7: Sun, 06 Nov 1994 08:49:37 GMT
      let pattern =
        #/(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT/#
      #expect(date.wholeMatch(of: pattern) != nil, "\(date)")
    }
  }

  @Test(arguments: Chapter.allCases, ["/", "/chat", "/nope", "/stats"])
  func `HEAD gets the same header fields as GET and no body`(chapter: Chapter, target: String)
    throws
  {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(request(target))
      let full = try client.readResponse()
      try client.send(request(target, method: "HEAD") + request("/"))
      let head = try client.readResponse(toHead: true)
      #expect(head.status == full.status)
      #expect(head.fields.map(\.name) == full.fields.map(\.name))
      #expect(head["content-type"] == full["content-type"])
      if target != "/stats" { #expect(head["content-length"] == full["content-length"]) }
      // A body would be read as the beginning of the next answer.
      #expect(try client.readResponse().text == "Hello")
    }
  }

  @Test(arguments: Chapter.allCases)
  func `the chat page loads nothing from other servers`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let response = try server.get("/chat")
      #expect(response.status == 200)
      #expect(response["content-type"]?.hasPrefix("text/html") == true)
      let page = response.text.lowercased()
      #expect(page.contains("<!doctype html"))
      #expect(page.contains("/ws"))
      let external =
        #/(src|href|action|data)\s*=\s*["']?\s*(https?:)?\/\/|url\(\s*["']?(https?:)?\/\/|@import/#
      #expect(page.firstMatch(of: external) == nil)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `/stats counts what was served`(chapter: Chapter) throws {
    let server = try ServerProcess(chapter)
    let webSocket = try server.connectWebSocket("/echo")
    for _ in 1...3 {
      try webSocket.send("one")
      _ = try webSocket.readText()
    }
    try webSocket.send(.close(1000))
    try webSocket.expectClose(1000)
    for _ in 1...4 { _ = try server.get("/") }

    let response = try server.get("/stats")
    #expect(response["content-type"]?.hasPrefix("application/json") == true)
    let stats = try Stats(response.text)
    #expect(stats["server"] == "\"\(chapter.name)\"" || chapter.ownCommand != nil)
    #expect(stats["messagesServed"] == "3")
    // The handshake, four times Hello, and perhaps the request that is being answered.
    let requests = try #require(stats["requestsServed"].flatMap { Int($0) })
    #expect((5...6).contains(requests))
    #expect(try #require(stats["connectionsOpen"].flatMap { Int($0) }) >= 1)
    #expect(try #require(stats["uptimeSeconds"].flatMap { Double($0) }) >= 0)
  }

  @Test(
    arguments: Chapter.allCases, ["/nope", "/chat/", "/index.html", "/%2e%2e/etc/passwd", "/WS"])
  func `an unknown path gets 404`(chapter: Chapter, target: String) throws {
    try chapter.withServer { server in
      let response = try server.get(target)
      #expect(response.status == 404)
    }
  }

  /// RFC 9112 section 3.2.2; RFC 9110 section 4.2.3: an empty path is the same as `/`.
  @Test(arguments: Chapter.allCases, ["http://test/", "http://test", "HTTP://other:80?delay=0ms"])
  func `an absolute target means its path`(chapter: Chapter, target: String) throws {
    try chapter.withServer { server in
      let response = try server.get(target)
      #expect(response.status == 200)
      #expect(response.text == "Hello")
    }
  }

  @Test(
    arguments: Chapter.allCases,
    ["/", "/chat", "/stats", "/burn?ms=0", "/ws", "/echo"])
  func `other methods get 405, and Allow lists the right ones`(chapter: Chapter, target: String)
    throws
  {
    try chapter.withServer { server in
      let client = try server.connect()
      for method in ["POST", "PUT", "DELETE", "OPTIONS", "BREW", "get"] {
        try client.send(request(target, method: method))
        let response = try client.readResponse()
        #expect(response.status == 405, "\(method)")
        #expect(response["allow"] == "GET, HEAD", "\(method)")
      }
    }
  }
}
