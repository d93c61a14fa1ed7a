// snippet: response
/// A response whose bytes are built once and copied often: only the date differs.
///
/// There are three ways to say whether the connection stays open, so there are three versions:
/// sending a response takes one copy and no formatting.
public struct Response: ~Copyable, Sendable {
  /// The way in which a response says whether the connection stays open.
  public enum Persistence: Sendable {
    /// HTTP/1.1 keeps the connection open by default.
    case keepAlive
    /// HTTP/1.0 keeps it open only if the response says so (RFC 9112 appendix C.2.2).
    case keepAliveHTTP10
    case close
  }

  private let keepAlive, keepAliveHTTP10, close: DatedBytes
  private let bodyCount: Int

  /// Creates a response.
  /// - Parameters:
  ///   - server: the value of the `Server` field (RFC 9110 section 10.2.4).
  ///   - fields: further fields, each with its CRLF.
  public init(
    _ status: Status, server: String, type: String = "text/plain; charset=utf-8",
    fields: String = "", body: [UInt8]
  ) {
    let common = "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n\(fields)"
    keepAlive = DatedBytes(status, server: server, fields: common + "\r\n", body: body)
    keepAliveHTTP10 = DatedBytes(
      status, server: server, fields: common + "Connection: keep-alive\r\n\r\n", body: body)
    close = DatedBytes(
      status, server: server, fields: common + "Connection: close\r\n\r\n", body: body)
    bodyCount = body.count
  }

  /// Creates a response whose body is its own status, for example `404 Not Found`.
  public init(_ status: Status, server: String, fields: String = "") {
    let body = Array("\(status.rawValue) \(status.reason)\n".utf8)
    self.init(status, server: server, fields: fields, body: body)
  }

  /// Appends the response; with `headOnly` it ends after the header section (RFC 9110 section
  /// 9.3.2).
  @inline(__always)
  public func append(
    to output: inout OutputBuffer, _ persistence: Persistence, headOnly: Bool = false
  ) {
    switch persistence {
    case .keepAlive: keepAlive.append(to: &output)
    case .keepAliveHTTP10: keepAliveHTTP10.append(to: &output)
    case .close: close.append(to: &output)
    }
    if headOnly { output.removeLast(bodyCount) }
  }
}
// snippet: end

/// A status line and the bytes that follow it, with a gap for the date. They are never shared, so
/// no references are counted.
public struct DatedBytes: ~Copyable, @unchecked Sendable {
  // Unchecked: this value alone owns the memory, and never changes it.
  private let bytes: UnsafeMutableRawBufferPointer
  private let dateOffset: Int

  /// Builds the bytes.
  /// - Parameters:
  ///   - server: the value of the `Server` field.
  ///   - fields: further fields, each with its CRLF.
  public init(_ status: Status, server: String, fields: String, body: [UInt8] = []) {
    let start = "HTTP/1.1 \(status.rawValue) \(status.reason)\r\nDate: "
    let gap = String(repeating: " ", count: HTTPDate.length)
    let text = Array("\(start)\(gap)\r\nServer: \(server)\r\n\(fields)".utf8) + body
    bytes = .allocate(byteCount: text.count, alignment: 16)
    bytes.copyBytes(from: text)
    dateOffset = start.utf8.count
  }

  deinit { bytes.deallocate() }

  /// Appends the bytes, with the output's date.
  @inline(__always)
  public func append(to output: inout OutputBuffer) {
    let start = output.count + dateOffset
    output.append(UnsafeRawBufferPointer(bytes))
    output.putDate(at: start)
  }
}
