import BenchSupport
import CommandLineOptions

/// The options of `bench plot`.
struct PlotOptions {
  private static let usage = "bench plot RUN.json … -o FILE.svg (or -o DIR/)"

  private(set) var paths: [String] = []
  /// `nil` is standard output.
  private(set) var output: String?
  private(set) var asksForHelp = false

  private static var commandLine: [CommandLineOption<PlotOptions>] {
    [
      .init(
        "-o", "PATH", "picture file, or folder (default: standard output, if not a terminal)",
        \.output, OptionValue.text),
      .init("-h", "print this help", \.asksForHelp, true).alsoCalled("--help"),
    ]
  }

  static let help = """
    \(usage)

    Draws what each file holds: a run that --json wrote, a tour, or a server's --trace.
    Several runs become panels of one picture; a folder gets each picture of a tour as a file.

    \(commandLine.help())
    """

  init(_ arguments: [String]) throws(UsageError) {
    do {
      paths = try Self.commandLine.parseWithOperands(arguments, into: &self).operands
    } catch {
      throw UsageError("plot: \(error)")
    }
    if paths.isEmpty && !asksForHelp { throw UsageError("plot: no file: \(Self.usage)") }
  }
}
