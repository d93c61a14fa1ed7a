extension Sandbox {
  /// Adds a path of three tiny steps: a program that says hello, then hello to the world, then also
  /// to the moon.
  func addSteps() throws {
    try addStep(
      "9a-hello", "- minutes: 5\n- mends: it says hello",
      ["Server.swift": Self.program("\"hello\"")])
    try addStep(
      "9b-world", "- mends: it greets the world\n- still fails: it greets the moon → 9c",
      [
        "Server.swift": Self.program("greeting()"),
        "Greeting.swift": "func greeting() -> String { \"hello world\" }\n",
      ])
    try addStep(
      "9c-moon", "- mends: it greets the moon",
      ["Greeting.swift": "func greeting() -> String { \"hello world and moon\" }\n"])
  }

  private func addStep(_ name: String, _ keys: String, _ files: [String: String]) throws {
    let number = name.prefix(2)
    let page = """
      # \(number) Say \(name.dropFirst(3))

      - read: [Nothing](../../docs/README.md#\(number))
      \(keys)

      Print the \(name.dropFirst(3)).

      ## Hint 1

      Print.

      ## Hint 2

      Print it.

      ## Hint 3

      Print it all.

      ## After

      The real one says more than \(number).

      """
    try write("Steps/\(name)/step.md", page)
    try write("Steps/\(name)/Check.swift", Self.stepCheck)
    for (file, text) in files { try write("Steps/\(name)/\(file)", text) }
  }

  static func program(_ text: String) -> String {
    "@main\nstruct Server {\n  static func main() { print(\(text)) }\n}\n"
  }

  /// Runs the program and looks at what it prints.
  private static let stepCheck = """
    import Glibc
    import Kit

    @main
    enum Check: Checks {
      static let parts = [
        Part("it says hello") { says("hello") },
        Part("it greets the world") { says("world") },
        Part("it greets the moon") { says("moon") },
      ]

      static func says(_ word: String) {
        let variable = getenv("PROGRAM") ?? getenv("PROGRAM_COMMAND")!
        let stream = popen(String(cString: variable), "r")!
        var bytes = [CChar](repeating: 0, count: 1000)
        fgets(&bytes, 1000, stream)
        pclose(stream)
        let text = bytes.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
        expect(text.contains(word), "it does not say \\(word)", happened: text)
      }
    }

    """
}
