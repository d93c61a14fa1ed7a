import Kit

/// Keeps track of which clients to disconnect, and when. All times are in microseconds. Client
/// numbers are never reused.
struct Deadlines {
  /// Ten seconds to start a request, and ten more to complete it.
  static let patience = 10_000_000

  /// The tools: `insert(time, client)`, `first` (the entry with the smallest time: `first?.time`,
  /// `first?.client`), `removeFirst()`.
  private var heap = Heap()

  /// A client connected. Write this and everything below.
  mutating func connected(_ client: Int, at now: Int) {}

  /// Bytes of a request arrived, either its first bytes or later ones.
  mutating func received(_ client: Int, at now: Int) {}

  /// The request was complete and has been answered.
  mutating func answered(_ client: Int, at now: Int) {}

  /// The client closed its connection.
  mutating func left(_ client: Int) {}

  /// Returns how many *milliseconds* `epoll_wait` may sleep; -1 means forever.
  func timeout(at now: Int) -> Int { -1 }

  /// Returns the clients whose time is up. The loop closes them, and you will not hear about them
  /// again.
  ///
  /// Requirements: the result contains every client whose time is up, except clients that have
  /// left, and no other client. A client has one entry in the heap, however many requests it sends.
  mutating func expired(at now: Int) -> [Int] { [] }
}
