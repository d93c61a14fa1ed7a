import Glibc
import Kit

@main
enum Measure: Checks {
  static let parts = [
    Part("how long an addition takes") { additions() },
    Part("how long a system call takes if there is nothing to read") { systemCalls() },
  ]

  static func additions() {
    compare(
      "additions", model: "10000", measured: "\(rounded(20_000 / addition))", within: 5,
      because:
        "A processor's clock ticks three billion times a second, and an addition in a loop takes a "
        + "few ticks: one to three nanoseconds. (This program is compiled without optimization, "
        + "because otherwise the compiler would compute the sum in advance.) A database that takes "
        + "5 ms leaves room for 250 times as many additions. (One article says 1,481 additions. It "
        + "assumed 13.5 ns for each, but most of that time wasn't spent on the addition.)",
      .number(
        ..<2000.0,
        "You assumed that 20 µs is a short time. On a network it is, but for a processor it's an "
          + "age."),
      .number(
        50_000.0...,
        "You expected more than the clock allows. At three billion ticks a second, 20 µs is sixty "
          + "thousand ticks, and an addition in a loop takes more than one."))
  }

  static func systemCalls() {
    compare(
      "call", model: "100", measured: "\(rounded(systemCall / addition))", within: 5,
      because:
        "Switching to the kernel and back takes as long as a hundred additions or more, even if "
        + "the kernel has nothing to do. That's why a server doesn't ask each socket whether "
        + "something has arrived, and why it makes as few epoll_ctl calls as it can.",
      .number(
        ..<20.0,
        "You assumed that a system call is a call like any other. It has to switch to the kernel "
          + "and back, with all the checks that protect the kernel from the program."),
      .number(
        500.0...,
        "You assumed that a call that finds nothing waits. On a non-blocking socket it returns "
          + "immediately, and you pay only for switching to the kernel and back."))
  }

  /// Rounds to two significant digits; the rest are noise.
  static func rounded(_ figure: Double) -> Int {
    var unit = 1.0
    while figure >= unit * 100 { unit *= 10 }
    return Int((figure / unit).rounded() * unit)
  }

  /// Nanoseconds per addition in a simple loop.
  static let addition = fastest(of: 2000) {
    var (sum, rounds) = (0, 0)
    while rounds < 1000 {
      sum += rounds
      rounds += 1
    }
    return rounds
  }

  static let systemCall = {
    var ends: [Int32] = [0, 0]
    socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends)
    defer { for end in ends { close(end) } }
    var byte: UInt8 = 0
    return fastest(of: 2000) {
      for _ in 0..<10 { recv(ends[0], &byte, 1, Int32(MSG_DONTWAIT)) }
      return 10
    }
  }()

  /// Returns the nanoseconds per operation in the fastest of `runs` runs, the one that other
  /// programs disturbed least.
  /// - Parameter run: performs the operation a number of times and returns that number.
  static func fastest(of runs: Int, _ run: () -> Int) -> Double {
    var fastest = Double.infinity
    let clock = ContinuousClock()
    for _ in 0..<runs {
      var count = 0
      let time = clock.measure { count = run() }
      fastest = min(fastest, Double(time.components.attoseconds) / 1e9 / Double(count))
    }
    return fastest
  }
}
