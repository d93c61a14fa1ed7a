// expect: by the deadline of a client that has left
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
        generation += 1
        let token = Token(number: kernel.accept(), generation: generation)
        clients[token.number] = token
        kernel.register(token)
      case .request(let token, let text):
        if isHere(token) { kernel.ask(text, for: token) }
      case .answer(let token, let text):
        if isHere(token) { kernel.write(text, to: token.number) }
      case .hangUp(let token), .timeIsUp(let token):
        if clients[token.number] != nil { leave(token) }
      }
    }
  }

  /// False where the event was for somebody who has left, and perhaps somebody else has the number.
  private func isHere(_ token: Token) -> Bool { clients[token.number] == token }

  private mutating func leave(_ token: Token) {
    clients[token.number] = nil
    kernel.close(token.number)
  }
}
