import Testing

/// `Expect: 100-continue` (RFC 9110 section 10.1.1).
@Suite(.transcribed) struct ExpectationTests {
  @Test(arguments: Chapter.allCases, ["Content-Length: 5", "Transfer-Encoding: chunked"])
  func `a client that waits for permission to send its body gets it`(
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
  func `a client that waits to send too large a body is refused at once`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(request("/", "Content-Length: 1048577", "Expect: 100-continue"))
      #expect(try client.readResponse().status == 413)
      try client.expectClosed()
    }
  }

  @Test(arguments: Chapter.allCases)
  func `HTTP 1.0 knows no expectations`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send("GET / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
      try server.waitUntilRead(client)
      try client.send("hello")
      // The first thing it hears must not be 100, which it could not understand.
      #expect(try client.readResponse().status == 200)
      try client.expectClosed()
    }
  }

  @Test(arguments: Chapter.allCases)
  func `an expectation nobody knows fails`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(request("/", "Expect: the-unexpected"))
      #expect(try client.readResponse().status == 417)
    }
  }
}
