// expect: keeps something for each of them
import Kit

struct Server {
  let kernel: Kernel
  private var gone: Set<Token> = []
  private var generation = 0

  init(_ kernel: Kernel) { self.kernel = kernel }

  mutating func handle(_ batch: [Event]) {
    for event in batch {
      switch event {
      case .knock:
        generation += 1
        let token = Token(number: kernel.accept(), generation: generation)
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

  private func isHere(_ token: Token) -> Bool { !gone.contains(token) }

  private mutating func leave(_ token: Token) {
    gone.insert(token)
    kernel.close(token.number)
  }
}
