/// The request method (RFC 9110 section 9).
struct Method: Equatable, Sendable, CustomStringConvertible {
  let description: String

  static let get = Method(description: "GET")
  static let head = Method(description: "HEAD")
  static let post = Method(description: "POST")
  static let put = Method(description: "PUT")

  /// Whether a body has a meaning, so that a request without one says so: `Content-Length: 0` (RFC
  /// 9110 section 8.6). Some servers answer 411 otherwise.
  var expectsContent: Bool { ["POST", "PUT", "PATCH"].contains(description) }

  /// Whether sending a request twice does no more than sending it once (RFC 9110 section 9.2.2).
  var isIdempotent: Bool {
    ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"].contains(description)
  }
}
