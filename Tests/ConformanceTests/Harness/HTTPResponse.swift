/// An HTTP response as it arrived.
struct HTTPResponse {
  let version: String
  let status: Int
  /// The header fields in order, with lowercase names.
  let fields: [(name: String, value: String)]
  var body: [UInt8] = []

  var text: String { String(decoding: body, as: UTF8.self) }

  /// The value of a field that must not occur twice.
  subscript(name: String) -> String? {
    let values = fields.filter { $0.name == name }.map(\.value)
    return values.count == 1 ? values[0] : values.isEmpty ? nil : "twice: \(values)"
  }

  /// Parses a head strictly: a lenient reader would let a sloppy server pass.
  init(head: String) throws {
    var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false).dropLast(2)
    let parts = lines.removeFirst().split(separator: " ", maxSplits: 2)
    guard parts.count == 3, parts[0] == "HTTP/1.1", parts[1].count == 3, let status = Int(parts[1])
    else { throw HarnessError("not a status line: '\(head)'") }
    version = String(parts[0])
    self.status = status
    fields = try lines.map { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[0].contains(" "), parts[1].first == " "
      else { throw HarnessError("not a header field: '\(line)'") }
      return (parts[0].lowercased(), String(parts[1].dropFirst()))
    }
  }
}

extension Client {
  /// Reads the next response. Every server frames its bodies by Content-Length (RFC 9112 section
  /// 6.2).
  /// - Parameter toHead: whether it answers a HEAD request, so that no body follows.
  func readResponse(toHead: Bool = false) throws -> HTTPResponse {
    var response = try HTTPResponse(head: readHead())
    // RFC 9110 section 15.2: no content. 1xx and 204 end with the head.
    if response.status < 200 || response.status == 204 { return response }
    guard let length = response["content-length"].flatMap({ Int($0) }) else {
      throw HarnessError("no Content-Length: \(response)")
    }
    if !toHead { response.body = try read(length) }
    return response
  }
}
