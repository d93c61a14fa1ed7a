import Testing

/// Requests that are refused for their size, their version or their coding: each gets its own
/// status, and the connection ends.
@Suite(.transcribed) struct RefusalTests {
  static let refusals = [
    Sample("target over 8 KiB", request("/" + "a" * 8192), 414),
    Sample("target over 8 KiB, unfinished", "GET /" + "a" * 9000, 414),
    Sample("query over 8 KiB", request("/?" + "a" * 8191), 414),
    Sample("one field over 16 KiB", request("/", "A: " + "a" * 16384), 431),
    Sample(
      "one field over 16 KiB, unfinished", "GET / HTTP/1.1\r\nHost: test\r\nA: " + "a" * 16384, 431),
    Sample(
      "one name over 16 KiB, unfinished", "GET / HTTP/1.1\r\nHost: test\r\n" + "a" * 16384, 431),
    Sample("many fields over 16 KiB", request("/", "Field: value\r\n" * 2000 + "A: b"), 431),
    Sample(
      "trailers over 16 KiB",
      request("/", "Transfer-Encoding: chunked") + "0\r\n" + "Field: value\r\n" * 2000 + "\r\n", 431
    ),
    Sample(
      "declared body over 1 MiB", request("/", "Content-Length: 1048577", method: "POST"), 413),
    Sample("declared body of 2^63", request("/", "Content-Length: 9223372036854775808"), 413),
    Sample("declared body of 2^64 + 5", request("/", "Content-Length: 18446744073709551621"), 413),
    Sample(
      "declared chunk over 1 MiB", request("/", "Transfer-Encoding: chunked") + "100001\r\n", 413),
    Sample(
      "declared chunk of 2^64", request("/", "Transfer-Encoding: chunked") + "1\("0" * 16)\r\n", 413
    ),
    Sample(
      "chunks that sum up to over 1 MiB",
      request("/", "Transfer-Encoding: chunked") + "10000\r\n\("a" * 65536)\r\n" * 16 + "1\r\n", 413
    ),
    Sample("coding gzip", request("/", "Transfer-Encoding: gzip"), 501),
    Sample("coding gzip, chunked", request("/", "Transfer-Encoding: gzip, chunked"), 501),
    Sample("coding identity", request("/", "Transfer-Encoding: identity"), 501),
    Sample("coding xchunked", request("/", "Transfer-Encoding: xchunked"), 501),
    Sample("HTTP 2", request("/", version: "HTTP/2.0"), 505),
    Sample("HTTP 0.9", request("/", version: "HTTP/0.9"), 505),
    Sample("HTTP 3", request("/", version: "HTTP/3.0"), 505),
    Sample("HTTP 2 with prior knowledge", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
  ]

  @Test(arguments: Chapter.allCases, refusals)
  func `a request that is too large or unsupported gets its status, and the connection is closed`(
    chapter: Chapter, refusal: Sample
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(refusal.bytes)
      let response = try client.readResponse()
      #expect(response.status == refusal.outcome)
      #expect(response["connection"] == "close")
      try client.expectClosed()
    }
  }

  static let accepted = [
    Sample("target of 8 KiB", request("/" + "a" * 8191), 404),
    Sample("query up to 8 KiB", request("/?" + "a" * 8190), 200),
    Sample("one field of 15 KiB", request("/", "A: " + "a" * 15360), 200),
    Sample("300 fields of 50 bytes", request("/", ("A: " + "a" * 45 + "\r\n") * 300 + "B: c"), 200),
    Sample("body of 1 MiB", request("/", "Content-Length: 1048576") + "a" * 1_048_576, 200),
    Sample(
      "chunks of 1 MiB",
      request("/", "Transfer-Encoding: chunked") + "80000\r\n\("a" * 524_288)\r\n" * 2
        + "0\r\n\r\n", 200
    ),
  ]

  @Test(arguments: Chapter.allCases, accepted)
  func `a request just within the limits is accepted`(
    chapter: Chapter, large: Sample
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      try client.send(large.bytes)
      try client.send(request("/"))
      #expect(try client.readResponse().status == large.outcome)
      #expect(try client.readResponse().text == "Hello")
    }
  }

  @Test(
    arguments: Chapter.allCases,
    [
      (request("/", "Content-Length: 3000000", method: "POST"), 413),
      (request("/", "Transfer-Encoding: gzip", method: "POST"), 501),
      ("POST / HTTP/1.1\r\n\r\n", 400),
    ])
  func `the refusal arrives although the client keeps sending`(
    chapter: Chapter, refusal: (head: String, status: Int)
  ) throws {
    try chapter.withServer { server in
      let client = try server.connect()
      // More than the kernel's buffers hold: a server that closes at once resets the connection,
      // and the reset overtakes its answer (RFC 9112 section 9.6).
      try client.send(refusal.head)
      try client.send("a" * 2_097_152)
      #expect(try client.readResponse().status == refusal.status)
      try client.expectClosed()
    }
  }
}
