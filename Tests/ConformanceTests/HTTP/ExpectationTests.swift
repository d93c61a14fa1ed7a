import Testing

/// `Expect: 100-continue` (RFC 9110 section 10.1.1).
@Suite(.transcribed) struct ExpectationTests {
  @Test(arguments: Chapter.allCases, ["Content-Length: 5", "Transfer-Encoding: chunked"])
  func `a client that waits for 100 Continue before its body gets it`(
    chapter: Chapter, framing: String
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(request("/", framing, "Expect: 100-Continue"))
      #expect(try client.readHead() == "HTTP/1.1 100 Continue\r\n\r\n")
      try client.send(framing.hasSuffix("5") ? "hello" : "5\r\nhello\r\n0\r\n\r\n")
      #expect(try client.readResponse().text == "Hello")
      try client.send(request("/nope"))
      #expect(try client.readResponse().status == 404)
    }
  }

  @Test(arguments: Chapter.allCases)
  func `a client that asks to send too large a body is refused before it sends one`(
    chapter: Chapter
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(request("/", "Content-Length: 1048577", "Expect: 100-continue"))
      #expect(try client.readResponse().status == 413)
      try client.expectClosed()
    }
  }

  @Test(arguments: Chapter.allCases)
  func `an HTTP/1.0 client never gets 100 Continue`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send("GET / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
      try server.waitUntilRead(client)
      try client.send("hello")
      // The first thing that it receives must not be 100, which an HTTP/1.0 client would not
      // understand.
      #expect(try client.readResponse().status == 200)
      try client.expectClosed()
    }
  }

  @Test(arguments: Chapter.allCases)
  func `an unknown expectation gets 417`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(request("/", "Expect: the-unexpected"))
      #expect(try client.readResponse().status == 417)
    }
  }
}
