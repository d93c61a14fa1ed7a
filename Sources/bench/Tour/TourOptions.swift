import Common
import FoundationEssentials

/// What `bench tour` can be told.
struct TourOptions {
  static let usage = "bench tour [--quick] [--servers 1-5] [--svg DIR] [--json FILE]"
  static let help = """
    \(usage)

      --quick         a backend of 100 ms instead of 500 ms, one round instead of three
      --servers LIST  such as 3, 1-5 or 1,3 (1-5)
      --scale FACTOR  times and numbers of clients, times this (1)
      --bin DIR       where the servers are, built already
      --html FILE     the page with the pictures (tour.html)
      --svg DIR       the pictures as files of their own
      --json FILE     everything that was measured; bench plot draws it again
    """

  var isQuick = false
  var servers = Array(1...5)
  var scale = 1.0
  /// `nil`: they are built in the package's folder.
  var binaries: String?
  var htmlFile = "tour.html"
  var pictureFolder: String?
  var jsonFile: String?
  var asksForHelp = false

  init(_ arguments: [String]) throws(UsageError) {
    var rest = arguments.makeIterator()
    while let argument = rest.next() {
      switch argument {
      case "--quick": isQuick = true
      case "-h", "--help": asksForHelp = true
      case "--servers", "--scale", "--bin", "--html", "--svg", "--json":
        guard let value = rest.next() else { throw UsageError("\(argument) needs a value") }
        try set(argument, value)
      default: throw UsageError("unknown option '\(argument)': \(Self.usage)")
      }
    }
  }

  private mutating func set(_ name: String, _ value: String) throws(UsageError) {
    switch name {
    case "--servers": servers = try Self.numbers(value)
    case "--scale":
      guard let factor = Double(value), 0.01...5 ~= factor else {
        throw UsageError("--scale \(value): must be a number from 0.01 to 5")
      }
      scale = factor
    case "--bin": binaries = value
    case "--html": htmlFile = value
    case "--svg": pictureFolder = value
    default: jsonFile = value
    }
  }

  /// `3`, `1-5` or `1,3-4`, in order and each once.
  private static func numbers(_ text: String) throws(UsageError) -> [Int] {
    var numbers: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      guard let first = ends.first, let last = ends.last, ends.count <= 2, 1 <= first,
        first <= last, last <= 5
      else { throw UsageError("--servers \(text): must be such as 3, 1-5 or 1,3") }
      numbers.formUnion(first...last)
    }
    return numbers.sorted()
  }
}
