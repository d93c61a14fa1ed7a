import CommandLineOptions

/// The options of `bench tour`.
package struct TourOptions {
  private static let usage = "bench tour [--quick] [--servers 1-5] [--svg DIR] [--json FILE]"

  var isQuick = false
  var servers = Array(1...5)
  var scale = 1.0
  /// `nil`: the tour builds them in the package's folder.
  var binaries: String?
  var htmlFile = "tour.html"
  var pictureFolder: String?
  var jsonFile: String?
  package private(set) var asksForHelp = false

  private static var commandLine: [CommandLineOption<TourOptions>] {
    [
      .init(
        "--quick", "a backend of 100 ms instead of 500 ms, one round instead of three",
        \.isQuick, true),
      .init("--servers", "LIST", "such as 3, 1-5 or 1,3 (1-5)", \.servers, numbers),
      .init(
        "--scale", "FACTOR", "multiply times and numbers of clients by this (1)", \.scale, factor),
      .init("--bin", "DIR", "folder of the built servers", \.binaries) { $0 },
      .init("--html", "FILE", "page with the pictures (tour.html)", \.htmlFile) { $0 },
      .init("--svg", "DIR", "write each picture to a file in this folder", \.pictureFolder) { $0 },
      .init(
        "--json", "FILE", "write all measurements, for bench plot", \.jsonFile
      ) { $0 },
      .init("-h", "print this help", \.asksForHelp, true).alsoCalled("--help"),
    ]
  }

  package static var help: String { "\(usage)\n\n\(commandLine.help())" }

  /// - Throws: the first mistake in the command line.
  package init(_ arguments: [String]) throws(UsageError) {
    do {
      try Self.commandLine.parse(arguments, into: &self)
    } catch {
      throw UsageError("tour: \(error)")
    }
  }

  private static func factor(_ text: String) throws(UsageError) -> Double {
    guard let factor = Double(text), 0.01...5 ~= factor else {
      throw UsageError("expected a number from 0.01 to 5")
    }
    return factor
  }

  /// Reads `3`, `1-5` or `1,3-4`; returns them in order and each once.
  private static func numbers(_ text: String) throws(UsageError) -> [Int] {
    var numbers: Set<Int> = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map {
        OptionValue.decimal($0) ?? 0
      }
      guard let first = ends.first, let last = ends.last, ends.count <= 2, 1 <= first,
        first <= last, last <= 5
      else { throw UsageError("expected chapters such as 3, 1-5 or 1,3") }
      numbers.formUnion(first...last)
    }
    return numbers.sorted()
  }
}
