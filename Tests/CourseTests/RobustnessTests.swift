import Foundation
import Testing

@testable import course

/// Unusual machines, files and endings lead to a sentence, never to a hang or a dump.
@Suite struct RobustnessTests {
  @Test func `a solution that leaves a child process passes at once`() throws {
    // The child inherits the check's descriptors, and would keep the runner waiting.
    let sandbox = try Sandbox(
      answer: """
          _ = open("writers", O_WRONLY)
          var child = pid_t()
          var words = [strdup("sleep"), strdup("1000"), nil]
          posix_spawnp(&child, "sleep", nil, nil, &words, nil)
          return 42
        """)
    let writers = try Writers(sandbox.root.appending(path: "writers").path)
    let (text, status) = try sandbox.course("check", "9.1")
    // If it had waited for the child, which sleeps in silence, it would have given up in the end.
    #expect(status == 0, "\(text)")
    #expect(writers.haveEnded, "the child still runs")
  }

  @Test func `a checkout with Windows line endings works`() throws {
    let sandbox = try Sandbox(answer: "  print(\"one\\r\\ntwo\")\n  return 41")
    for file in ["exercise.md", "Stub.swift", "Check.swift"] {
      let path = "Workshop/9.1-tiny/\(file)"
      try sandbox.write(path, sandbox.text(path).replacing("\n", with: "\r\n"))
    }
    let answer = "Exercises/9.1-tiny.swift"
    try sandbox.write(answer, sandbox.text(answer).replacing("\n", with: "\r\n"))
    #expect(try sandbox.course("next").text.contains("\nReturn 42.\n"))
    let text = try sandbox.course("check", "9.1").text
    #expect(text.contains("what your code printed:\n    one\n    two\n"), "\(text)")
  }

  @Test func `a deleted current folder is an error, not an endless search`() throws {
    let sandbox = try Sandbox(answer: "  42")
    let script = "mkdir gone; cd gone; rmdir ../gone; timeout 20 \"$0\" list"
    let (text, status) = try sandbox.shell(script)
    #expect(status == 1)
    #expect(text.contains("course: the current folder is gone"), "\(text)")
  }

  @Test func `a file that is not UTF-8 is named in the error`() throws {
    let sandbox = try Sandbox(answer: "  42")
    let file = sandbox.root.appending(path: "Exercises/9.1-tiny.swift")
    try Data([0x2F, 0x2F, 0x20, 0xE4, 0x0A]).write(to: file)
    let (text, status) = try sandbox.course("check", "9.1")
    #expect(status == 1)
    #expect(text.contains("Exercises/9.1-tiny.swift is not UTF-8; save it again"), "\(text)")
  }

  @Test func `a file that cannot be written is named in the error, with the kernel's reason`()
    throws
  {
    let sandbox = try Sandbox(answer: "  42")
    // This one works even for root, and on any disk.
    let (text, status) = try sandbox.shell("ulimit -f 0; trap '' XFSZ; \"$0\" hint 9.1")
    #expect(status == 1)
    let wanted = "cannot write \(sandbox.root.path)/Exercises/progress.json: File too large\n"
    #expect(text == "course: " + wanted, "\(text)")
    #expect(try Files.names(in: sandbox.root.appending(path: "Exercises")) == ["9.1-tiny.swift"])
  }

