import Foundation
import Testing

@testable import course

/// The commands with which a reader builds a server, step by step.
@Suite struct StepRunnerTests {
  let sandbox: Sandbox

  init() throws {
    sandbox = try Sandbox(answer: "  42")
    try sandbox.addSteps()
  }

  @Test func `build says what to do next, and starts with an empty file`() throws {
    let (text, status) = try sandbox.course("build")
    #expect(status == 0)
    #expect(text.contains("9a Say hello 5 min"))
    #expect(text.contains("The book: docs/README.md#9a"))
    #expect(text.contains("Print the hello."))
    #expect(text.contains("swift run course check 9a"))
    #expect(try sandbox.text("MyServer/Server.swift") == "")
    try sandbox.write("MyServer/Server.swift", "// mine\n")
    #expect(try sandbox.course("build").status == 0)
    #expect(try sandbox.text("MyServer/Server.swift") == "// mine\n")
  }

  @Test func `after a pass the runner says what the real server does and shows the next step`()
    throws
  {
    try sandbox.write("MyServer/Server.swift", Sandbox.program("\"hello world\""))
    let first = try sandbox.course("check", "9a")
    #expect(first.status == 1)
    #expect(first.text.contains("✓ it says hello\n✓ it greets the world\n✗ it greets the moon"))
    #expect(first.text.contains("it does not say moon"))
    let second = try sandbox.course("check", "9b")
    #expect(second.status == 0)
    #expect(second.text.contains("· it greets the moon (not yet: 9c)"))
    #expect(second.text.contains("The real one says more than 9b."))
    #expect(second.text.contains("Done. Next is 9c Say moon: swift run course build"))
    let list = try sandbox.course().text
    #expect(list.contains("✓         9b Say world") && list.contains("·  5 min  9a Say hello"))
    #expect(list.contains("1 of 3 steps built. Next is 9c Say moon"))
    #expect(list.contains("0 of 1 exercises done."))
  }

  @Test func `a compile error is shown with its line`() throws {
    try sandbox.write("MyServer/Server.swift", Sandbox.program("hello"))
    let (text, status) = try sandbox.course("check", "9a")
    #expect(status == 1)
    #expect(text.contains("It does not compile."))
    #expect(text.contains("MyServer/Server.swift:3:30: error: cannot find 'hello' in scope"))
  }

  @Test func `warnings are shown and stop neither a build nor a second check`() throws {
    let program = Sandbox.program("\"hello world and moon\"") + "func rest() { let number = 1 }\n"
    try sandbox.write("MyServer/Server.swift", program)
    for _ in 1...2 {
      let (text, status) = try sandbox.course("check", "9a")
      #expect(status == 0)
      #expect(text.contains("MyServer/Server.swift:5:19: warning: initialization of immutable"))
    }
  }

  @Test func `an unfinished page ends the path there and breaks nothing else`() throws {
    try sandbox.write("Steps/9c-moon/step.md", "# 9c\n")
    let (text, status) = try sandbox.course()
    #expect(status == 0 && text.contains("0 of 2 steps built."), "\(text)")
    #expect(text.contains("9c-moon/step.md: the first line is '# 9c TITLE'"), "\(text)")
    #expect(try sandbox.course("check", "9.1").status == 0)
  }

  @Test func `without a program there is nothing to check`() throws {
    let (text, status) = try sandbox.course("check", "9a")
    #expect(status == 1)
    #expect(text == "course: there is no program in MyServer/ yet: swift run course build\n")
  }

  @Test func `run replaces itself with the program, and passes its options on`() throws {
    let text = "CommandLine.arguments.dropFirst().joined(separator: \" \")"
    try sandbox.write("MyServer/Server.swift", Sandbox.program(text))
    #expect(try sandbox.course("run", "--port", "9", "--help").text == "--port 9 --help\n")
  }

