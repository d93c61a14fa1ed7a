import Foundation

/// Something to predict, and what an answer to it looks like.
struct Question: Sendable {
  enum Form {
    case number
    /// All of these, in some order.
    case order([String])
    /// One of these.
    case choice([String])
  }

  let name: String
  let text: String
  let form: Form

  /// - Parameter section: begins with `- answer: number`, `- answer: order of A, B` or `- answer:
  ///   one of A, B`.
  init?(_ name: String, _ section: String) {
    guard let match = section.prefixMatch(of: /- answer: (number|order of|one of) ?(.*)\n*/) else {
      return nil
    }
    self.name = name
    text = String(section[match.range.upperBound...])
    let words = match.output.2.split(separator: ", ").map(String.init)
    switch match.output.1 {
    case "number": form = .number
    case "order of": form = .order(words)
    default: form = .choice(words)
    }
  }

  var wish: String {
    switch form {
    case .number: "a number"
    case .order(let words): words.joined(separator: " ") + ", in the order you expect"
    case .choice(let words): "one of: " + words.joined(separator: ", ")
    }
  }

  /// The answer as the measurement writes it; `nil` where it is none.
  func normalized(_ answer: String) -> String? {
    let words = answer.split { " ,".contains($0) }.map(String.init)
    switch form {
    case .number:
      let digits = words.joined()
      return Double(digits).map { _ in digits }
    case .order(let wanted):
      let order = words.compactMap { word in wanted.first { $0.lowercased() == word.lowercased() } }
      return order.count == words.count && order.sorted() == wanted.sorted()
        ? order.joined(separator: " ") : nil
    case .choice(let wanted):
      return wanted.first {
        $0.lowercased() == answer.trimmingCharacters(in: .whitespaces).lowercased()
      }
    }
  }
}
