import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("SIGTERM ends a server whose clients are idle") { idle() },
    Part("a client that waits for its answer gets it, and then the server ends") { pausing() },
    Part("an answer on its way arrives to its last byte") { writing() },
  ]

  static func idle() {
    let server = Program()
    let (a, b) = (server.connect("A"), server.connect("B"))
    a.ask("/nothing")
    a.expectReply(404, "A is not answered")
    b.send("GET / HT")
    server.settle()
    server.signal(SIGTERM)
    a.expectEnd(
      "the server stops, A is idle, and its connection stays open",
      "A's task waits for the next request, for ten seconds. Nothing is lost when it ends now: to "
        + "cancel the task must end the wait.")
    expectGone(server)
  }

  static func pausing() {
    let server = Program("--delay", "300ms")
    let a = server.connect("A")
    a.ask("/")
    server.settle()
    server.signal(SIGTERM)
    server.settle()
    expect(
      server.refusesConnections || !server.isRunning, "the server stops, and accepts new clients",
      "Close the listener, so that the kernel refuses them and they go elsewhere.")
    a.expectReply(
      body: "Hello", patience: .seconds(1), "A waits for its answer, and the server leaves",
      "What a client has asked for is a promise. A task group ends when its last child ends, "
        + "and the process ends after that. A cancellation is a request: the pause ignores it.")
    a.expectEnd("A has its answer, the server stops, and the connection stays open")
    expectGone(server)
  }

  static func writing() {
    let server = Program()
    let a = server.connect("A")
    a.ask("/big")
    server.settle()
    server.signal(SIGTERM)
    server.settle()
    let count = a.rest().utf8.count
    expect(
      count > 8 << 20, "the server stops, and A's answer is cut off",
      "Waiting for room is not waiting for a request: continue until the last byte.",
      expected: "a head and 8388608 bytes", happened: "\(count) bytes")
    expectGone(server)
  }

  static func expectGone(_ server: Program) {
    expect(
      server.waitForExit() == .code(0), "the server did not end by itself",
      "SIGTERM is a request to stop, and kills only a process that has no handler for it.",
      expected: "it exited with code 0", happened: "\(server.waitForExit())")
  }
}
