/// A response whose bytes are built once and copied often: only the date differs.
///
/// There are three ways to say how the connection goes on, and so three versions: an answer costs one
/// copy and formats nothing.
public struct Response: ~Copyable, Sendable {
  public enum Persistence: Sendable {
    /// HTTP/1.1 keeps the connection without a word.
    case keepAlive
    /// HTTP/1.0 keeps it only when told (RFC 9112 appendix C.2.2).
    case keepAliveHTTP10
    case close
  }

  private let keepAlive, keepAliveHTTP10, close: DatedBytes
  private let bodyCount: Int

  /// - Parameter fields: further fields, each with its CRLF.
  public init(
    _ status: Status, type: String = "text/plain; charset=utf-8", fields: String = "",
    body: [UInt8]
  ) {
    let common = "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n\(fields)"
    keepAlive = DatedBytes(status, fields: common + "\r\n", body: body)
    keepAliveHTTP10 = DatedBytes(
      status, fields: common + "Connection: keep-alive\r\n\r\n", body: body)
    close = DatedBytes(status, fields: common + "Connection: close\r\n\r\n", body: body)
    bodyCount = body.count
  }

  /// An answer that needs no other body than its own name.
  public init(_ status: Status, fields: String = "") {
    self.init(status, fields: fields, body: Array("\(status.rawValue) \(status.reason)\n".utf8))
  }

  /// Appends the response; with `headOnly` it ends behind the header section (RFC 9110 section 9.3.2).
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

/// A status line and what follows it, with a gap for the date. Nobody shares its bytes, so nobody counts who does.
public struct DatedBytes: ~Copyable, @unchecked Sendable {
  // Unchecked: this value alone owns the memory, which nobody changes.
  private let bytes: UnsafeMutableRawBufferPointer
  private let dateOffset: Int

  public init(_ status: Status, fields: String, body: [UInt8] = []) {
    let start = "HTTP/1.1 \(status.rawValue) \(status.reason)\r\nDate: "
    let gap = String(repeating: " ", count: HTTPDate.length)
    let text = Array("\(start)\(gap)\r\n\(fields)".utf8) + body
    bytes = .allocate(byteCount: text.count, alignment: 16)
    bytes.copyBytes(from: text)
    dateOffset = start.utf8.count
  }

  deinit { bytes.deallocate() }

  public func append(to output: inout OutputBuffer) {
    let start = output.count + dateOffset
    output.append(UnsafeRawBufferPointer(bytes))
    output.putDate(at: start)
  }
}
