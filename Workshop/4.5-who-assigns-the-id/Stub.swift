import Kit

/// The clients of `/ws`, and their numbers.
///
/// Requirements: a manager assigns the numbers 1, 2, 3, and so on, in the order in which clients
/// register; it assigns each number once, no matter which clients leave; and a text sent to a
/// number reaches the client with that number.
actor ConnectionManager {
  // Yours to write.

  /// Adds the client, tells it its number (`await client.welcome(as:)`), and returns the number.
  func register(_ client: Client) async -> Int {
    return 0
  }

  func unregister(_ id: Int) {
  }

  /// Gives the text to the client with this number (`client.post(text)`). Returns false if there is
  /// no such client.
  func send(_ text: String, to id: Int) -> Bool {
    return false
  }
}
