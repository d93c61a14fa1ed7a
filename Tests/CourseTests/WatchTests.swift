import Foundation
import Testing

@testable import course

/// `course watch`: whatever an editor does to save a file.
@Suite struct WatchTests {
  private let sandbox: Sandbox
  private let file: String

  init() throws {
    sandbox = try Sandbox(answer: "  41")
    file = sandbox.root.appending(path: "Exercises/9.1-tiny.swift").path
  }

  private func answer(_ value: Int) -> Data { Data("func answer() -> Int { \(value) }\n".utf8) }

  @Test func `every way to save a file starts a check, and none ends the watch`() throws {
    let output = Pipe()
    let process = try sandbox.start(["watch", "9.1"], output: output)
    defer { process.terminate() }
    let reader = OutputReader(output.fileHandleForReading)
    #expect(reader.wait(for: "Waiting for you to save").contains("happened  41"))
    // Overwritten.
    try answer(43).write(to: URL(filePath: file))
    #expect(reader.wait(for: "Waiting for you to save").contains("happened  43"))
    // A new file with the old one's time, as `cp -p` makes it.
    var times = stat()
    stat(file, &times)
    try answer(44).write(to: URL(filePath: file))
    var old = [times.st_atim, times.st_mtim]
    utimensat(AT_FDCWD, file, &old, 0)
    #expect(reader.wait(for: "Waiting for you to save").contains("happened  44"))
    // Renamed away, and written again some time later: no stub may take its place meanwhile.
    rename(file, file + ".backup")
    waitForLooks(of: process.processIdentifier)
    #expect(access(file, F_OK) == -1, "a stub where the file was")
    try answer(45).write(to: URL(filePath: file))
    #expect(reader.wait(for: "Waiting for you to save").contains("happened  45"))
    // In another encoding.
    try (answer(46) + Data([0x2F, 0x2F, 0xE4])).write(to: URL(filePath: file))
    #expect(reader.wait(for: "Waiting for you to save").contains("is not UTF-8"))
    try answer(42).write(to: URL(filePath: file))
    #expect(reader.wait(for: "Waiting for you to save").contains("✓ the answer"))
  }

  @Test func `a file that is saved without changes is not checked again`() throws {
    let output = Pipe()
    let process = try sandbox.start(["watch", "9.1"], output: output)
    defer { process.terminate() }
    let reader = OutputReader(output.fileHandleForReading)
    _ = reader.wait(for: "Waiting for you to save")
    try Data(contentsOf: URL(filePath: file)).write(to: URL(filePath: file))
    // The next check is for this change: there was none in between.
    try answer(47).write(to: URL(filePath: file))
    let text = reader.wait(for: "Waiting for you to save")
    #expect(text.contains("happened  47") && !text.contains("happened  41"))
  }
}

/// Waits until a process that polls its files has looked at them at least twice. The
/// kernel counts how often it went to sleep (proc(5), `status`): the first time may follow a look
/// that started before this call.
private func waitForLooks(of process: pid_t) {
  let enough = sleeps(of: process) + 3
  while sleeps(of: process) < enough, kill(process, 0) == 0 { sched_yield() }
}

private func sleeps(of process: pid_t) -> Int {
  let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
  let line = status?.firstMatch(of: /(?m)^voluntary_ctxt_switches:\s+(\d+)$/)
  return line.flatMap { Int($0.output.1) } ?? .max
}

/// Reads what a program prints, up to a text.
private final class OutputReader {
  private let file: FileHandle
  private var rest = ""

  init(_ file: FileHandle) { self.file = file }

  /// Everything up to the text, or everything that arrived within five minutes: the first check
  /// compiles the kit.
  func wait(for text: String) -> String {
    while true {
      if let range = rest.firstRange(of: text) {
        defer { rest = String(rest[range.upperBound...]) }
        return String(rest[..<range.lowerBound])
      }
      var wait = pollfd(fd: file.fileDescriptor, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, 300_000) == 1 else { return rest }
      let data = file.availableData
      if data.isEmpty { return rest }
      rest += String(decoding: data, as: UTF8.self)
    }
  }
}
