/// A response whose bytes are built once and copied often: only the date differs.
///
/// There are three ways to say how the connection goes on, and so three versions: an answer costs one
/// copy and formats nothing.
public final class Response: Sendable {
  public enum Persistence: Int, Sendable {
    /// HTTP/1.1 keeps the connection without a word.
    case keepAlive
    /// HTTP/1.0 keeps it only when told (RFC 9112 appendix C.2.2).
    case keepAliveHTTP10
    case close

    fileprivate var field: String {
      switch self {
      case .keepAlive: ""
      case .keepAliveHTTP10: "Connection: keep-alive\r\n"
      case .close: "Connection: close\r\n"
      }
    }
  }

  private let versions: [3 of DatedBytes]
  private let bodyCount: Int

  /// - Parameter fields: further fields, each with its CRLF.
  public init(
    _ status: Status, type: String = "text/plain; charset=utf-8", fields: String = "",
    body: [UInt8]
  ) {
    let common = "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n\(fields)"
    versions = [3 of DatedBytes] {
      let persistence = Persistence(rawValue: $0)!
      return DatedBytes(status, fields: common + persistence.field + "\r\n", body: body)
    }
    bodyCount = body.count
  }

  /// An answer that needs no other body than its own name.
  public convenience init(_ status: Status, fields: String = "") {
    self.init(status, fields: fields, body: Array("\(status.rawValue) \(status.reason)\n".utf8))
  }

  /// Appends the response; with `headOnly` it ends behind the header section (RFC 9110 section 9.3.2).
  public func append(
    to output: inout OutputBuffer, _ persistence: Persistence, headOnly: Bool = false,
    date: HTTPDate
  ) {
    versions[persistence.rawValue].append(to: &output, date: date)
    if headOnly { output.removeLast(bodyCount) }
  }
}

/// A status line and what follows it, with a gap for the date.
struct DatedBytes: Sendable {
  private let bytes: [UInt8]
  private let dateOffset: Int

  init(_ status: Status, fields: String, body: [UInt8] = []) {
    let start = "HTTP/1.1 \(status.rawValue) \(status.reason)\r\nDate: "
    let gap = String(repeating: " ", count: HTTPDate.length)
    bytes = Array("\(start)\(gap)\r\n\(fields)".utf8) + body
    dateOffset = start.utf8.count
  }

  @inline(__always)
  func append(to output: inout OutputBuffer, date: HTTPDate) {
    let start = output.count + dateOffset
    output.append(bytes)
    output.replace(at: start, with: date.bytes)
  }
}
