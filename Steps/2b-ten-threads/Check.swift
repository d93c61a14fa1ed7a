import Glibc
import Kit

@main
enum Check: Checks {
  static let parts = [
    Part("ten threads wait for clients before the first one connects") { pool() },
    Part("--workers sets the number of workers") { number() },
    Part("two threads do not use the array at the same time") { race() },
  ]

  static func pool() {
    let server = Program()
    expect(
      server.threads == 11, "the program does not have ten threads that wait for clients",
      "200 clients cost 200 threads: the clients decide how many threads the server has. Start ten "
        + "threads before the first accept(2), and let each serve one client after another.",
      expected: "11 threads: the main thread and ten workers", happened: "\(server.threads) threads"
    )
  }

  static func number() {
    let server = Program("--workers", "3")
    expect(
      server.threads == 4, "--workers 3 does not start three workers",
      "How many clients to serve at a time depends on the machine, so the person who starts the "
        + "server must be able to choose.",
      expected: "4 threads: the main thread and three workers",
      happened: "\(server.threads) threads")
  }

  /// The thread sanitizer reports two accesses to a variable that nothing orders, even if they did
  /// no harm.
  static func race() {
    if !Program.hasVariant { return }
    let server = Program("--workers", "3", isVariant: true)
    for number in 1...20 where server.isRunning {
      let client = server.connect("client \(number)")
      client.ask("/", "Connection: close")
      _ = client.receive(patience: .seconds(1))
    }
    expect(
      server.isRunning && !server.lastOutput().contains("WARNING: ThreadSanitizer"),
      "the thread sanitizer found a data race",
      "One thread changes the array while another one reads or changes it, and nothing decides "
        + "which one goes first. Two workers may see the same client and both take it, or the "
        + "array may move while another thread reads it. It works a thousand times and then fails.",
      expected: "each change to the array is ordered before or after every other access",
      happened: "WARNING: ThreadSanitizer: data race (or a crash)")
  }
}
