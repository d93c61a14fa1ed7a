/// The flat JSON object that `/stats` answers with.
struct Stats {
  private var values: [Substring: Substring] = [:]

  init(_ json: String) {
    for match in json.matches(of: #/"(\w+)"\s*:\s*("[^"]*"|[0-9.]+)/#) {
      values[match.1] = match.2
    }
  }

  subscript(key: Substring) -> Substring? { values[key] }
}