  @Test func `messages do not end up in a file if standard error is closed`() throws {
    let sandbox = try Sandbox(answer: "  42")
    let script = "\"$0\" hint 9.1 >&- 2>&-; \"$0\" check 9.9 >&- 2>&-; cat Exercises/progress.json"
    let (text, _) = try sandbox.shell(script)
    #expect(text.hasPrefix("{") && text.hasSuffix("}"), "\(text)")
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP])
  func `a signal also ends the reader's code, and no folder is left`(signal: Int32) throws {
    let sandbox = try Sandbox(answer: "  while getpid() != 0 { pause() }\n  return 42")
    try sandbox.ownBuildFolder()
    let pipe = "pid"
    #expect(mkfifo(sandbox.root.appending(path: pipe).path, 0o600) == 0)
    try sandbox.write(
      "Exercises/9.1-tiny.swift",
      """
      import Glibc
      func answer() -> Int {
        let file = open("pid", O_WRONLY)
        var number = getpid()
        write(file, &number, 4)
        while true { pause() }
      }
      """)
    let process = try sandbox.start(["check", "9.1"], output: Pipe())
    let descriptor = open(sandbox.root.appending(path: pipe).path, O_RDONLY)
    defer { close(descriptor) }
    var child = pid_t()
    #expect(read(descriptor, &child, 4) == 4)
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationStatus == 128 + signal)
    // The end of the pipe: no process can write to it any longer.
    #expect(read(descriptor, &child, 4) == 0)
    let left = try Files.names(in: sandbox.root.appending(path: ".build/course"))
    #expect(left.filter { $0.hasPrefix("work-") } == [])
  }

  @Test func `a folder that a killed runner left is removed by the next runner`() throws {
    let sandbox = try Sandbox(answer: "  42")
    try sandbox.ownBuildFolder()
    try sandbox.write(".build/course/work-abandoned/check", "")
    #expect(try sandbox.course("check", "9.1").status == 0)
    let left = try Files.names(in: sandbox.root.appending(path: ".build/course"))
    #expect(left.filter { $0.hasPrefix("work-") } == [])
  }

  @Test func `what the reader's code prints cannot move the cursor`() throws {
    let sandbox = try Sandbox(answer: "  print(\"a\\u{1B}[2Jb\")\n  return 41")
    #expect(try sandbox.course("check", "9.1").text.contains("a\\u{1B}[2Jb"))
  }

  @Test func `a progress file that is a symbolic link stays one`() throws {
    let sandbox = try Sandbox(answer: "  42")
    let link = sandbox.root.appending(path: "Exercises/progress.json").path
    try sandbox.write("elsewhere.json", "")
    #expect(symlink(sandbox.root.appending(path: "elsewhere.json").path, link) == 0)
    #expect(try sandbox.course("hint", "9.1").status == 0)
    #expect(try sandbox.text("elsewhere.json").contains("\"hints\" : 1"))
  }

  @Test func `links that form a circle are not followed`() throws {
    let sandbox = try Sandbox(answer: "  42")
    try sandbox.addSteps()
    try sandbox.write("MyServer/Server.swift", Sandbox.program("\"hello world and moon\""))
    #expect(symlink(".", sandbox.root.appending(path: "MyServer/circle").path) == 0)
    let (text, status) = try sandbox.course("check", "9a")
    #expect(status == 0, "\(text)")
  }

  @Test func `a page that cannot be written is an error`() throws {
    let sandbox = try Sandbox(answer: "  42")
    let (text, status) = try sandbox.shell("\"$0\" list > /dev/full")
    #expect(status == 1)
    #expect(text == "course: cannot write standard output: No space left on device\n")
  }

  @Test func `an unknown option is reported`() throws {
    let sandbox = try Sandbox(answer: "  42")
    for words in [
      ["check", "--serve", "x"], ["check", "-x", "9.1"], ["hint", "--give-up", "9.1"],
    ] {
      let (text, status) = try sandbox.course(words)
      #expect(status == 2)
      #expect(text.contains("\(words[0]) has no option '\(words[1])'"), "\(text)")
    }
  }

  @Test func `numbers are digits, and the runner does not guess what a comma between them means`() {
    let number = Question("n", "- answer: number\n\nHow many?")!
    #expect(number.normalized("12") == "12" && number.normalized(" 2.5 ") == "2.5")
    #expect(number.normalized("1,000") == "1000" && number.normalized("12 345") == "12345")
    for text in ["nan", "inf", "0x1F", "2,5", "", "-", "1e999", "٣", "1,00", "4 4", "12ms"] {
      #expect(number.normalized(text) == nil, "\(text)")
    }
  }

  @Test func `lines fit the width of the terminal`() {
    #expect(Style([:], isTerminal: true, columns: 40).width == 40)
    #expect(Style([:], isTerminal: true, columns: 200).width == 90)
    #expect(Style([:], isTerminal: true, columns: 1).width == 24)
    let text = reflowed("- " + String(repeating: "word ", count: 30), width: 40)
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 40 })
  }
}
