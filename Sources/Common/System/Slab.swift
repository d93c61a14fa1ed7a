// snippet: slab
/// An entry of a ``Slab``, which knows its token.
public protocol Registered: ~Copyable {
  var token: Token { get }
}

/// A table with a slot for each descriptor. The kernel always assigns the lowest free number, so an
/// array is enough.
///
/// The kernel reuses a number as soon as it is closed, but an event for the old owner must not
/// reach the new one. So every entry has its own generation, and an old token finds nothing.
public final class Slab<Element: Registered & ~Copyable> {
  // Inlinable, because generic code of another module is otherwise not specialized for the element
  // type. There are as many slots as there can be descriptors, so the table never has to grow;
  // memory that was never touched costs nothing.
  @usableFromInline let slots: UnsafeMutablePointer<Element?>
  private let capacity = Descriptor.limit
  /// How many of the slots are initialized.
  @usableFromInline var used = 0
  @usableFromInline var generation: UInt32 = 0
  public private(set) var count = 0

  /// Creates an empty table.
  public init() { slots = .allocate(capacity: capacity) }

  deinit {
    slots.deinitialize(count: used)
    slots.deallocate()
  }

  /// Whether the table is empty.
  public var isEmpty: Bool { count == 0 }

  /// Whether there is an entry with this token.
  @inlinable
  public func contains(_ token: Token) -> Bool {
    // In bounds: `used` slots are initialized.
    guard token.index < used else { return false }
    return slots[Int(token.index)]?.token == token
  }

  /// Lets `body` change the entry with this token; returns `nil` if there is none.
  /// - Throws: what `body` throws.
  @inlinable @inline(__always)
  public func update<Result, Failure: Error>(
    _ token: Token, _ body: (inout Element) throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard contains(token) else { return nil }
    return try body(&slots[Int(token.index)]!)
  }

  /// The entry with this token, which must be there: for the entry's owner.
  @inlinable
  public subscript(owned token: Token) -> Element {
    // Addressors, because for a noncopyable element `_read` and `_modify` are calls that allocate.
    @inline(__always) unsafeAddress { UnsafePointer(address(of: token)) }
    @inline(__always) unsafeMutableAddress { address(of: token) }
  }

  @inlinable @inline(__always)
  func address(of token: Token) -> UnsafeMutablePointer<Element> {
    precondition(contains(token))
    // An optional that is not nil stores its value at its first byte.
    return UnsafeMutableRawPointer(slots + Int(token.index)).assumingMemoryBound(to: Element.self)
  }

  /// Lets `body` change every entry, in the order of their descriptors. `body` must not insert or
  /// remove entries.
  @inlinable @inline(__always)
  public func updateAll(_ body: (inout Element) -> Void) {
    for index in 0..<used where slots[index] != nil { body(&slots[index]!) }
  }

  /// Returns a new token for a descriptor. It never has generation 0, which is left to the caller.
  public func makeToken(for number: Int32) -> Token {
    generation = generation == .max ? 1 : generation + 1
    return Token(index: UInt32(number), generation: generation)
  }

  /// Adds an entry in the slot of its token, and removes an older one from there.
  public func insert(_ element: consuming Element) {
    let index = Int(element.token.index)
    precondition(index < capacity)
    while used <= index {
      (slots + used).initialize(to: nil)
      used += 1
    }
    if slots[index] == nil { count += 1 }
    slots[index] = consume element
  }

  /// Removes the entry with this token, if there is one.
  public func remove(_ token: Token) {
    guard contains(token) else { return }
    slots[Int(token.index)] = nil
    count -= 1
  }
}

extension Slab where Element: Copyable {
  /// The entry with this token, if it is still there.
  @inlinable
  public subscript(_ token: Token) -> Element? {
    guard token.index < used, let element = slots[Int(token.index)], element.token == token
    else { return nil }
    return element
  }

  /// The entries, in the order of their descriptors. Entries may be removed during the iteration.
  public var all: some Collection<Element> {
    let slots = slots
    return (0..<used).lazy.compactMap { slots[$0] }
  }
}
// snippet: end
