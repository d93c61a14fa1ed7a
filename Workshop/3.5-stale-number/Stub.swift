import Kit

/// Serves clients that ask a slow backend something.
struct Server {
  let kernel: Kernel
  /// The descriptors of those who are here.
  private var clients: Set<Int> = []

  init(_ kernel: Kernel) { self.kernel = kernel }

  /// What one `epoll_wait` has reported, in this order.
  ///
  /// Here is the bug: a number is used again as soon as it is free. What must hold: no event has an effect on anybody but the
  /// client it was meant for; a client who is here gets every answer; and the descriptor of a client who
  /// has left, or whose time is up, is closed at once.
  mutating func handle(_ batch: [Event]) {
    for event in batch {
      switch event {
      case .knock:
        let number = kernel.accept()
        clients.insert(number)
        // Every event of this client will carry this token. It has a `generation` besides, for you to use.
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
