/// What `/stats` answers with: a flat JSON object of numbers and simple texts.
struct Stats {
  private var values: [Substring: Substring] = [:]

  init(_ json: String) throws {
    let object =
      #/\s*\{\s*(?:"\w+"\s*:\s*(?:"[^"\\]*"|\d+(?:\.\d+)?)\s*(?:,\s*(?!\})|(?=\})))+\}\s*/#
    guard json.wholeMatch(of: object) != nil else { throw HarnessError("no flat JSON: \(json)") }
    for member in json.matches(of: #/"(\w+)"\s*:\s*("[^"]*"|[\d.]+)/#) {
      values[member.1] = member.2
    }
  }

  subscript(key: Substring) -> Substring? { values[key] }
}
