/// The clients that no worker is serving yet.
final class Queue: @unchecked Sendable {
  private var clients: [Int32] = []

  func push(_ client: Int32) {
    clients.append(client)
  }

  func pop() -> Int32? {
    clients.isEmpty ? nil : clients.removeFirst()
  }
}
