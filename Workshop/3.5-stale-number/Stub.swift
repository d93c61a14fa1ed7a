import Kit

/// A server whose clients ask a slow backend for something.
struct Server {
  let kernel: Kernel
  /// The descriptors of the clients that are connected.
  private var clients: Set<Int> = []

  init(_ kernel: Kernel) { self.kernel = kernel }

  /// Handles the events that one `epoll_wait` reported, in this order.
  ///
  /// The bug is here: a number is reused as soon as it is free. Requirements: an event affects only
  /// the client that it was meant for; a connected client gets every answer; and if a client has
  /// left or its time is up, its descriptor is closed at once.
  mutating func handle(_ batch: [Event]) {
    for event in batch {
      switch event {
      case .knock:
        let number = kernel.accept()
        clients.insert(number)
        // Every event of this client will carry this token. Its `generation` is yours to use.
        kernel.register(Token(number: number, generation: 0))
      case .request(let token, let text):
        kernel.ask(text, for: token)  // The answer will carry the token.
      case .answer(let token, let text):
        if clients.contains(token.number) { kernel.write(text, to: token.number) }
      case .hangUp(let token), .timeIsUp(let token):
        if clients.remove(token.number) != nil { kernel.close(token.number) }
      }
    }
  }
}
