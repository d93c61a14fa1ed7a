import Common
import Glibc
import WireProtocols

// snippet: redis
/// A connection to Redis, on an event loop. Commands go out in order and their replies come back in
/// order, so any number of them may be in flight (pipelining). The commands of one loop iteration
/// are sent together.
final class RedisConnection {
  /// A closure that gets the reply to a command; `nil` if the connection was lost before it came.
  typealias Handler = (isolated Backplane, RESPValue?) -> Void

  private struct Pending {
    let handler: Handler
    let sent: Instant
    let size: Int
  }

  private let loop: EventLoopExecutor
  private var transport: Transport
  private var parser: RESPParser
  /// Commands, the oldest first; the first `head` of them have been answered.
  private var pending: [Pending] = []
  private var head = 0
  /// Bytes of the commands that have no reply yet, including those that are not sent yet.
  private(set) var pendingBytes = 0
  /// The part of the loop's input that is not parsed yet.
  private var unread = 0..<0

  /// Starts to connect. If that fails later, ``receive()`` throws the reason.
  init(
    to address: SocketAddress, generation: UInt32, _ parser: RESPParser, on loop: EventLoopExecutor
  ) throws {
    var address = address
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let number = try check("socket") { socket(address.family, type, 0) }
    let token = Token(index: UInt32(number), generation: generation)
    (self.loop, self.parser) = (loop, parser)
    transport = Transport(Socket(Descriptor(owning: number)), token)
    try transport.socket.descriptor.setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
    let result = address.withMutablePointer { connect(number, $0, $1.pointee) }
    if result == -1 && errno != EINPROGRESS { throw SystemError(call: "connect") }
    try loop.poller.register(number, token: token, interest: [.readable, .writable])
  }

  /// Appends a command to the loop's output; `handler` gets the reply.
  func ask(_ words: [String], _ payload: [UInt8]? = nil, then handler: @escaping Handler) {
    let before = loop.buffers.output.count
    RESPEncoder.append(words, payload, to: &loop.buffers.output)
    let size = loop.buffers.output.count - before
    pending.append(Pending(handler: handler, sent: loop.buffers.now, size: size))
    pendingBytes += size
  }

  func update(with event: Event) {
    if event.token == transport.token { transport.readiness.update(with: event) }
  }

  /// Sends as much of the loop's output as the kernel takes, and queues the rest.
  func flush() throws(SystemError) {
    _ =
      try loop.buffers.output.isEmpty
      ? transport.flush() : transport.send(&loop.buffers.output)
  }

  /// Takes what has arrived, 64 KiB at most; returns false if nothing has.
  func receive() throws -> Bool {
    guard let count = try transport.receive(into: &loop.buffers, until: .distantFuture) else {
      return false
    }
    if count == 0 { throw SystemError(call: "recv", code: ECONNRESET) }
    unread = 0..<count
    return true
  }

  /// Returns the next value of what was received; `nil` if a part of it is still missing.
  func nextValue() throws(RESPError) -> RESPValue? {
    var index = unread.lowerBound
    defer { unread = index..<unread.upperBound }
    let input = loop.buffers.input  // Shares the array.
    return try parser.next(input.span.extracting(..<unread.upperBound), &index)
  }

  /// Removes the oldest command without a reply, and returns its handler; `nil` if there is none.
  func takeHandler() -> Handler? {
    guard head < pending.count else { return nil }
    let first = pending[head]
    pendingBytes -= first.size
    head += 1
    // Waiting until half of the array is used up means that each entry is moved only once on
    // average.
    if 2 * head > pending.count {
      pending.removeSubrange(..<head)
      head = 0
    }
    return first.handler
  }

  /// How long the oldest command has waited for its reply.
  var silence: Duration { head < pending.count ? loop.buffers.now - pending[head].sent : .zero }
}
// snippet: end
