import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("a client that asks again and again gets an answer each time") { again() },
    Part("a hundred clients that send requests after a while get answers") { all() },
    Part("a slow backend delays only the client that asked") { slowBackend() },
  ]

  static func all() {
    let server = Program()
    let clients = (1...100).map { server.connect("client \($0)") }
    server.settle()
    for client in clients { client.ask("/") }
    for client in clients {
      client.expectReply(
        body: "Hello", "\(client.name)'s task is suspended, but no event resumes it",
        "Every suspended task needs its own entry in the table, and event.data.fd says which one "
          + "it is.")
    }
  }

  static func again() {
    let server = Program()
    let a = server.connect("A")
    for round in 1...3 {
      server.settle()
      a.ask("/nothing")
      a.expectReply(
        404, "A asks again and again, but gets no answer in round \(round)",
        "Resume a continuation exactly once: take it out of the table, then resume it. If it stays "
          + "there, the next event resumes it again, and Swift ends the program.")
    }
  }

  static func slowBackend() {
    let server = Program("--delay", "300ms")
    let clients = (1...6).map { server.connect("client \($0)") }
    let start = ContinuousClock.now
    for client in clients { client.ask("/") }
    for client in clients {
      client.expectReply(body: "Hello", patience: .seconds(1), "\(client.name) gets no answer")
    }
    let time = ContinuousClock.now - start
    expect(
      time < .milliseconds(1500), "six clients wait for the backend one after another",
      expected: "all answers after 300 ms", happened: "after \(time)")
  }
}
