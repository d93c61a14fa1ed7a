import BenchSupport

/// Repeated runs of one configuration.
struct RunGroup {
  let name: String
  var runs: [RunFigures] = []

  /// The path without its extension and the number at its end.
  static func name(of path: String) -> String {
    var name = path[...]
    if name.hasSuffix(".json") { name = name.dropLast(5) }
    while let last = name.last, last.isNumber { name = name.dropLast() }
    while name.count > 1, let last = name.last, "-_./ ".contains(last) { name = name.dropLast() }
    return name.isEmpty ? path : String(name)
  }

  /// Each server that answered, once, in the order of the runs.
  var servers: [String] {
    runs.flatMap(\.servers).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  var serverNames: String { servers.map(\.printable).joined(separator: ", ") }

  /// Reasons why these may not be runs of the same thing.
  var doubts: [String] {
    let setups = Set(runs.map(\.setup)).sorted()
    return (servers.count > 1 ? ["different servers answered its runs: \(serverNames)"] : [])
      + (setups.count > 1
        ? ["its runs do not measure the same: \(setups.joined(separator: " | ").printable)"] : [])
  }
}
