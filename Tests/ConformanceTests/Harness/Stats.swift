/// The answer of `/stats`: a flat JSON object of numbers and simple texts. A list (of clients) is
/// skipped.
struct Stats {
  private var values: [Substring: Substring] = [:]

  init(_ json: String) throws {
    let list = #/,\s*"\w+"\s*:\s*\[(?:[^\[\]"]|"(?:[^"\\]|\\.)*"|\[[^\[\]]*\])*\]/#
    let json = json.replacing(list, with: "")
    let object =
      #/\s*\{\s*(?:"\w+"\s*:\s*(?:"[^"\\]*"|\d+(?:\.\d+)?)\s*(?:,\s*(?!\})|(?=\})))+\}\s*/#
    guard json.wholeMatch(of: object) != nil else { throw HarnessError("no flat JSON: \(json)") }
    for member in json.matches(of: #/"(\w+)"\s*:\s*("[^"]*"|[\d.]+)/#) {
      values[member.1] = member.2
    }
  }

  subscript(key: Substring) -> Substring? { values[key] }
}
