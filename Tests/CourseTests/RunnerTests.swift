import Foundation
import Testing

@testable import course

/// The runner says what a learner's code did, whatever that was, and leaves nothing behind.
@Suite struct RunnerTests {
  @Test func `a solution passes and counts as done from then on`() throws {
    let sandbox = try Sandbox(answer: "  42")
    let (text, status) = try sandbox.course("check", "9.1")
    #expect(status == 0)
    #expect(text.contains("✓ the answer"))
    #expect(text.contains("Done. All exercises are done."))
    #expect(try sandbox.course().text.contains("✓  1 min  9.1 Tiny"))
    #expect(try sandbox.course("list").text == sandbox.course().text)
  }

  @Test func `a failure says what was expected and what happened`() throws {
    let (text, status) = try Sandbox(answer: "  print(\"hello\")\n  return 41").course(
      "check", "9.1")
    #expect(status == 1)
    #expect(text.contains("✗ the answer"))
    #expect(text.contains("expected  42"))
    #expect(text.contains("happened  41"))
    #expect(text.contains("what your code printed:\n    hello"))
    #expect(!text.contains("\u{1B}"), "colors without a terminal")
  }

  @Test(arguments: [
    ("  let none: Int? = nil\n  return none!", 5), ("  let numbers = [1]\n  return numbers[7]", 5),
    ("  let small: UInt8 = 255\n  return Int(small + UInt8(getpid() / getpid()))", 5),
  ])
  func `a crash is reported with its line`(code: String, line: Int) throws {
    let (text, status) = try Sandbox(answer: code).course("check", "9.1")
    #expect(status == 1)
    #expect(text.contains("at Exercises/9.1-tiny.swift:\(line)\n"), "\(text)")
    #expect(!text.contains("***"), "\(text)")
  }

  @Test func `a crash is reported in Swift's own words`() throws {
    let (text, status) = try Sandbox(answer: "  [Int](repeating: 0, count: 1)[Int(getpid())]")
      .course("check", "9.1")
    #expect(status == 1)
    #expect(text.contains("your code crashed"))
    #expect(text.contains("Index out of range"))
  }

  @Test func `code that ends the program does not pass`() throws {
    let (text, status) = try Sandbox(answer: "  exit(0)").course("check", "9.1")
    #expect(status == 1)
    #expect(text.contains("your code ended the whole program: it called exit"))
  }

  @Test func `an endless loop is ended, and the runner says what it was waiting for`() throws {
    let (text, status) = try Sandbox(answer: "  while getpid() != 0 {}\n  return 42")
      .course("check", "9.1")
    #expect(status == 1)
    #expect(text.contains("it hangs"))
    #expect(text.contains("waiting for the answer to everything"))
  }

  @Test func `a compile error is shown with its line, and does not affect other exercises`() throws
  {
    let (text, status) = try Sandbox(answer: "  let number: Int = \"42\"\n  return number")
      .course("check", "9.1")
    #expect(status == 1)
    #expect(text.contains("Exercises/9.1-tiny.swift:4:"))
    #expect(text.contains("cannot convert value of type 'String'"))
  }

  @Test func `a wrong signature is reported as such`() throws {
    let sandbox = try Sandbox(answer: "  42")
    try sandbox.write("Exercises/9.1-tiny.swift", "func result() -> Int { 42 }\n")
    #expect(try sandbox.course("check", "9.1").text.contains("Names and types of the stub"))
  }

  @Test func `hints come one by one, and the solution on request`() throws {
    let sandbox = try Sandbox(answer: "  0")
    let first = try sandbox.course("hint", "9.1").text
    #expect(first.contains("First.") && !first.contains("Second."))
    #expect(try sandbox.course("hint", "9.1").text.contains("Second."))
    #expect(try sandbox.course("solution", "9.1").status == 1)
    #expect(try sandbox.course("solution", "9.1", "--give-up").text.contains("{ 42 }"))
  }

  @Test func `after a pass the runner says what comes next`() throws {
    let sandbox = try Sandbox(answer: "  42")
    let page = try sandbox.text("Workshop/9.1-tiny/exercise.md")
    try sandbox.write(
      "Workshop/9.2-more/exercise.md", page.replacing("# 9.1 Tiny", with: "# 9.2 More"))
    let text = try sandbox.course("check", "9.1").text
    #expect(text.contains("Done. Next is 9.2 More: swift run course next"))
  }

  @Test func `a check that requires a prediction asks for it`() throws {
    let sandbox = try Sandbox(answer: "  42", predicted: true)
    let (text, status) = try sandbox.course("check", "9.1")
    #expect(status == 1)
    #expect(text == "course: predict first: swift run course predict 9.1\n")
  }

