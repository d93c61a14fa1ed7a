import Glibc
import Kit

@main
enum Measure: Checks {
  static let parts = [
    Part("how long an addition takes") { additions() },
    Part("how long a system call takes that finds nothing") { systemCalls() },
  ]

  static func additions() {
    compare(
      "additions", model: "10000", measured: "\(rounded(20_000 / addition))", within: 5,
      because:
        "A processor takes a step three billion times a second, and an addition with its loop is a few steps: one to three "
        + "nanoseconds. This program is compiled without optimisation, or the compiler would know the sum beforehand. In "
        + "a database's 5 ms there is room for 250 times as many. (One of the articles names 1,481: it took an addition for 13.5 "
        + "ns, most of which was not the addition.)",
      .number(
        ..<2000.0,
        "You took 20 µs for a short time. On a network it is nothing; in a processor it is an age."),
      .number(
        50_000.0...,
        "You expected more than the clock allows. Three billion steps a second are sixty thousand in 20 µs, and an addition with "
          + "its loop is more than one."))
  }

  static func systemCalls() {
    compare(
      "call", model: "100", measured: "\(rounded(systemCall / addition))", within: 5,
      because:
        "Into the kernel and back costs as much as a hundred or more additions, also where nothing is to be done there. This is why a server "
        + "does not ask each socket whether something has arrived, and why it counts its epoll_ctl.",
      .number(
        ..<20.0,
        "You expected that a system call is a call like any other. It changes over to the kernel, with all the checks that protect "
          + "the one from the other, and back."),
      .number(
        500.0...,
        "You expected that a call which finds nothing waits for something. On a non-blocking socket it returns at once; what it "
          + "costs is the way there and back."))
  }

  /// Two digits of it: the others are noise.
  static func rounded(_ figure: Double) -> Int {
    var unit = 1.0
    while figure >= unit * 100 { unit *= 10 }
    return Int((figure / unit).rounded() * unit)
  }

  /// Nanoseconds, in the simplest of loops.
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

  /// Nanoseconds for one, in the fastest of so many runs: the one that nobody has disturbed.
  /// - Parameter run: returns how often it has done it.
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
