import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

@Suite struct TextTests {
  @Test(
    "Decimal numbers consist of digits and fit into their type",
    arguments: [
      ("0", 0), ("7", 7), ("007", 7), ("1234567890", 1_234_567_890),
      ("9223372036854775807", .max), ("9223372036854775808", nil), ("9223372036854775810", nil),
      ("99999999999999999999", nil), ("", nil), ("-1", nil), ("+1", nil), (" 1", nil), ("1 ", nil),
      ("1.0", nil), ("0x1", nil), ("1a", nil), ("/", nil), (":", nil), ("\u{661}", nil),
    ] as [(String, Int?)])
  func decimal(_ text: String, _ expected: Int?) {
    #expect(parseDecimal(bytes(text).span) == expected)
  }

  @Test(
    "A duration is a number and a unit",
    arguments: [
      ("250ms", .milliseconds(250)), ("5s", .seconds(5)), ("1m", .seconds(60)),
      ("20us", .microseconds(20)), ("0s", .zero), ("31536000000ms", .seconds(31_536_000)),
      ("31536000001ms", nil), ("99999999999999999999s", nil), ("", nil), ("5", nil), ("s", nil),
      ("5 s", nil), ("-5s", nil), ("1.5s", nil), ("5S", nil), ("5sec", nil), ("5h", nil),
      ("5s5s", nil), (" 5s", nil), ("5s ", nil),
    ] as [(String, Duration?)])
  func duration(_ text: String, _ expected: Duration?) {
    #expect(parseDuration(bytes(text).span) == expected)
  }

  @Test(
    "Names are compared as a whole, with or without regard to the case of ASCII letters",
    arguments: [
      ("host", true, true, true), ("HoSt", false, true, false), ("hos", false, false, false),
      ("hosts", false, false, true), ("h0st", false, false, false), ("", false, false, false),
    ])
  func comparisons(_ text: String, _ equals: Bool, _ inAnyCase: Bool, _ begins: Bool) {
    let input = bytes(text)
    let results = [
      input.span.equals("host"), input.span.equalsIgnoringCase("host"),
      input.span.hasPrefix("host"),
    ]
    #expect(results == [equals, inAnyCase, begins])
  }

  @Test("Only a letter and its capital are the same")
  func ignoringCase() {
    for byte in UInt8.min...255 {
      #expect([byte].span.equalsIgnoringCase("k") == [75, 107].contains(byte))
      #expect([byte].span.equalsIgnoringCase("-") == (byte == 45))
      #expect([byte].span.equalsIgnoringCase("{") == (byte == 123))
      #expect([byte].span.equalsIgnoringCase("1") == (byte == 49))
    }
  }

  @Test("An error names the call and what went wrong")
  func systemError() {
    let error = SystemError(call: "bind", code: EADDRINUSE)
    #expect(error.description == "bind: Address already in use")
    #expect(
      SystemError(call: "recv", code: ECONNRESET).description == "recv: Connection reset by peer")
  }

  @Test("An interrupted call is made again; other errors are thrown with their code")
  func interruptions() throws {
    var calls = 0
    let call = { () -> Int32 in
      calls += 1
      errno = calls < 3 ? EINTR : EBADF
      return -1
    }
    #expect(throws: SystemError(call: "read", code: EBADF)) { try check("read", call) }
    #expect(calls == 3)
    calls = 0
    #expect(throws: SystemError(call: "recv", code: EBADF)) { try attempt("recv", call) }
    #expect(calls == 3)
    #expect(try check("read") { 5 } == 5)
    #expect(try attempt("recv") { 0 } == 0)
  }

  @Test("EAGAIN is no error on a non-blocking socket, and an error on a blocking one")
  func notNow() throws {
    let call = { () -> Int32 in
      errno = EAGAIN
      return -1
    }
    #expect(try attempt("recv", call) == nil)
    #expect(throws: SystemError(call: "recv", code: EAGAIN)) { try check("recv", call) }
  }

  @Test("Only a broken listener ends accepting; an error about one client skips that client")
  func acceptErrors() {
    for code in [EBADF, EFAULT, EINVAL, ENOTSOCK] {
      #expect(SystemError(call: "accept4", code: code).endsListener)
    }
    for code in [EMFILE, ENFILE, ENOBUFS, ENOMEM, EPERM, ECONNABORTED, EUSERS] {
      #expect(!SystemError(call: "accept4", code: code).endsListener)
    }
    for code in [
      ECONNABORTED, EPERM, ENETDOWN, EPROTO, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH,
      EOPNOTSUPP, ENETUNREACH, ENOSR, ESOCKTNOSUPPORT, EPROTONOSUPPORT, ETIMEDOUT,
    ] {
      #expect(SystemError(call: "accept4", code: code).concernsOneClient)
    }
    for code in [EMFILE, ENFILE, ENOBUFS, ENOMEM, EBADF, EINVAL] {
      #expect(!SystemError(call: "accept4", code: code).concernsOneClient)
    }
  }
}

