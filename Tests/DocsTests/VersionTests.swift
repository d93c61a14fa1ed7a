import Foundation
import Testing

/// The repository names its own version, and Swift's, consistently.
@Suite struct VersionTests {
  static let programs = [
    "01-Sequential", "02-ThreadPool", "03-Epoll", "04-Actor", "05-WebSocket", "epoll-echo", "bench",
    "course",
  ]

  @Test(arguments: programs)
  func `a program prints the version of the newest entry in the changelog`(name: String) throws {
    let changelog = try Page.text(at: "CHANGELOG.md")
    let newest = try #require(changelog.firstMatch(of: /(?m)^## (\d+\.\d+\.\d+)/)).output.1
    let program = try Program(name, ["--version"])
    #expect(program.readToEnd() == "\(name) \(newest), part of Five Ways to Wait\n")
    #expect(program.waitForStatus() == 0)
  }

  @Test(arguments: programs)
  func `--help shows the version`(name: String) throws {
    let program = try Program(name, ["--help"])
    #expect(program.readToEnd().contains("--version"))
    #expect(program.waitForStatus() == 0)
  }

  @Test func `the pages ask for the Swift version that the package needs`() throws {
    let manifest = try Page.text(at: "Package.swift")
    let needed = try #require(manifest.firstMatch(of: /^\/\/ swift-tools-version: (\d+\.\d+)\n/))
    for path in ["README.md", "docs/README.md", "docs/00-before-you-start.md"] {
      let wanted = try Page.text(at: path).firstMatch(of: /Swift (\d+\.\d+) or later/)
      #expect(wanted?.output.1 == needed.output.1, "\(path)")
    }
    #expect(try Page.text(at: ".github/workflows/ci.yml").contains("swift:\(needed.output.1)"))
  }
}
