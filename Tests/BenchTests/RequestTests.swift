import Testing

@testable import bench

/// The bytes that are sent, flag by flag.
struct RequestTests {
  private func request(_ arguments: String...) throws -> String {
    let options = try BenchOptions(arguments)
    let body = options.bodyFile == nil ? "" : "data"
    return String(decoding: requestBytes(options, body: Array(body.utf8)), as: UTF8.self)
  }

  @Test func speaksHTTP11AndClosesByDefault() throws {
    #expect(
      try request("http://h:81/x?y") == "GET /x?y HTTP/1.1\r\nHost: h:81\r\nUser-Agent: bench\r\n"
        + "Accept: */*\r\nConnection: close\r\n\r\n")
  }

  @Test func asksForWhatIsNotTheDefault() throws {
    #expect(try !request("-k", "http://h/").contains("Connection"))
    #expect(try request("--http1.0", "-k", "http://h/").contains("\r\nConnection: keep-alive\r\n"))
    #expect(try !request("--http1.0", "http://h/").contains("Connection"))
    #expect(try request("--http1.0", "http://h/").hasPrefix("GET / HTTP/1.0\r\n"))
  }

  @Test func sendsAFileWithItsLengthAndType() throws {
    let post = try request("-p", "f", "-T", "text/csv", "http://h/")
    #expect(post.hasPrefix("POST / "))
    #expect(post.contains("\r\nContent-Length: 4\r\nContent-Type: text/csv\r\n"))
    #expect(post.hasSuffix("\r\n\r\ndata"))
    #expect(try request("-u", "f", "http://h/").hasPrefix("PUT / "))
    #expect(try request("-m", "PATCH", "-p", "f", "http://h/").hasPrefix("PATCH / "))
    #expect(try request("-i", "http://h/").hasPrefix("HEAD / "))
  }

  /// RFC 9110 section 8.6: some servers answer 411 to a POST without a length.
  @Test(arguments: ["POST", "PUT", "PATCH"])
  func aMethodThatExpectsABodySaysThatThereIsNone(_ method: String) throws {
    #expect(try request("-m", method, "http://h/").contains("\r\nContent-Length: 0\r\n"))
    #expect(try !request("-m", "DELETE", "http://h/").contains("Content-Length"))
    let own = try request("-m", method, "-H", "content-length: 3", "http://h/")
    #expect(own.lowercased().ranges(of: "content-length").count == 1)
  }

  /// RFC 6265 section 5.4.
  @Test func thereIsOneCookieLine() throws {
    let text = try request("-C", "a=1", "-H", "cookie: b=2", "-C", "c=3", "http://h/")
    #expect(text.contains("\r\nCookie: a=1; b=2; c=3\r\n"))
    #expect(text.lowercased().ranges(of: "cookie").count == 1)
  }

  @Test func thereIsOneAuthorization() throws {
    let text = try request("-A", "a:b", "-H", "Authorization: Bearer x", "http://h/")
    #expect(text.contains("\r\nAuthorization: Bearer x\r\n") && !text.contains("Basic"))
    #expect(try request("-A", "a:b", "-A", "c:d", "h").ranges(of: "Authorization").count == 1)
  }

  /// Both would let a proxy and a server disagree about where the body ends (RFC 9112 section 6.2).
  @Test func aTransferCodingReplacesTheLength() throws {
    let text = try request("-p", "f", "-H", "Transfer-Encoding: chunked", "http://h/")
    #expect(text.contains("\r\nTransfer-Encoding: chunked\r\n"))
    #expect(!text.contains("Content-Length"))
  }

  @Test func addsHeaderLinesAndReplacesItsOwn() throws {
    let text = try request(
      "-H", "X-One: 1", "-H", "host: other", "-C", "a=1", "-A", "Aladdin:open sesame", "http://h/")
    #expect(text.contains("\r\nX-One: 1\r\nhost: other\r\nCookie: a=1\r\n"))
    #expect(!text.contains("Host: h"))
    // RFC 2617 section 2.
    #expect(text.contains("\r\nAuthorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n"))
  }
}
