import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("clients that do not fit into the queue wait in the kernel") { bound() },
    Part("every client that waits is served") { everybody() },
    Part("a server without clients uses no CPU") { idle() },
    Part("two threads do not use the queue at the same time") { race() },
    Part("SIGTERM lets a response finish") { terminate() },
  ]

  static func bound() {
    let server = Program("--workers", "1", "--queue", "2", "--timeout", "60s")
    server.settle()
    let before = server.descriptors
    _ = (1...50).map { server.connect("client \($0)") }
    server.settle(for: .milliseconds(20))
    expect(
      server.descriptors <= before + 5,
      "with one worker and a queue of 2, the server accepted 50 clients",
      "The clients that the server cannot serve pile up in its memory until the descriptors run "
        + "out. Clients can wait in the kernel's backlog, which has a limit: let push wait while "
        + "the queue is full.",
      expected: "at most \(before + 5) descriptors", happened: "\(server.descriptors) descriptors")
  }

  static func everybody() {
    let server = Program("--workers", "1", "--queue", "2", "--timeout", "60s")
    let clients = (1...20).map { server.connect("client \($0)") }
    server.settle()
    for client in clients { client.ask("/", "Connection: close") }
    for client in clients {
      let received = client.receive(patience: .seconds(1))
      if case .reply = received { continue }
      if case .nothing = received {
        fail(
          "twenty clients waited for room in the queue, but one receives no response",
          "The main thread sleeps at notFull until there is room, so each pop must signal notFull. "
            + "If nothing wakes the main thread, it never accepts a client again.")
      }
      fail(
        "a client that arrived while the queue was full was disconnected",
        "A full queue is no reason to close a connection without a response. Let push wait until "
          + "there is room.",
        happened: client.describe(received))
    }
  }

  static func idle() {
    let server = Program("--workers", "1", "--queue", "2", "--timeout", "60s")
    _ = (1...20).map { server.connect("client \($0)") }
    server.settle()
    let time = server.cpuTime(during: .milliseconds(200))
    expect(
      time < .milliseconds(2), "the queue is full, but the server uses the CPU",
      "The main thread checks again and again whether there is room. It should sleep until a pop "
        + "makes room.",
      expected: "less than 2 ms of CPU time in 200 ms of silence",
      happened: "\(Int(time / .milliseconds(1))) ms")
  }

  static func race() {
    if !Program.hasVariant { return }
    let server = Program("--workers", "3", "--queue", "1", isVariant: true)
    for number in 1...20 {
      let client = server.connect("client \(number)")
      client.ask("/", "Connection: close")
      client.expectReply(
        body: "Hello", patience: .seconds(2), "client \(number) receives no response")
    }
    expect(
      !server.lastOutput().contains("WARNING: ThreadSanitizer"),
      "the thread sanitizer found a data race",
      "Every access to the array must hold the mutex, including the one that checks for room.")
  }

  static func terminate() {
    let server = Program()
    let client = server.connect("A", receiveBuffer: 64 * 1024)
    client.ask("/big")
    client.settle()
    server.signal(SIGTERM)
    server.settle()
    client.expectReply(
      200, "the server received SIGTERM, and A loses the rest of its response",
      "The main thread returned from main, which ends the process and all of its workers, in the "
        + "middle of what they were doing.")
  }
}
