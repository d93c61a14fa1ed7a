/// What a text on `/ws` asks for.
enum ChatCommand: Equatable {
  case whoami
  case broadcast
  /// The range is the text to send.
  case send(to: ClientID, Range<Int>)
  case echo

  init(_ text: Span<UInt8>) {
    if text.equals("whoami") {
      self = .whoami
    } else if text.equals("broadcast") {
      self = .broadcast
    } else if text.hasPrefix("send "), let (client, rest) = Self.target(text, from: 5) {
      self = .send(to: client, rest)
    } else {
      self = .echo
    }
  }

  /// `M TEXT`: a number, one space, and everything behind it.
  private static func target(_ text: Span<UInt8>, from start: Int) -> (ClientID, Range<Int>)? {
    var end = start
    while end < text.count, text[end] != Ascii.space { end += 1 }
    guard end < text.count, let client = parseDecimal(text.extracting(start..<end)) else {
      return nil
    }
    return (client, end + 1..<text.count)
  }
}
