import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("the answer comes when the computation is done") { waits() },
    Part("a computation delays only the client that asked for it") { others() },
    Part("after a computation, the client is back on the loop") { returns() },
  ]

  static func waits() {
    let server = Program()
    let a = server.connect("A")
    let start = ContinuousClock.now
    a.ask("/burn?ms=100")
    a.expectReply(
      body: "Done", patience: .seconds(1), "A asks for a computation, but gets no answer")
    let time = ContinuousClock.now - start
    expect(
      time >= .milliseconds(100), "A's answer came before the computation was done",
      "Wait for the result. A Task { … } that you do not await runs alongside the code that started "
        + "it.",
      expected: "after 100 ms", happened: "after \(time)")
  }

  static func others() {
    let server = Program()
    let (a, b) = (server.connect("A"), server.connect("B"))
    a.ask("/burn?ms=2000")
    let start = ContinuousClock.now
    b.ask("/nothing")
    b.expectReply(404, patience: .seconds(1), "B gets no answer")
    let time = ContinuousClock.now - start
    expect(
      time < .milliseconds(1500), "A asks for a computation, and B has to wait for it",
      "While the computation runs on the loop's thread, the loop serves no other client. A "
        + "@concurrent function leaves the actor, but still runs on the executor that its task "
        + "prefers. Use withTaskExecutorPreference to prefer another one for this call.",
      expected: "B's answer before A's 2,000 ms are over", happened: "after \(time)")
    a.reset()
  }

  static func returns() {
    let server = Program()
    let a = server.connect("A")
    for target in ["/burn?ms=10", "/nothing", "/burn?ms=10"] {
      a.ask(target)
      a.expectReply(
        target == "/nothing" ? 404 : 200, patience: .seconds(1),
        "A asks for \(target) and gets no answer",
        "After the computation, a pool thread enqueues the task's next job. The loop must wake up "
          + "for it.")
    }
  }
}
