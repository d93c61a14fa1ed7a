/// What belongs to a registration, and knows its token.
public protocol Registered: AnyObject {
  var token: Token { get }
}

/// What belongs to each registered descriptor. The kernel hands out small numbers, so an array will do.
///
/// It hands a number out again as soon as it is free. An event that was waiting for the old owner must not
/// reach the new one: every entry has a generation of its own, and an old token finds nothing.
public struct Slab<Element: Registered> {
  // Inlinable, because what is generic is otherwise not compiled for its elements in another module.
  @usableFromInline var slots: [Element?] = []
  @usableFromInline var generation: UInt32 = 0
  public private(set) var count = 0

  public init() { slots.reserveCapacity(Descriptor.limit) }

  public var isEmpty: Bool { count == 0 }
  public var all: [Element] { slots.compactMap { $0 } }

  /// What the token was made for, if it is still there.
  @inlinable
  public subscript(_ token: Token) -> Element? {
    guard token.index < slots.count, let element = slots[Int(token.index)],
      element.token == token
    else { return nil }
    return element
  }

  /// A token for a descriptor, never seen before. Generation 0 is left to the caller.
  public mutating func makeToken(for number: Int32) -> Token {
    generation = generation == .max ? 1 : generation + 1
    return Token(index: UInt32(number), generation: generation)
  }

  public mutating func insert(_ element: Element) {
    let index = Int(element.token.index)
    while slots.count <= index { slots.append(nil) }
    if slots[index] == nil { count += 1 }
    slots[index] = element
  }

  public mutating func remove(_ token: Token) {
    guard self[token] != nil else { return }
    slots[Int(token.index)] = nil
    count -= 1
  }
}
