import Kit

/// The clients of `/ws`, and their numbers.
///
/// What must hold: a manager gives the numbers 1, 2, 3, and so on, in the order in which clients register; each of them
/// once, whoever leaves; and what is sent to a number reaches the client that has it.
actor ConnectionManager {
  // Yours to write.

  /// Takes the client in, tells it its number (`await client.welcome(as:)`), and returns it.
  func register(_ client: Client) async -> Int {
    return 0
  }

  func unregister(_ id: Int) {
  }

  /// Hands the text to the client with this number (`client.post(text)`). False where there is none.
  func send(_ text: String, to id: Int) -> Bool {
    return false
  }
}
