/// Returns a request with these field lines after a valid beginning.
public func get(_ fields: String...) -> String { head("GET / HTTP/1.1", ["Host: h"] + fields) }
public func post(_ fields: String...) -> String { head("POST / HTTP/1.1", ["Host: h"] + fields) }
/// Returns a request that is valid except for its first line.
public func line(_ requestLine: String) -> String { head(requestLine, ["Host: h"]) }
public func head(_ requestLine: String, _ fields: [String]) -> String {
  ([requestLine] + fields).map { $0 + "\r\n" }.joined() + "\r\n"
}