@Suite struct InstantTests {
  private static let origin = Instant(nanoseconds: 1000)

  @Test("Adding durations to an instant stops at the distant future")
  func addition() {
    #expect(Self.origin + .nanoseconds(5) == Instant(nanoseconds: 1005))
    #expect(Self.origin + .seconds(-5) == Self.origin)
    #expect(Self.origin + .seconds(Int64.max) == .distantFuture)
    #expect(Instant.distantFuture + .nanoseconds(1) == .distantFuture)
    #expect(Self.origin < Self.origin + .nanoseconds(1))
    #expect(Self.origin + .seconds(1) < .distantFuture)
  }

  @Test("The time between two instants is never negative")
  func subtraction() {
    #expect(Instant(nanoseconds: 1005) - Self.origin == .nanoseconds(5))
    #expect(Self.origin - Instant(nanoseconds: 1005) == .zero)
    #expect(Self.origin - Self.origin == .zero)
    #expect(Instant.distantFuture - Instant(nanoseconds: 0) == .nanoseconds(Int64.max))
  }

  @Test(
    "Nanoseconds are whole numbers, and clamped",
    arguments: [
      (.zero, 0), (.nanoseconds(1), 1), (.milliseconds(250), 250_000_000), (.seconds(-1), 0),
      (Duration(secondsComponent: 0, attosecondsComponent: 999_999_999), 0),
      (.seconds(Int64.max), .max),
    ] as [(Duration, UInt64)])
  func nanoseconds(_ duration: Duration, _ expected: UInt64) {
    #expect(duration.nanoseconds == expected)
  }

  @Test(
    "Timeouts are rounded up to milliseconds, so that no wait ends too early",
    arguments: [
      (.zero, 0), (.nanoseconds(1), 1), (.milliseconds(1), 1), (.microseconds(1001), 2),
      (.seconds(1), 1000), (.seconds(-1), 0), (.seconds(3_000_000), .max),
    ] as [(Duration, Int32)])
  func timeout(_ duration: Duration, _ expected: Int32) {
    let now = Instant.now
    #expect((now + duration).timeout(from: now) == expected)
    #expect(now.timeout(from: now + duration) == 0)
    #expect(Instant.distantFuture.timeout(from: now) == -1)
  }

  @Test("The monotonic clock never goes back, and a sleep lasts until its deadline")
  func clock() {
    let deadline = Instant.now + .milliseconds(2)
    sleep(until: deadline)
    #expect(Instant.now >= deadline)
    sleep(until: Instant(nanoseconds: 0))
    #expect(burn(for: .zero) == 10_000)
  }

  @Test("The wall clock gives the date of the current second")
  func wallClock() {
    var buffers = IOBuffers(inputSize: 0)
    for _ in 0..<2 {
      let before = time(nil) - 1  // The coarse clock may be a tick behind.
      buffers.tick()
      let dates = (before...time(nil)).map { HTTPDate(secondsSince1970: $0) }
      let texts = dates.map { date in text(date.bytes.indices.map { date.bytes[$0] }) }
      #expect(
        texts.contains(
          text(buffers.output.date.bytes.indices.map { buffers.output.date.bytes[$0] })))
      #expect(buffers.now <= .now)
    }
  }
}
