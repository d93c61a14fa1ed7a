import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("sixty clients, one response each, and no data race", deadline: .seconds(30)) {
      everybody()
    },
    Part("a server without clients uses no CPU") { idle() },
  ]

  static func everybody() {
    serve(Program("--workers", "3"), clients: 60)
    if !Program.hasVariant { return }
    let server = Program("--workers", "3", isVariant: true)
    serve(server, clients: 20)
    expect(
      !server.lastOutput().contains("WARNING: ThreadSanitizer"),
      "the thread sanitizer found a data race",
      "A mutex guards a variable only if every access holds it: the code that appends, the code "
        + "that removes, and the code that only checks whether the array is empty.")
  }

  static func serve(_ server: Program, clients: Int) {
    for number in 1...clients {
      let client = server.connect("a client")
      client.ask("/", "Connection: close")
      client.expectReply(
        body: "Hello", patience: .seconds(1),
        "sixty clients came one after another, but one receives no response",
        "Two workers took the same client, or a thread does not unlock the mutex on every path, "
          + "including the one that returns early because the queue is empty. Unlock it in a "
          + "defer.")
      if number % 50 == 0 { Events.start("what happened:") }
    }
  }

  static func idle() {
    let server = Program()
    let time = server.cpuTime(during: .milliseconds(300))
    expect(
      time < .milliseconds(2), "there is no client, but the server uses the CPU",
      "Each worker looks into the queue a thousand times a second and finds nothing. A worker "
        + "should sleep until there is a client, and not a millisecond longer.",
      expected: "less than 2 ms of CPU time in 300 ms of silence",
      happened: "\(Int(time / .milliseconds(1))) ms")
  }
}
