// expect: an answer for a client that is here is lost
import Kit

/// Serves clients that ask a slow backend something.
struct Server {
  let kernel: Kernel
  /// Whose a descriptor's number is at present.
  private var clients: [Int: Token] = [:]
  private var generation = 0

  init(_ kernel: Kernel) { self.kernel = kernel }

  /// What one `epoll_wait` has reported, in this order.
  mutating func handle(_ batch: [Event]) {
    for event in batch {
      switch event {
      case .knock:
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

  private func isHere(_ token: Token) -> Bool {
    clients[token.number] != nil && token.generation == generation
  }

  private mutating func leave(_ token: Token) {
    clients[token.number] = nil
    kernel.close(token.number)
    generation += 1
  }
}
