/// A request with these field lines behind a valid beginning.
public func get(_ fields: String...) -> String { head("GET / HTTP/1.1", ["Host: h"] + fields) }
public func post(_ fields: String...) -> String { head("POST / HTTP/1.1", ["Host: h"] + fields) }
/// A valid request but for its first line.
public func line(_ requestLine: String) -> String { head(requestLine, ["Host: h"]) }
public func head(_ requestLine: String, _ fields: [String]) -> String {
  ([requestLine] + fields).map { $0 + "\r\n" }.joined() + "\r\n"
}
