import Kit

/// A server whose clients ask a slow backend for something.
struct Server {
  let kernel: Kernel
  /// The token of the client that has each descriptor now.
  private var clients: [Int: Token] = [:]
  private var generation = 0

  init(_ kernel: Kernel) { self.kernel = kernel }

  /// Handles the events that one `epoll_wait` reported, in this order.
  mutating func handle(_ batch: [Event]) {
    for event in batch {
      switch event {
      case .knock:
        generation += 1
        let token = Token(number: kernel.accept(), generation: generation)
        clients[token.number] = token
        kernel.register(token)
      case .request(let token, let text):
        if isHere(token) { kernel.ask(text, for: token) }
      case .answer(let token, let text):
        if isHere(token) { kernel.write(text, to: token.number) }
      case .hangUp(let token), .timeIsUp(let token):
        if isHere(token) { leave(token) }
      }
    }
  }

  /// Returns false if the event was for a client that has left. Another client may have its number
  /// by now.
  private func isHere(_ token: Token) -> Bool { clients[token.number] == token }

  private mutating func leave(_ token: Token) {
    clients[token.number] = nil
    kernel.close(token.number)
  }
}
