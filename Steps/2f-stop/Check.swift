import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("SIGTERM lets a response finish") { terminate() },
    Part("after the last response the program exits with code 0") { exits() },
    Part("SIGTERM stops a server without clients") { idle() },
    Part("silent clients do not keep a server from stopping") { silent() },
    Part("a client in the queue is served") { queued() },
    Part("new clients are refused while the last ones are served") { refused() },
    Part("stopping causes no data race") { race() },
    Part("clients of /events receive what another client says") { events() },
  ]

  static func downloading(_ server: Program) -> Client {
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    return client
  }

  static func terminate() {
    let server = Program()
    let client = downloading(server)
    server.signal(SIGTERM)
    server.settle()
    client.expectReply(
      200, "the server received SIGTERM, and A loses the rest of its response",
      "When main returns, the process ends, and all its threads with it. Wait for the workers "
        + "first: pthread_join(3)."
    )
  }

  static func exits() {
    let server = Program()
    let client = downloading(server)
    server.signal(SIGTERM)
    client.expectReply(200, "the server received SIGTERM, and A loses its response")
    expect(
      server.endsSoon, "A got its response, but the server does not stop",
      "A thread is still waiting: a worker at the condition variable that nothing wakes, A's "
        + "worker in its wait for A's next request, or the main thread in accept(2).",
      happened: "\(server.threads) threads are still running")
    expect(
      server.waitForExit(), equals: .code(0), "the program stopped, but did not exit with code 0",
      "The program that started it, such as systemd, treats any other code as a crash.")
  }

  static func idle() {
    let server = Program()
    server.settle()
    server.signal(SIGTERM)
    expect(
      server.endsSoon,
      "SIGTERM arrived while no client was connected, but the server does not stop",
      "Ten workers sleep at the condition variable. Closing the queue has to wake all of them: "
        + "signal wakes one, broadcast wakes all.",
      happened: "\(server.threads) threads are still running")
    expect(
      server.waitForExit(), equals: .code(0), "the program stopped, but did not exit with code 0")
  }

  static func silent() {
    let server = Program("--timeout", "60s")
    _ = (1...5).map { server.connect("client \($0)") }
    server.settle()
    server.signal(SIGTERM)
    expect(
      server.endsSoon, "five clients are silent, and SIGTERM does not stop the server",
      "Their workers wait in poll(2), each for its client. The signal interrupts one thread, not "
        + "all of them. A pipe that becomes readable wakes every thread that polls it.",
      happened: "\(server.threads) threads are still running")
  }

  static func queued() {
    let server = Program("--workers", "1")
    let first = downloading(server)
    let second = server.connect("B")
    second.ask("/")
    second.settle()
    server.signal(SIGTERM)
    server.settle()
    first.expectReply(200, "the server received SIGTERM, and A loses its response")
    second.expectReply(
      body: "Hello",
      "B was accepted and had sent its request when SIGTERM arrived, but receives no response",
      "A server that accepts a client makes a promise. A worker must not stop before the queue is "
        + "closed and empty."
    )
  }

  static func refused() {
    let server = Program("--workers", "1")
    let first = downloading(server)
    server.signal(SIGTERM)
    server.settle()
    expect(
      server.refusesConnections, "the server is stopping, but still accepts connections",
      "A client that connects now waits in the backlog for a server that is about to exit. Close "
        + "the listener: the client is refused at once and tries another server.")
    first.expectReply(200, "the server received SIGTERM, and A loses its response")
  }

  static func race() {
    if !Program.hasVariant { return }
    let server = Program("--workers", "3", isVariant: true)
    for number in 1...5 {
      let client = server.connect("client \(number)")
      client.ask("/", "Connection: close")
      client.expectReply(
        body: "Hello", patience: .seconds(2), "client \(number) receives no response")
    }
    server.signal(SIGTERM)
    Waiting.until("the program to end") { !server.isRunning }
    expect(
      !server.lastOutput().contains("WARNING: ThreadSanitizer"),
      "the thread sanitizer found a data race",
      "A variable that the handler sets and ten threads read is shared data too. A pipe needs no "
        + "variable."
    )
  }

  static func events() {
    let server = Program()
    let listener = server.connect("A")
    listener.ask("/events")
    let greeting = listener.rest()
    expect(
      greeting.hasSuffix("data: You are client 1\n\n"),
      "A asked for /events but receives no greeting",
      "In a chat, a price ticker or a progress bar, the server has something to say without being "
        + "asked. A server-sent event is text in a response that does not end.",
      expected: "data: You are "
        + "client 1",
      happened: show(greeting))
  }
}
