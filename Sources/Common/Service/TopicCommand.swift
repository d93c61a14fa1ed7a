import WireProtocols

/// A topic command on `/ws`: `subscribe T`, `unsubscribe T`, `publish T TEXT`.
enum TopicCommand: Equatable {
  case subscribe(String)
  case unsubscribe(String)
  /// The range is the text to publish.
  case publish(String, Range<Int>)

  /// Limits on the length of a topic's name and on the topics of a client, so that no client can
  /// make us keep more and more.
  static let maxName = 128
  static let maxTopics = 64

  /// Parses a command; `nil` if the text is not a topic command, or if the name is missing, too
  /// long, or not one word.
  init?(_ text: Span<UInt8>) {
    if text.hasPrefix("subscribe "), let (name, end) = Self.name(text, from: 10),
      end == text.count
    {
      self = .subscribe(name)
    } else if text.hasPrefix("unsubscribe "), let (name, end) = Self.name(text, from: 12),
      end == text.count
    {
      self = .unsubscribe(name)
    } else if text.hasPrefix("publish "), let (name, end) = Self.name(text, from: 8),
      end < text.count
    {
      self = .publish(name, end + 1..<text.count)
    } else {
      return nil
    }
  }

  /// Parses one word; returns it with the index after it.
  private static func name(_ text: Span<UInt8>, from start: Int) -> (String, end: Int)? {
    var end = start
    while end < text.count, text[end] != Ascii.space { end += 1 }
    guard 1...maxName ~= end - start else { return nil }
    return (text.extracting(start..<end).text, end)
  }
}
