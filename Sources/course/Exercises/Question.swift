import Foundation

/// Something to predict, and the form of its answer.
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

  /// - Parameter section: starts with `- answer: number`, `- answer: order of A, B` or `- answer:
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

  /// Digits with a point; spaces or commas only between groups of three: "2,5" must not become 25.
  private static func number(_ answer: String) -> String? {
    let text = answer.trimmingCharacters(in: .whitespaces)
    let plain = /[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,2})?/
    let grouped = /[0-9]{1,3}([ ,][0-9]{3})+(\.[0-9]+)?/
    guard text.wholeMatch(of: plain) != nil || text.wholeMatch(of: grouped) != nil else {
      return nil
    }
    return text.replacing(/[ ,]/, with: "")
  }

  var wish: String {
    switch form {
    case .number: "a number, such as 12 or 2.5"
    case .order(let words): words.joined(separator: " ") + ", in the order you expect"
    case .choice(let words): "one of: " + words.joined(separator: ", ")
    }
  }

  /// The answer in the form that the measurement uses; `nil` if the text is not an answer.
  func normalized(_ answer: String) -> String? {
    let words = answer.split { " ,".contains($0) }.map(String.init)
    switch form {
    case .number:
      return Self.number(answer)
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
