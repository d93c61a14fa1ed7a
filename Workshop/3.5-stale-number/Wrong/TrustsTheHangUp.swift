// expect: by the hang-up of a client whose time was up
import Kit

struct Server {
  let kernel: Kernel
  private var clients: [Int: Int] = [:]
  private var count = 0
  init(_ kernel: Kernel) { self.kernel = kernel }
  mutating func handle(_ batch: [Event]) {
    for event in batch {
      switch event {
      case .knock:
        let number = kernel.accept()
        count += 1
        clients[number] = count
        kernel.register(Token(number: number, generation: count))
      case .request(let token, let text):
        kernel.ask(text, for: token)
      case .answer(let token, let text):
        if clients[token.number] == token.generation { kernel.write(text, to: token.number) }
      case .hangUp(let token):
        if clients.removeValue(forKey: token.number) != nil { kernel.close(token.number) }
      case .timeIsUp(let token):
        if clients[token.number] == token.generation {
          clients[token.number] = nil
          kernel.close(token.number)
        }
      }
    }
  }
}
