// expect: an answer that comes in a later batch
import Kit

/// Serves clients that ask a slow backend something.
struct Server {
  let kernel: Kernel
  /// Whose a descriptor's number is at present.
  private var clients: [Int: Token] = [:]

  init(_ kernel: Kernel) { self.kernel = kernel }

  /// What one `epoll_wait` has reported, in this order.
  mutating func handle(_ batch: [Event]) {
    var left: [Int] = []
    for event in batch {
      switch event {
      case .knock:
        let token = Token(number: kernel.accept(), generation: 0)
        clients[token.number] = token
        kernel.register(token)
      case .request(let token, let text):
        if isHere(token) { kernel.ask(text, for: token) }
      case .answer(let token, let text):
        if isHere(token) { kernel.write(text, to: token.number) }
      case .hangUp(let token), .timeIsUp(let token):
        if isHere(token) {
          clients[token.number] = nil
          left.append(token.number)
        }
      }
    }
    for number in left { kernel.close(number) }
  }

  private func isHere(_ token: Token) -> Bool { clients[token.number] == token }
}
