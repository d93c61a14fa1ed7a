import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that asks again and again is answered each time") { again() },
    Part("a hundred clients that speak after a while are answered") { all() },
    Part("a slow backend delays only the client that asked") { slowBackend() },
  ]

  static func all() {
    let server = Program()
    let clients = (1...100).map { server.connect("client \($0)") }
    server.settle()
    for client in clients { client.ask("/") }
    for client in clients {
      client.expectReply(
        body: "Hello", "\(client.name)'s task is suspended, and no event resumes it",
        "Every suspended task needs its own place, and the event says which: event.data.fd.")
    }
  }

  static func again() {
    let server = Program()
    let a = server.connect("A")
    for round in 1...3 {
      server.settle()
      a.ask("/nothing")
      a.expectReply(
        404, "A asks again and again, and is not answered in round \(round)",
        "Resume a continuation exactly once: take it out of the table, then resume it. One that "
          + "stays there is resumed again by the next event, and Swift ends the program.")
    }
  }

  static func slowBackend() {
    let server = Program("--delay", "300ms")
    let clients = (1...6).map { server.connect("client \($0)") }
    let start = ContinuousClock.now
    for client in clients { client.ask("/") }
    for client in clients {
      client.expectReply(body: "Hello", patience: .seconds(1), "\(client.name) is not answered")
    }
    let time = ContinuousClock.now - start
    expect(
      time < .milliseconds(1500), "six clients wait for their backends one after the other",
      expected: "all answers after 300 ms", happened: "after \(time)")
  }
}
