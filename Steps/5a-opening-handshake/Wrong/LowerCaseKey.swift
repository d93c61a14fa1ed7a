// expect: Sec-WebSocket-Accept does not match the key
// file: Request.swift
/// The head of a request: RFC 9112, sections 3 and 5.
struct Request {
  let method: String
  let target: String
  let version: String
  /// The fields, with their names in lower case.
  private(set) var fields: [String: String] = [:]

  /// Returns `nil` if the head does not follow the grammar.
  init?(_ head: String) {
    let lines = head.split(separator: "\r\n")
    let words = lines.first?.split(separator: " ", omittingEmptySubsequences: false) ?? []
    guard words.count == 3, words[1].hasPrefix("/"), words[2].hasPrefix("HTTP/1.") else {
      return nil
    }
    (method, target, version) = (String(words[0]), String(words[1]), String(words[2]))
    for line in lines.dropFirst() {
      guard let colon = line.firstIndex(of: ":"), !line[..<colon].contains(" ") else { return nil }
      let value = line[colon...].dropFirst().drop { $0 == " " }
      fields[line[..<colon].lowercased()] = value.lowercased()
    }
    if version != "HTTP/1.0" && fields["host"] == nil { return nil }
  }

  /// Whether the client may send another request on this connection. Not after a body: this
  /// server does not read bodies, and would treat one as the next request.
  var keepsAlive: Bool {
    version == "HTTP/1.1" && fields["connection"]?.lowercased() != "close"
      && fields["content-length"] == nil && fields["transfer-encoding"] == nil
  }

  /// Returns whether a field's value, a comma-separated list, contains a word.
  func field(_ name: String, contains word: String) -> Bool {
    let words = fields[name]?.split(whereSeparator: { $0 == "," || $0 == " " }) ?? []
    return words.contains { $0.lowercased() == word }
  }
}
