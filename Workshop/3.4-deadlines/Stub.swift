import Kit

/// Who has to be thrown out, and when. All times are microseconds. No client's number is ever used again.
struct Deadlines {
  /// Ten seconds: to begin a request, and again to complete it.
  static let patience = 10_000_000

  /// `insert(time, client)`, `first` (the entry with the smallest time: `first?.time`, `first?.client`), `removeFirst()`.
  private var heap = Heap()

  /// Somebody has connected. Yours to write, like all of these.
  mutating func connected(_ client: Int, at now: Int) {}

  /// Bytes of a request have arrived, its first ones or further ones.
  mutating func received(_ client: Int, at now: Int) {}

  /// The request was complete, and is answered.
  mutating func answered(_ client: Int, at now: Int) {}

  /// The client has closed its connection.
  mutating func left(_ client: Int) {}

  /// For `epoll_wait`: how many *milliseconds* it may sleep; -1 for ever.
  func timeout(at now: Int) -> Int { -1 }

  /// The clients whose time is over. The loop closes them, and you will not hear of them again.
  ///
  /// What must hold: nobody is in here who still has time, or who has left; everybody else is; and a client costs one entry of the
  /// heap, however many requests it sends.
  mutating func expired(at now: Int) -> [Int] { [] }
}
