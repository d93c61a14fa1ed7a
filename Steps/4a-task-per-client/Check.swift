import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a silent client does not hold up another") { oneSilent() },
    Part("one silent client per core does not hold up another") { allSilent() },
  ]

  static func oneSilent() {
    let server = Program()
    let (a, b) = (server.connect("A"), server.connect("B"))
    b.ask("/")
    switch b.receive() {
    case .reply(let reply) where reply.body == "Hello": break
    case .end, .reset:
      fail(
        "B's connection is closed before B is served",
        "Task { … } starts the work and returns at once. The code after the closing brace may run "
          + "before the task, or at the same time. close() belongs inside the task, after serve.")
    case let other:
      fail(
        "A says nothing, and B gets no answer",
        "A task that you create in main() runs on the main actor, that is, on the main thread, "
          + "which is blocked in accept. Create it in a function that is not isolated to the main "
          + "actor.",
        expected: "B gets 200 with \"Hello\"", happened: b.describe(other))
    }
    a.hangUp()
  }

  static func allSilent() {
    let server = Program()
    let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    let silent = (1...cores).map { server.connect("silent client \($0)") }
    server.settle()
    let b = server.connect("B")
    b.ask("/")
    b.expectReply(
      body: "Hello", "\(cores) clients say nothing, and B gets no answer",
      "Swift runs tasks on a pool with one thread per core, here \(cores), and adds none when they "
        + "block. All of them are blocked in poll(2), each waiting for a silent client. A task is "
        + "not a thread, and must not block one. Step 4b fixes this.")
    for client in silent { client.hangUp() }
  }
}