  @Test func `before a prediction the hints are for the prediction, afterwards for the code`()
    throws
  {
    let sandbox = try Sandbox(answer: "  42", predicted: true)
    _ = try sandbox.course("hint", "9.1")
    let before = try sandbox.course("hint", "9.1").text
    #expect(before.contains("Think.") && before.contains("Count."))
    #expect(before.contains("Hint 2 of 3, for the prediction"))
    let measured = try sandbox.course("predict", "9.1", "--answer", "41").text
    #expect(measured.contains("✗ size   41           42          42"))
    #expect(measured.contains("Your file:     Exercises/9.1-tiny.swift"))
    let after = try sandbox.course("hint", "9.1").text
    #expect(after.contains("Hint 1 of 3\n") && after.contains("First."))
    #expect(!after.contains("Think.") && !after.contains("Second."))
    #expect(try sandbox.course("check", "9.1").status == 0)
  }

  @Test func `reset keeps a copy of the reader's file`() throws {
    let sandbox = try Sandbox(answer: "  43")
    #expect(try sandbox.course("reset", "9.1").status == 0)
    #expect(try sandbox.text("Exercises/9.1-tiny.swift") == "func answer() -> Int { 0 }\n")
    #expect(try sandbox.text("Exercises/Backup/9.1-tiny-1.swift").contains("43"))
  }

  @Test func `an invalid command line exits with 2`() throws {
    let sandbox = try Sandbox(answer: "  42")
    #expect(try sandbox.course("frob").status == 2)
    #expect(try sandbox.course("check", "9.9").status == 2)
    #expect(try sandbox.course("check", "--server", "x", "--as", "07").status == 2)
  }

  @Test func `Ctrl-C ends the check and everything that the check started`() throws {
    // Both the learner's program and a process that it started hold the pipe open; no other process
    // does.
    let sandbox = try Sandbox(
      answer: """
          let alive = open("alive", O_WRONLY)
          dup2(alive, 7)
          var child = pid_t()
          var words = [strdup("sleep"), strdup("1000"), nil]
          posix_spawnp(&child, "sleep", nil, nil, &words, nil)
          var group = getpid()
          write(alive, &group, 4)
          while true { pause() }
        """)
    try sandbox.write(
      "Workshop/9.1-tiny/Check.swift",
      sandbox.text("Workshop/9.1-tiny/Check.swift").replacing(".seconds(1)", with: ".seconds(600)"))
    let path = sandbox.root.appending(path: "alive").path
    #expect(mkfifo(path, 0o600) == 0)
    let process = try sandbox.start(["check", "9.1"], output: Pipe())
    let alive = open(path, O_RDONLY | O_NONBLOCK)
    defer { close(alive) }
    let group = nextNumber(alive)
    process.interrupt()
    let end = nextNumber(alive)
    if group > 0 { kill(-group, SIGKILL) }  // Process waits for whoever has inherited its socket.
    process.waitUntilExit()
    #expect(group > 0, "the check has not started")
    #expect(end == 0, "a process is still running")
    #expect(process.terminationStatus == 130)
  }

  /// Waits for it; returns 0 when no process holds the other end open, and -1 if that does not
  /// happen within a minute.
  private func nextNumber(_ descriptor: Int32) -> pid_t {
    var (number, wait) = (pid_t(0), pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
    guard poll(&wait, 1, 60_000) == 1 else { return -1 }
    return read(descriptor, &number, 4) == 4 ? number : 0
  }

  @Test func `a repeated event is one line with a count`() throws {
    let sandbox = try Sandbox(answer: "  0")
    let check = "Workshop/9.1-tiny/Check.swift"
    try sandbox.write(
      check,
      sandbox.text(check).replacing(
        "let found",
        with: """
          Events.start("in this order:")
          for line in ["read", "write", "write", "write"] { Events.add(line) }
          let found
          """))
    let text = try sandbox.course("check", "9.1").text
    #expect(text.contains("in this order:\n    read\n    write  (3 times)\n"))
  }

  @Test func `a long list item continues below its text`() {
    let item = "- " + String(repeating: "word ", count: 30)
    #expect(reflowed(item).contains("\n  word"))
    #expect(!reflowed(String(item.dropFirst(2))).contains("\n  word"))
  }

  @Test func `what a server answered stays within its lines`() {
    #expect(wrapped("closed: '<html>\n <head>\n'") == ["closed: '<html> <head> '"])
  }

  @Test func `colors are for terminals, unless they are turned off`() {
    #expect(Style([:], isTerminal: true).hasColors)
    #expect(!Style([:], isTerminal: false).hasColors)
    #expect(!Style(["NO_COLOR": "1"], isTerminal: true).hasColors)
    #expect(Style(["NO_COLOR": ""], isTerminal: true).hasColors)
    #expect(!Style(["TERM": "dumb"], isTerminal: true).hasColors)
  }
}
