/// The request method (RFC 9110 section 9).
struct Method: Equatable, Sendable, CustomStringConvertible {
  let description: String

  static let get = Method(description: "GET")
  static let head = Method(description: "HEAD")
  static let post = Method(description: "POST")
  static let put = Method(description: "PUT")

  /// Whether sending a request twice does no more than sending it once (RFC 9110 section 9.2.2).
  var isIdempotent: Bool {
    ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"].contains(description)
  }
}
