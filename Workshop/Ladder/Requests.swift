import Kit

/// Returns a request with these header fields in addition to `Host`.
func request(
  _ target: String = "/", _ fields: String..., method: String = "GET",
  version: String = "HTTP/1.1", body: String = ""
) -> String {
  (["\(method) \(target) \(version)", "Host: ladder"] + fields).joined(separator: "\r\n")
    + "\r\n\r\n" + body
}

extension Client {
  /// Sends a request that the server must refuse with this status before it closes the connection.
  func expectRefusal(_ text: String, _ status: Int, _ problem: String, _ why: String) {
    send(text)
    expectReply(status, problem, why)
    expectEnd(
      "the connection stayed open after a \(status)",
      "After a request that it cannot understand, the server does not know where the next request "
        + "starts. It must answer and then close the connection.")
  }
}

extension Reply {
  /// Returns the value of a header field, or `nil` if there is none.
  func field(_ name: String) -> String? {
    head.split(separator: "\r\n").dropFirst().first {
      $0.lowercased().hasPrefix(name.lowercased() + ":")
    }.map { String($0.dropFirst(name.count + 1).drop { $0 == " " }) }
  }
}
