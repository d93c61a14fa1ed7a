import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a server without clients uses no CPU") { idle() },
    Part("a client wakes a worker") { wakes() },
    Part("each of ten clients wakes a different worker") { ten() },
    Part("a worker that wakes up for no reason sleeps again") { spurious() },
    Part("clients that do not fit into the queue wait in the kernel") { bound() },
  ]

  static func idle() {
    let server = Program()
    let time = server.cpuTime(during: .milliseconds(300))
    expect(
      time < .milliseconds(2), "there is no client, but the server uses the CPU",
      "Each worker looks into the queue again and again and finds nothing. A condition variable "
        + "lets it sleep until push says that there is a client.",
      expected: "less than 2 ms of CPU time in 300 ms of silence",
      happened: "\(Int(time / .milliseconds(1))) ms")
  }

  static func wakes() {
    let server = Program()
    server.settle()
    let client = server.connect("A")
    client.ask("/", "Connection: close")
    client.expectReply(
      body: "Hello", "A is in the queue, but all workers are asleep",
      "A thread in pthread_cond_wait(3) sleeps until a signal arrives, no matter what is in the "
        + "queue. push must signal after each append.")
  }

  static func ten() {
    let server = Program("--workers", "10")
    server.settle()
    let clients = server.deliverAtOnce { (1...10).map { server.connect("client \($0)") } }
    for client in clients {
      client.ask("/")
      client.expectReply(
        body: "Hello",
        "ten clients connected at once, and one waits in the queue although workers are asleep",
        "One signal wakes one worker. If push signals only when the queue was empty, the second of "
          + "two clients that arrive together wakes no worker.")
    }
  }

  static func spurious() {
    if !Program.hasVariant { return }
    let server = Program("--workers", "3", isVariant: true)
    let client = server.connect("A")
    Waiting.pause(.milliseconds(100))
    client.ask("/", "Connection: close")
    client.expectReply(
      body: "Hello", patience: .seconds(1),
      "a worker woke up, found the queue empty, and took a client out of it",
      "A return from pthread_cond_wait(3) promises nothing: POSIX lets it return without a signal "
        + "(in this build it always does, after 10 ms), and another worker may have been faster. "
        + "So test the condition in a while, not in an if."
    )
  }

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
        + "out. Clients can wait in the kernel's backlog, which has a limit: do not accept more "
        + "than the queue holds.",
      expected: "at most \(before + 5) descriptors", happened: "\(server.descriptors) descriptors")
  }
}
