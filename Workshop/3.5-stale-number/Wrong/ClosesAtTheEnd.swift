// expect: is not closed until the end of the batch
import Kit

struct Server {
  let kernel: Kernel
  private var clients: [Int: Token] = [:]
  private var generation = 0

  init(_ kernel: Kernel) { self.kernel = kernel }

  mutating func handle(_ batch: [Event]) {
    var leaving: [Int] = []
    defer { for number in leaving { kernel.close(number) } }
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
        if isHere(token) {
          clients[token.number] = nil
          leaving.append(token.number)
        }
      }
    }
  }

  private func isHere(_ token: Token) -> Bool { clients[token.number] == token }

  private mutating func leave(_ token: Token) {
    clients[token.number] = nil
    kernel.close(token.number)
  }
}
