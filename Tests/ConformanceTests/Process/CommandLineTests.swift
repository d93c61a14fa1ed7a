import Testing

@Suite struct CommandLineTests {
  @Test(arguments: Chapter.allCases)
  func `--help lists the options and exits with 0`(chapter: Chapter) throws {
    let (exit, output, errors) = try ServerProcess.launch(chapter, ["--help"]).waitForExit()
    #expect(exit == .status(0))
    #expect(errors == "")
    for option in [
      "--host", "--port", "--delay", "--header-timeout", "--idle-timeout", "--grace",
      "--max-message", "--max-connections", "--origins", "--log", "--trace", "--version", "--help",
    ] {
      #expect(output.contains("\(option) "), "\(option)")
    }
  }

  static let mistakes = [
    ["--nonsense"], ["-x"], ["nonsense"], [""], ["--"],
    ["--port"], ["--port", ""], ["--port", "abc"], ["--port", "-1"], ["--port", "+80"],
    ["--port", "65536"], ["--port", "8080x"], ["--port", "99999999999999999999"],
    ["--delay"], ["--delay", ""], ["--delay", "abc"], ["--delay", "5"], ["--delay", "-5ms"],
    ["--delay", "5days"], ["--delay", "1.5s"], ["--delay=ms"],
    ["--header-timeout", "soon"], ["--idle-timeout", "5"], ["--grace", "-1s"],
    ["--max-connections", "0"], ["--max-connections", "many"], ["--origins", ""],
    ["--max-message", "abc"], ["--max-message", "-1"], ["--max-message"], ["--trace"],
  ]

  @Test(arguments: Chapter.allCases, mistakes)
  func `a mistake on the command line is reported in one line, and the exit code is 64`(
    chapter: Chapter, arguments: [String]
  ) throws {
    // The port is free, so that only the mistake can stop the server.
    let child = try ServerProcess.launch(chapter, ["--port=0"] + arguments)
    let (exit, output, errors) = try child.waitForExit()
    #expect(exit == .status(64))
    #expect(output == "")
    expectOneLine(errors, of: chapter)
  }

  @Test(arguments: Chapter.allCases)
  func `a port in use is reported in one line, and the exit code is 1`(chapter: Chapter) throws {
    try chapter.withServer { server in
      let child = try ServerProcess.launch(chapter, ["--port", "\(server.port)"])
      let (exit, output, errors) = try child.waitForExit()
      #expect(exit == .status(1))
      #expect(output == "")
      expectOneLine(errors, of: chapter)
      #expect(errors.contains("\(server.port)"))
      #expect(try server.get("/").text == "Hello")
    }
  }

  private func expectOneLine(
    _ text: String, of chapter: Chapter, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let isOneLine = text.hasSuffix("\n") && text.split(separator: "\n").count == 1
    #expect(isOneLine, "\(text)", sourceLocation: sourceLocation)
    #expect(text.hasPrefix("\(chapter.name): "), sourceLocation: sourceLocation)
  }
}
