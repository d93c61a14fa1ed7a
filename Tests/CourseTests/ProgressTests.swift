import Foundation
import Testing

@testable import course

/// The reader's work is never lost.
@Suite struct ProgressTests {
  private let file = "Exercises/progress.json"

  @Test func `a damaged progress file stops the command and is left as it is`() throws {
    let sandbox = try Sandbox(answer: "  42")
    try sandbox.write(file, "{\"exercises\": {\"9.1\"")
    for command in [["list"], ["check", "9.1"], ["reset", "9.1"], ["hint", "9.1"]] {
      let (text, status) = try sandbox.course(command)
      #expect(status == 1)
      #expect(text.contains("course: Exercises/progress.json is damaged"), "\(text)")
      #expect(text.contains("mv Exercises/progress.json Exercises/progress.json.old"), "\(text)")
    }
    #expect(try sandbox.text(file) == "{\"exercises\": {\"9.1\"")
    // `reset` must not have moved the reader's file either.
    #expect(try sandbox.text("Exercises/9.1-tiny.swift").contains("42"))
  }

  @Test func `a folder with the name of the progress file is an error`() throws {
    let sandbox = try Sandbox(answer: "  42")
    let folder = sandbox.root.appending(path: file)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for command in [["list"], ["check", "9.1"]] {
      let (text, status) = try sandbox.course(command)
      #expect(status == 1)
      #expect(text.contains("progress.json: Is a directory; repair it"), "\(text)")
    }
    #expect(Files.isFolder(folder))
  }

  @Test func `an empty progress file means no progress and stops nothing`() throws {
    let sandbox = try Sandbox(answer: "  42")
    try sandbox.write(file, "")
    #expect(try sandbox.course("list").text.contains("0 of 1 exercises done."))
    #expect(try sandbox.course("reset", "9.1").status == 0)
    #expect(try sandbox.course("hint", "9.1").status == 0)
  }

  @Test func `a progress file of an older version still counts`() throws {
    let sandbox = try Sandbox(answer: "  42")
    try sandbox.write(file, #"{"exercises": {"9.1": {"hints": 1, "isDone": true}}}"#)
    #expect(try sandbox.course("list").text.contains("1 of 1 exercises done."))
  }

  @Test func `commands that run at the same time do not lose each other's progress`() throws {
    let sandbox = try Sandbox(answer: "  42")
    for number in 2...9 { try sandbox.addExercise("9.\(number)") }
    for _ in 1...4 {
      let processes = try (2...9).map {
        try sandbox.start(["hint", "9.\($0)"], output: Pipe())
      }
      for process in processes { process.waitUntilExit() }
      #expect(processes.allSatisfy { $0.terminationStatus == 0 })
      for number in 2...9 {
        let text = try sandbox.text(file)
        #expect(text.contains("\"9.\(number)\""), "\(text)")
      }
      unlink(sandbox.root.appending(path: file).path)
    }
  }

  @Test func `an exercise that was renamed keeps the reader's file and progress`() throws {
    let sandbox = try Sandbox(answer: "  42")
    #expect(try sandbox.course("check", "9.1").status == 0)
    try FileManager.default.moveItem(
      at: sandbox.root.appending(path: "Workshop/9.1-tiny"),
      to: sandbox.root.appending(path: "Workshop/9.1-small"))
    let (text, status) = try sandbox.course("check", "9.1")
    #expect(status == 0, "\(text)")
    #expect(text.contains("Exercises/9.1-tiny.swift is now Exercises/9.1-small.swift"))
    #expect(try sandbox.text("Exercises/9.1-small.swift").contains("42"))
    #expect(try sandbox.course("list").text.contains("1 of 1 exercises done."))
  }

  @Test func `next is the exercise after the last one, not always the first open one`() throws {
    let sandbox = try Sandbox(answer: "  0")
    for number in 2...4 { try sandbox.addExercise("9.\(number)") }
    #expect(try sandbox.course("next").text.hasPrefix("9.1 "))
    #expect(try sandbox.course("next", "9.3").text.hasPrefix("9.3 "))
    #expect(try sandbox.course("next").text.hasPrefix("9.3 "))
    #expect(try sandbox.course("skip").text.contains("Next is 9.4 "))
    #expect(try sandbox.course("next").text.hasPrefix("9.4 "))
    #expect(try sandbox.course("skip", "9.1").status == 0)
    #expect(try sandbox.course("next").text.hasPrefix("9.2 "))
    #expect(try sandbox.course("next", "9.9").status == 2)
    #expect(try sandbox.course("next", "9.1", "9.2").status == 2)
  }
}
