import Glibc
import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

/// A non-blocking connection whose peer is in this process.
private struct Line: ~Copyable {
  var transport: Transport
  let far: Socket

  init() throws {
    var numbers: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    try check("socketpair") { socketpair(AF_UNIX, type, 0, &numbers) }
    let token = Token(index: UInt32(numbers[0]), generation: 7)
    transport = Transport(Socket(Descriptor(owning: numbers[0])), token)
    far = Socket(Descriptor(owning: numbers[1]))
  }

  mutating func send(_ bytes: [UInt8]) throws -> Bool {
    var output = OutputBuffer()
    output.append(bytes)
    defer { #expect(output.count == 0, "sent or not, no output is left for the next client") }
    return try transport.send(&output)
  }

  /// Reads what has arrived, and tells the transport that there is room.
  mutating func read() throws -> [UInt8] {
    var (all, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 1 << 16))
    while let count = try far.receive(into: &buffer), count > 0 { all += buffer[..<count] }
    transport.readiness.insert(.mayWrite)
    return all
  }

  /// Reads until nothing waits any more.
  mutating func readAll() throws -> [UInt8] {
    var all = try read()
    while try !transport.flush() { all += try read() }
    return try all + read()
  }
}

@Suite(.timeLimit(.minutes(5))) struct TransportTests {
  /// More than the kernel's buffers hold.
  private static let large = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 / 7) }

  @Test func `a new transport knows its token and has nothing to send`() throws {
    let line = try Line()
    #expect(line.transport.token.generation == 7)
    #expect(line.transport.isEmpty == true)
  }

  @Test func `bytes that the kernel does not take are kept and follow in order`() throws {
    var line = try Line()
    #expect(try line.send(bytes("hello ")))
    #expect(try !line.send(Self.large))
    #expect(line.transport.isEmpty == false)
    #expect(!line.transport.readiness.contains(.mayWrite))
    line.transport.enqueue(bytes("frame "))
    try line.transport.send(bytes("another "))
    #expect(try !line.send(bytes("answer")), "no answer overtakes one that waits")
    #expect(try line.readAll() == bytes("hello ") + Self.large + bytes("frame another answer"))
    #expect(line.transport.isEmpty == true)
  }

  @Test func `a frame is sent at once, and the part that the kernel does not take later`() throws {
    var line = try Line()
    try line.transport.send(bytes("first "))
    #expect(line.transport.isEmpty == true)
    try line.transport.send(Self.large)
    #expect(try line.readAll() == bytes("first ") + Self.large)
  }

  @Test func `more pieces than one call takes arrive complete and in order`() throws {
    var line = try Line()
    let frames = (0..<1000).map { bytes("\($0) ") }
    for frame in frames { line.transport.enqueue(frame) }
    #expect(try line.transport.flush())
    #expect(try line.read() == frames.flatMap { $0 })
  }

  @Test func `the kernel is not asked again before it says that there is room`() throws {
    var line = try Line()
    _ = try line.send(Self.large)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    let count = try line.far.receive(into: &buffer)
    #expect(count == buffer.count)
    #expect(try !line.transport.flush(), "there is room, but no event has reported it")
    let rest = try line.readAll()
    #expect(buffer + rest == Self.large)
  }

  @Test func `an answer to a peer that closed is not left for the next client`() throws {
    var transport = try { () throws -> Transport in
      let line = try Line()
      return line.takeTransport()
    }()
    var output = OutputBuffer()
    output.append(bytes("hello"))
    #expect(throws: SystemError(call: "send", code: EPIPE)) { _ = try transport.send(&output) }
    #expect(output.count == 0)
  }

  @Test func `only frames from others count against the limit, and only if the kernel is full`()
    throws
  {
    var line = try Line()
    for _ in 1...100 { line.transport.enqueue([UInt8](repeating: 1, count: 1000)) }
    #expect(try !line.transport.hasOverflowed(10_000), "the kernel had room for all of it")
    _ = try line.read()
    #expect(try !line.send(Self.large + Self.large))
    #expect(try !line.transport.hasOverflowed(0), "only its own answer waits")
    line.transport.enqueue(Self.large)
    #expect(try line.transport.hasOverflowed(10_000))
    // It has read, and the event that reports it is still to come.
    while true {
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      guard let count = try line.far.receive(into: &buffer), count > 0 else { break }
    }
    #expect(try line.transport.hasOverflowed(3 << 20) == false)
  }

  @Test func `the oldest frames are dropped; answers, and a frame that is partly sent, are not`()
    throws
  {
    var line = try Line()
    try line.transport.send(Self.large)  // Partly sent.
    #expect(try !line.send(bytes("answer ")))
    for number in 1...10 { line.transport.enqueue(bytes("\(number) ")) }
    #expect(try !line.send(bytes("answer ")))
    for number in 11...20 { line.transport.enqueue(bytes("\(number) ")) }
    #expect(line.transport.dropOldest(until: Self.large.count + 200) > 0)
    let received = try line.readAll()
    #expect(received.prefix(Self.large.count) == Self.large[...])
    let words = text(received.dropFirst(Self.large.count)).split(separator: " ")
    let numbers = words.compactMap { Int($0) }
    #expect(words.filter { $0 == "answer" }.count == 2 && words.first == "answer")
    #expect(numbers == Array((21 - numbers.count)...20) && (1..<20).contains(numbers.count))
  }

  @Test func `a peer that takes nothing within the timeout is given up, a peer that reads is not`()
    throws
  {
    var line = try Line()
    _ = try line.send(Self.large + Self.large)
    let (start, timeout) = (Instant(nanoseconds: 1_000_000_000), Duration.seconds(8))
    _ = try line.transport.nextLook(timeout: timeout, at: start)
    _ = try line.transport.nextLook(timeout: timeout, at: start + .seconds(7))
    // The peer reads something.
    _ = try line.read()
    #expect(try !line.transport.flush())
    _ = try line.transport.nextLook(timeout: timeout, at: start + .seconds(9))
    _ = try line.transport.nextLook(timeout: timeout, at: start + .seconds(16))
    #expect(throws: SystemError(call: "send", code: ETIMEDOUT)) {
      try line.transport.nextLook(timeout: timeout, at: start + .seconds(17))
    }
  }

  @Test func `a deadline that has passed asks for one look, whatever the events reported`() throws {
    var line = try Line()
    var buffers = IOBuffers(inputSize: 10)
    let (past, future) = (buffers.now, buffers.now + .seconds(10))
    #expect(try line.transport.receive(into: &buffers, until: future) == nil)
    _ = try line.far.send("hello")
    #expect(try line.transport.receive(into: &buffers, until: future) == nil, "no event")
    #expect(try line.transport.receive(into: &buffers, until: past) == 5)
    #expect(try line.transport.receive(into: &buffers, until: past) == nil)
  }
}

extension Line {
  /// Returns the connection and closes the peer's end.
  fileprivate consuming func takeTransport() -> Transport { transport }
}

@Suite struct BudgetTests {
  @Test func `bytes and deliveries both use up the budget`() {
    var budget = Budget()
    #expect(!budget.isSpent)
    var bytes = 0
    while !budget.isSpent {
      budget.spend(bytes: 64 * 1024)
      bytes += 64 * 1024
    }
    #expect(bytes == 256 * 1024)
    budget = Budget()
    budget.spend(deliveries: 255)
    #expect(!budget.isSpent)
    budget.spend(deliveries: 1)
    #expect(budget.isSpent)
  }

  @Test func `one command with a thousand receivers uses up the budget`() {
    var budget = Budget()
    budget.spend(deliveries: 1000)
    #expect(budget.isSpent)
  }
}
