// expect: from an answer that arrived in a later batch
import Kit

/// A server whose clients ask a slow backend for something.
struct Server {
  let kernel: Kernel
  /// The token of the client that has each descriptor now.
  private var clients: [Int: Token] = [:]

  init(_ kernel: Kernel) { self.kernel = kernel }

  /// Handles the events that one `epoll_wait` reported, in this order.
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
