import BenchSupport
import Common
import FoundationEssentials
import Glibc

/// The folder of the servers' executables; builds them first if no folder is given.
struct ServerBuild {
  /// The path of this executable (proc(5)).
  static let ownPath: String =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""

  let folder: String

  /// - Parameter given: `--bin`.
  init(of servers: [String], given: String?, _ progress: TourProgress) throws {
    if let given {
      folder = given
    } else {
      let package = try Self.packageFolder()
      for server in servers {
        progress.say("building \(server): swift build -c release --product \(server)")
        try Self.swiftBuild(in: package, ["--product", server])
      }
      folder =
        try Self.swiftBuild(in: package, ["--show-bin-path"])
        .split(separator: "\n").last.map(String.init) ?? ""
    }
    for server in servers where access("\(folder)/\(server)", X_OK) != 0 {
      throw TourError("no server \(folder)/\(server)")
    }
  }

  /// The folder above this executable, or above the working folder, that holds the five chapters.
  private static func packageFolder() throws(TourError) -> String {
    for start in [ownPath, FileManager.default.currentDirectoryPath] {
      var parts = start.split(separator: "/")
      while !parts.isEmpty {
        let folder = "/" + parts.joined(separator: "/")
        if access("\(folder)/Package.swift", R_OK) == 0,
          access("\(folder)/Sources/\(TourPlan.names[0])", R_OK) == 0
        {
          return folder
        }
        parts.removeLast()
      }
    }
    throw TourError(
      "not in the package's folder: change to it, or give the servers' folder with --bin DIR")
  }

  @discardableResult
  private static func swiftBuild(in package: String, _ options: [String]) throws -> String {
    let arguments = ["build", "-c", "release", "--package-path", package] + options
    let child = try ChildProcess("swift", arguments)
    do {
      while child.listen(milliseconds: 50) { try Interruption.check() }
    } catch {
      try child.end(grace: .seconds(5))
      throw error
    }
    guard child.failure == nil else {
      throw TourError("swift \(arguments.joined(separator: " ")) failed:\n\(child.output)")
    }
    return child.output
  }
}
