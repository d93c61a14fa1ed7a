import WireProtocols

/// The command in a text that a client sent to `/ws`.
enum ChatCommand: Equatable {
  case whoami
  case broadcast
  /// The range is the text to send.
  case send(to: ClientID, Range<Int>)
  case echo
  case topic(TopicCommand)

  /// - Parameter topics: whether topic commands are known; otherwise they are echoed like any text.
  init(_ text: Span<UInt8>, topics: Bool = false) {
    if text.equals("whoami") {
      self = .whoami
    } else if text.equals("broadcast") {
      self = .broadcast
    } else if text.hasPrefix("send "), let (client, rest) = Self.target(text, from: 5) {
      self = .send(to: client, rest)
    } else if topics, let command = TopicCommand(text) {
      self = .topic(command)
    } else {
      self = .echo
    }
  }

  /// Parses `M TEXT`: a number, one space, and the text after it.
  private static func target(_ text: Span<UInt8>, from start: Int) -> (ClientID, Range<Int>)? {
    var end = start
    while end < text.count, text[end] != Ascii.space { end += 1 }
    guard end < text.count, let client = parseDecimal(text.extracting(start..<end)) else {
      return nil
    }
    return (client, end + 1..<text.count)
  }
}
