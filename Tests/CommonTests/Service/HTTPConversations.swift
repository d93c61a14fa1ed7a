import TestSupport

@testable import Common
@testable import WireProtocols

private let hello = "200 Hello"
private let close = get("Connection: close")

extension Conversation {
  static let requests: [Conversation] = [
    .init("nothing at all", replies: []),
    .init("empty lines only", "\r\n\r\n", replies: []),
    .init("GET", get(), replies: [hello]),
    .init("HEAD", line("HEAD / HTTP/1.1"), replies: ["200"]),
    .init("HTTP/1.0", head("GET / HTTP/1.0", []), replies: ["200 close Hello"]),
    .init(
      "HTTP/1.0 kept alive", head("GET / HTTP/1.0", ["Connection: keep-alive"]), get(),
      replies: ["200 keep-alive Hello", hello]),
    .init("HTTP/1.0, then more", head("GET / HTTP/1.0", []), get(), replies: ["200 close Hello"]),
    .init("close", close, replies: ["200 close Hello"]),
    .init("close, then more", close, get(), replies: ["200 close Hello"]),
    .init(
      "a pipeline", get(), line("HEAD / HTTP/1.1"), line("GET /no HTTP/1.1"), get(), close,
      replies: [hello, "200", "404", hello, "200 close Hello"]),
    .init("empty lines between", get(), "\r\n\r\n", get(), "\r\n", replies: [hello, hello]),
    .init(
      "unknown paths", line("GET /Chat HTTP/1.1"), line("GET // HTTP/1.1"),
      line("POST /no HTTP/1.1"), line("GET /burnt HTTP/1.1"),
      replies: Array(repeating: "404", count: 4)),
    .init(
      "other methods", line("POST / HTTP/1.1"), line("OPTIONS * HTTP/1.1"),
      line("CONNECT h:1 HTTP/1.1"), line("get / HTTP/1.1"), line("DELETE /ws HTTP/1.1"),
      replies: Array(repeating: "405", count: 5)),
    .init("absolute form", line("GET http://h/ HTTP/1.1"), replies: [hello]),
    .init(
      "the chat page", line("GET /chat HTTP/1.1"), line("HEAD /chat HTTP/1.1"),
      replies: ["200 \(PackageResources.chat_html.count) bytes", "200"]),
    .init(
      "a delay in a pipeline", get(), line("GET /?delay=250ms HTTP/1.1"), get(),
      replies: [hello, hello, hello], orders: ["pause 0.25 seconds"]),
    .init(
      "a slow server", get(), line("HEAD / HTTP/1.1"), line("GET /?delay=0s HTTP/1.1"),
      replies: [hello, "200", hello], orders: ["pause 2.0 seconds", "pause 2.0 seconds"]
    ) { $0.delay = .seconds(2) },
    .init("a bad delay", line("GET /?delay=soon HTTP/1.1"), get(), replies: ["400", hello]),
    .init(
      "burning", line("GET /burn?ms=5 HTTP/1.1"), get(), replies: [hello, hello],
      orders: ["burn 0.005 seconds"]),
    .init(
      "a delay, then close", head("GET /?delay=1s HTTP/1.0", []), get(),
      replies: ["200 close Hello"], orders: ["pause 1.0 seconds"]),
  ]

  static let bodies: [Conversation] = [
    .init("a body", post("Content-Length: 5"), "hello", get(), replies: ["405", hello]),
    .init("a body of GET", get("Content-Length: 5"), "hello", get(), replies: [hello, hello]),
    .init(
      "a body that looks like a request", post("Content-Length: \(get().utf8.count)"), get(),
      replies: ["405"]),
    .init(
      "chunks", post("Transfer-Encoding: chunked"),
      "5;a=b\r\nhello\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n", get(), replies: ["405", hello]),
    .init(
      "a delay, with a body", line("GET /?delay=1s HTTP/1.1"),
      head("GET /?delay=2s HTTP/1.1", ["Host: h", "Content-Length: 1"]), "x", get(),
      replies: [hello, hello, hello], orders: ["pause 1.0 seconds", "pause 2.0 seconds"]),
    .init(
      "100-continue and a request that fails anyway",
      post("Expect: 100-continue", "Content-Length: 2"), "ab", get(), replies: ["405 close"]),
    .init(
      "empty elements of Expect", get("Expect:"), get("Expect: , 100-continue ,"),
      replies: [hello, hello]),
    .init(
      "white space before a chunk extension", post("Transfer-Encoding: chunked"),
      "5 \t;a=b\r\nhello\r\n0 ; c\r\n\r\n", get(), replies: ["405", hello]),
    .init(
      "100-continue without a body", get("Expect: 100-continue"), get(), replies: [hello, hello]),
    .init("half a request", "GET / HTTP/1.1\r\nHost:", replies: ["400 close"]),
    .init("half a request after a whole one", get(), "GET", replies: [hello, "400 close"]),
    .init("half a body", post("Content-Length: 5"), "hell", replies: ["400 close"]),
    .init("no chunk", post("Transfer-Encoding: chunked"), replies: ["400 close"]),
    .init(
      "half the trailers", post("Transfer-Encoding: chunked"), "0\r\nA: b\r\n",
      replies: ["400 close"]),
  ]

  static let errors: [Conversation] = [
    .init("a TLS ClientHello", "\u{16}\u{03}\u{01}\u{02}\u{00}\u{01}", replies: ["400 close"]),
    .init(
      "white space after a chunk size", post("Transfer-Encoding: chunked"), "5 \r\nhello",
      replies: ["400 close"]),
    .init(
      "a method that never ends", String(repeating: "M", count: 300) + " / HTTP/1.1\r\n",
      replies: ["501 close"]),
    .init("CONNECT without a port", line("CONNECT h HTTP/1.1"), replies: ["400 close"]),
    .init("garbage", "\u{16}\u{03}\u{01}\n\r\n\r\n", replies: ["400 close"]),
    .init(
      "a bad request after a good one", get(), "GET /\r\n\r\n", get(),
      replies: [hello, "400 close"]),
    .init("bare LF", "GET / HTTP/1.1\nHost: h\n\n", get(), replies: ["400 close"]),
    .init(
      "a smuggled request", post("Content-Length: 5", "Transfer-Encoding: chunked"),
      "0\r\n\r\n", get(), replies: ["400 close"]),
    .init(
      "a bad chunk", post("Transfer-Encoding: chunked"), "5\r\nhello0\r\n\r\n", get(),
      replies: ["400 close"]),
    .init("no Host", head("GET / HTTP/1.1", []), get(), replies: ["400 close"]),
    .init("too long a body", post("Content-Length: 1048577"), "x", replies: ["413 close"]),
    .init(
      "too long a chunk", post("Transfer-Encoding: chunked"), "100001\r\nx", replies: ["413 close"]),
    .init("unknown expectation", get("Expect: tea"), get(), replies: ["417 close"]),
    .init("gzip", post("Transfer-Encoding: gzip"), "x", replies: ["501 close"]),
    .init("HTTP/2.0", line("GET / HTTP/2.0"), replies: ["505 close"]),
    .init("HEAD refused", line("HEAD / HTTP/2.0"), get(), replies: ["505 close"]),
  ]
}
