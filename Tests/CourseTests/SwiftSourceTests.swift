import Testing

@testable import course

/// Words are searched for in the code, not in comments and strings.
@Suite struct SwiftSourceTests {
  @Test(arguments: [
    "a // Task.sleep", "a /* Task.sleep */", "a /* b /* c */ Task.sleep */", "a /* // */ b",
    #"a = "Task.sleep""#, ##"a = #"say "Task.sleep""#"##, #"a = "\"Task.sleep""#,
    "a = \"\"\"\n\"Task.sleep\"\n\"\"\"", "a = \"/*\"; b // */ Task.sleep",
    #"a = "\(b("x")) Task.sleep""#, "/* Task.sleep",
  ])
  func `a word in a comment or a string is not code`(text: String) {
    #expect(!SwiftSource(text).code.contains("Task.sleep"))
  }

  @Test(arguments: [
    "Task.sleep", #"a = "http://a"; Task.sleep"#, "/* a */ Task.sleep", "a // b\nTask.sleep",
    #"a = "\(Task.sleep)""#, #"a = "/*"; Task.sleep"#, ##"a = #"\"#; Task.sleep"##,
    "a = \"\"\"\n/*\n\"\"\"; Task.sleep", #"a = "\(b("x", (1, 2))) \(Task.sleep)""#,
    "/* /* */ */ Task.sleep", "a = \"open\nTask.sleep",
  ])
  func `a word in the code is found`(text: String) {
    #expect(SwiftSource(text).code.contains("Task.sleep"))
  }
}
