/// A message of a stream. Ours have one field each.
public struct StreamMessage: Equatable, Sendable {
  /// The id, which Redis assigns: later messages of the stream have greater ones.
  public let id: String
  /// The field's name.
  public let field: String
  /// The field's value.
  public let bytes: [UInt8]

  /// Whether an id is less than another one. Each is two numbers, such as `1700000000000-0`.
  public static func isEarlier(_ id: String, _ other: String) -> Bool {
    let numbers = [id, other].map { $0.split(separator: "-").compactMap { UInt64($0) } }
    return numbers[0].lexicographicallyPrecedes(numbers[1])
  }
}

extension RESPValue {
  /// The text of a string; empty for anything else.
  public var text: String { if case .string(let bytes) = self { bytes.span.text } else { "" } }
  /// An integer, or a string that spells one; 0 for anything else.
  public var number: Int { if case .integer(let number) = self { number } else { Int(text) ?? 0 } }

  private var elements: [RESPValue] {
    switch self {
    case .array(let elements): elements
    default: []
    }
  }

  /// The value for a key of a map; `nil` if there is none, or if this is not a map.
  public subscript(_ key: String) -> RESPValue? {
    guard case .map(let parts) = self else { return nil }
    return stride(from: 0, to: parts.count - 1, by: 2).first { parts[$0].text == key }
      .map { parts[$0 + 1] }
  }

  /// The messages in a reply to XREAD of one stream: in RESP3, a map from the stream's name to its
  /// messages. A message that another program put into the stream has an id, but no field and no
  /// bytes here; nor has a message that was too long to be kept.
  public var messages: [StreamMessage] {
    guard case .map(let parts) = self, let entries = parts.last?.elements else { return [] }
    return entries.compactMap { entry in
      guard let id = entry.elements.first?.text, !id.isEmpty else { return nil }
      let fields = entry.elements.last?.elements ?? []
      guard fields.count == 2, case .string(let bytes) = fields[1] else {
        return StreamMessage(id: id, field: "", bytes: [])
      }
      return StreamMessage(id: id, field: fields[0].text, bytes: bytes)
    }
  }
}
