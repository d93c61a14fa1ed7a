/// What belongs to each registered descriptor. The kernel hands out small numbers, so an array will do.
///
/// It hands a number out again as soon as it is free. An event that was waiting for the old owner must not
/// reach the new one: every entry has a generation of its own, and an old token finds nothing.
public struct TokenTable<Element: AnyObject> {
  private var slots: [(generation: UInt32, element: Element)?] = []
  private var generation: UInt32 = 0
  public private(set) var count = 0

  public init() {}

  public var isEmpty: Bool { count == 0 }
  public var all: [Element] { slots.compactMap { $0?.element } }

  /// What the token was made for, if it is still there.
  public subscript(_ token: Token) -> Element? {
    guard token.index < slots.count, let slot = slots[Int(token.index)],
      slot.generation == token.generation
    else { return nil }
    return slot.element
  }

  /// A token for a descriptor, never seen before. Generation 0 is left to the caller.
  public mutating func makeToken(for number: Int32) -> Token {
    generation = generation == .max ? 1 : generation + 1
    return Token(index: UInt32(number), generation: generation)
  }

  public mutating func insert(_ element: Element, _ token: Token) {
    while slots.count <= token.index { slots.append(nil) }
    if slots[Int(token.index)] == nil { count += 1 }
    slots[Int(token.index)] = (token.generation, element)
  }

  public mutating func remove(_ token: Token) {
    guard self[token] != nil else { return }
    slots[Int(token.index)] = nil
    count -= 1
  }
}
