/// A check's report on its descriptor, put together again (see `Workshop/Kit/Report.swift`).
struct CheckReport {
  private(set) var parts: [String] = []
  private(set) var passed: Set<String> = []
  private(set) var isDone = false
  /// The part that started last.
  private(set) var current = ""
  private(set) var failure: Failure?
  private(set) var comparisons: [Comparison] = []
  /// Parts that did not run, because a later step is about them.
  var later: [String: String] = [:]

  struct Failure {
    var problem: String
    var explanation: [String] = []
    var expected: [String] = []
    var happened: [String] = []
    var heading = ""
    var items: [String] = []
  }

  /// A guess, the model and the measurement.
  struct Comparison {
    let question: String
    var guess = ""
    var model = ""
    var measured = ""
    var reason = ""
    /// An explanation for a reader who guesses this; `nil` if the guess is right.
    var misconception: String?
  }

  init(_ text: String) {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
      take(String(words[0]), words.count == 2 ? String(words[1]) : "")
    }
  }

  private mutating func take(_ tag: String, _ text: String) {
    let last = comparisons.count - 1
    switch tag {
    case "part": parts.append(text)
    case "begin": current = text
    case "ok": passed.insert(text)
    case "done": isDone = true
    case "failed": failure = Failure(problem: text)
    case "explanation": failure?.explanation.append(text)
    case "expected": failure?.expected.append(text)
    case "happened": failure?.happened.append(text)
    case "heading": failure?.heading = text
    case "item": failure?.items.append(text)
    case "question": comparisons.append(Comparison(question: text))
    case _ where last < 0: break
    case "guess": comparisons[last].guess = text
    case "model": comparisons[last].model = text
    case "measured": comparisons[last].measured = text
    case "reason": comparisons[last].reason = text
    case "wrong": comparisons[last].misconception = text
    default: break
    }
  }
}