  @Test func `diff shows the lines that differ, and take writes the book's version`() throws {
    try sandbox.write("MyServer/Server.swift", Sandbox.program("\"mine\""))
    try sandbox.write("MyServer/Notes.txt", "mine\n")
    let diff = try sandbox.course("diff", "9c").text
    #expect(diff.contains("MyServer/Greeting.swift  (only in the book's program)"))
    #expect(diff.contains("+ func greeting() -> String { \"hello world and moon\" }"))
    #expect(diff.contains("-   static func main() { print(\"mine\") }"))
    #expect(diff.contains("+   static func main() { print(greeting()) }"))
    #expect(diff.contains("  struct Server {"))
    let take = try sandbox.course("take", "9c").text
    #expect(take.contains("Your program is now in MyServer/Backup/before-9c-1."))
    #expect(try sandbox.text("MyServer/Backup/before-9c-1/Server.swift").contains("mine"))
    #expect(try sandbox.text("MyServer/Notes.txt") == "mine\n")
    #expect(
      try sandbox.course("diff", "9c").text == "Your program is the book's after 9c Say moon.\n")
    #expect(try sandbox.course("check", "9c").status == 0)
    #expect(try sandbox.course("take", "9a").text.contains("MyServer/Backup/before-9a-1"))
    #expect(try sandbox.course("diff", "9a").text.contains("is the book's after 9a"))
  }

  @Test func `a program in any language is checked by its command`() throws {
    let (text, status) = try sandbox.course("check", "9b", "--server", "echo hello world")
    #expect(status == 0)
    #expect(text.contains("✓ it greets the world"))
  }

  @Test func `hints, skip, and the step that was worked on last`() throws {
    #expect(try sandbox.course("hint", "9a").text.contains("Hint 1 of 3\n\nPrint.\n"))
    #expect(try sandbox.course("hint").text.contains("Hint 2 of 3\n\nPrint it.\n"))
    #expect(try sandbox.course("skip").text.contains("Next is 9b Say world"))
    #expect(try sandbox.course("build").text.contains("9b Say world"))
    #expect(try sandbox.course("next").text.contains("9.1 Tiny"))
    #expect(try sandbox.course("check").text.contains("✓ the answer"))
    #expect(try sandbox.course("list").text.contains("–  5 min  9a Say hello"))
  }

  @Test func `a step can be named as the shell completes it`() throws {
    for name in ["9B", "9b-world", "Steps/9b-world/", "Steps/9b-world/step.md"] {
      #expect(try sandbox.course("build", name).text.hasPrefix("9b Say world"), "\(name)")
    }
    let chapter = try sandbox.course("check", "9")
    #expect(chapter.status == 2)
    #expect(chapter.text.contains("9 is a chapter; it has the steps 9a to 9c and the exercises"))
    #expect(try sandbox.course("diff", "9.1").status == 2)
    #expect(try sandbox.course("reset", "9a").status == 2)
  }

  @Test func `a known answer is given again without compiling`() throws {
    try sandbox.write("MyServer/Server.swift", Sandbox.program("\"hello world and moon\""))
    #expect(try sandbox.course("check", "9c").status == 0)
    // Without a compiler nothing new can be compiled.
    let tools = "#!/bin/sh\n[ \"$*\" = --version ] && exec \(try swiftc()) --version\nexit 1\n"
    try sandbox.write("bin/swiftc", tools)
    chmod(sandbox.root.appending(path: "bin/swiftc").path, 0o755)
    let path = sandbox.root.appending(path: "bin").path + ":/usr/bin:/bin"
    #expect(try sandbox.course("check", "9c", with: ["PATH": path]).status == 0)
    try sandbox.write("MyServer/Server.swift", Sandbox.program("\"hello\""))
    #expect(
      try sandbox.course("check", "9c", with: ["PATH": path]).text.contains("does not compile"))
  }

  /// The path of the compiler.
  private func swiftc() throws -> String {
    let folders = ProcessInfo.processInfo.environment["PATH", default: ""].split(separator: ":")
    return try #require(folders.map { "\($0)/swiftc" }.first { access($0, X_OK) == 0 })
  }
}
