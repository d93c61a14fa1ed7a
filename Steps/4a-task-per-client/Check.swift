import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a silent client holds up no other") { oneSilent() },
    Part("as many silent clients as there are cores hold up no other") { allSilent() },
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
        "Task { … } starts the work and returns at once. What comes after the closing brace runs "
          + "while the task does, or before. close() belongs into the task, after serve.")
    case let other:
      fail(
        "A says nothing, and B is not answered",
        "A task that you create in main() runs on the main actor, so on the main thread, and that is "
          + "in accept. Create it in a function that is not isolated to the main actor.",
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
      body: "Hello", "\(cores) clients say nothing, and B is not answered",
      "Swift runs tasks on a pool with one thread per core, here \(cores), and adds none when they "
        + "block. All of them are in poll(2), each for a client that says nothing. A task is no "
        + "thread: it must not block one. Step 4b mends it.")
    for client in silent { client.hangUp() }
  }
}
