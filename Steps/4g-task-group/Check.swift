import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("SIGTERM stops a server whose clients are idle") { idle() },
    Part("a client that waits for its answer gets it, and then the server exits") { pausing() },
    Part("an answer on its way arrives down to the last byte") { writing() },
  ]

  static func idle() {
    let server = Program()
    let (a, b) = (server.connect("A"), server.connect("B"))
    a.ask("/nothing")
    a.expectReply(404, "A gets no answer")
    b.send("GET / HT")
    server.settle()
    server.signal(SIGTERM)
    a.expectEnd(
      "the server is stopping and A is idle, but A's connection stays open",
      "A's task waits up to ten seconds for the next request. Nothing is lost if the wait ends "
        + "now, so canceling the task must end it.")
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
      server.refusesConnections || !server.isRunning,
      "the server is stopping, but accepts new clients",
      "Close the listener, so that the kernel refuses new clients and they can try another server.")
    a.expectReply(
      body: "Hello", patience: .seconds(1), "A waits for its answer, but the server exits",
      "A request that the server has accepted is a promise. Wait for the task group, which ends "
        + "when its last child ends, and exit after that. Cancellation is only a request, and the "
        + "pause must ignore it.")
    a.expectEnd("A got its answer and the server is stopping, but the connection stays open")
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
      count > 8 << 20, "the server stopped, and A's answer was cut off",
      "Waiting for room is not the same as waiting for a request: continue until the last byte is "
        + "sent.",
      expected: "a head and 8388608 bytes", happened: "\(count) bytes")
    expectGone(server)
  }

  static func expectGone(_ server: Program) {
    expect(
      server.waitForExit() == .code(0), "the server did not stop by itself",
      "SIGTERM is a request to stop. It kills only a process that has no handler for it.",
      expected: "it exited with code 0", happened: "\(server.waitForExit())")
  }
}
