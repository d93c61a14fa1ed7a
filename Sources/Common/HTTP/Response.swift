/// A response whose bytes are built once and copied often: only the date differs.
///
/// There are three ways to say how the connection goes on, and so three heads: an answer costs two
/// copies and formats nothing.
public struct Response: Sendable {
  public enum Persistence: Int, Sendable, CaseIterable {
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

  private let heads: [ResponseHead]
  private let body: [UInt8]

  /// - Parameter fields: further fields, each with its CRLF.
  public init(
    _ status: Status, type: String = "text/plain; charset=utf-8", fields: String = "",
    body: [UInt8]
  ) {
    self.body = body
    let common = "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n\(fields)"
    heads = Persistence.allCases.map { ResponseHead(status, fields: common + $0.field + "\r\n") }
  }

  /// An answer that needs no other body than its own name.
  public init(_ status: Status, fields: String = "") {
    self.init(status, fields: fields, body: Array("\(status.rawValue) \(status.reason)\n".utf8))
  }

  /// Appends the response; with `headOnly` it ends behind the header section (RFC 9110 section 9.3.2).
  public func append(
    to output: inout [UInt8], _ persistence: Persistence, headOnly: Bool = false, date: HTTPDate
  ) {
    heads[persistence.rawValue].append(to: &output, date: date)
    if !headOnly { output.append(contentsOf: body) }
  }
}

/// A status line and fields, with a gap for the date.
struct ResponseHead: Sendable {
  private let bytes: [UInt8]
  private let dateOffset: Int

  init(_ status: Status, fields: String) {
    let start = "HTTP/1.1 \(status.rawValue) \(status.reason)\r\nDate: "
    let gap = String(repeating: " ", count: HTTPDate.length)
    bytes = Array("\(start)\(gap)\r\n\(fields)".utf8)
    dateOffset = start.utf8.count
  }

  @inline(__always)
  func append(to output: inout [UInt8], date: HTTPDate) {
    let start = output.count + dateOffset
    output.append(contentsOf: bytes)
    for index in 0..<HTTPDate.length { output[start + index] = date.bytes[index] }
  }
}
