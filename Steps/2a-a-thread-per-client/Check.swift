import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a second client is served while the first one is silent") { second() },
    Part("ten slow responses are in progress at the same time") { together() },
    Part("two hundred silent clients do not stop the next one", deadline: .seconds(30)) { crowd() },
    Part("a thread ends with its client", deadline: .seconds(30)) { ends() },
    Part("ten threads wait for clients before the first one connects") { pool() },
  ]

  static func second() {
    let server = Program()
    let silent = server.connect("A")
    silent.settle()
    let client = server.connect("B")
    client.ask("/")
    client.expectReply(
      body: "Hello", "A is connected and silent, and B receives no response",
      "The main thread waits for A in recv(2) or poll(2). Leave the waiting to a new thread, and "
        + "accept the next client."
    )
    client.ask("/", "Connection: close")
    client.expectReply(body: "Hello", "B's second request got no response")
    client.expectEnd(
      "B said Connection: close, but the connection stays open",
      "The thread that serves a client also closes it. If the main thread closes it after starting "
        + "the thread, the two race. If neither closes it, the descriptor leaks.")
  }

  static func together() {
    let server = Program("--delay", "300ms")
    let clients = (1...10).map { server.connect("client \($0)") }
    for client in clients { client.ask("/") }
    Waiting.until("ten threads that wait for the backend") { server.threads >= 11 }
    for client in clients {
      client.expectReply(
        body: "Hello", patience: .seconds(2), "\(client.name) receives no response",
        "Each client has its own thread and its own descriptor. Pass the descriptor to the thread "
          + "as a constant: if the thread reads a variable that the main thread changes, it may "
          + "already hold the next client's descriptor.")
    }
  }

  static func crowd() {
    let server = Program("--timeout", "60s")
    _ = (1...200).map { server.connect("client \($0)") }
    let client = server.connect("B")
    client.ask("/")
    client.expectReply(
      body: "Hello", patience: .seconds(2), "200 clients are silent, and B receives no response",
      "A waiting thread costs only its stack: 8 MiB of address space, but it touches only a few "
        + "kilobytes of that. The machine can handle this."
    )
  }

  static func ends() {
    let server = Program()
    for number in 1...50 {
      let client = server.connect("client \(number)")
      client.ask("/", "Connection: close")
      client.expectReply(body: "Hello", "client \(number) receives no response")
    }
    let isDone = server.settle(for: .milliseconds(20))
    expect(
      isDone && server.threads <= 2, "50 clients came and left, and their threads are still there",
      "When its client leaves, a thread's function must return. Otherwise threads pile up until "
        + "the server cannot start any more.",
      expected: "1 thread", happened: "\(server.threads) threads")
  }

  static func pool() {
    let server = Program("--workers", "10")
    expect(
      server.threads == 11, "the program does not have ten threads that wait for clients",
      "200 clients cost 200 threads, and the next 200 clients cost another 200: the clients decide "
        + "how much memory and how many threads the server needs. Start a fixed number of threads "
        + "first, and let each serve one client after another.",
      expected: "11 threads: the main thread and ten workers", happened: "\(server.threads) threads"
    )
  }
}
