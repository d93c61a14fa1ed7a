import CLinux
import Glibc
import Synchronization

/// A connected TCP socket. It is closed once, when it goes out of scope.
public struct Socket: ~Copyable, Sendable {
  /// The descriptor of the connection.
  public let descriptor: Descriptor
  /// How many sockets there are in this process.
  static let count = Atomic(0)
  /// The number of sockets that are open in this process.
  public static var openCount: Int { count.load(ordering: .relaxed) }

  /// Takes over a connected descriptor.
  public init(_ descriptor: consuming Descriptor) {
    self.descriptor = descriptor
    Self.count.add(1, ordering: .relaxed)
  }

  deinit { Self.count.subtract(1, ordering: .relaxed) }

  /// Takes what has arrived, at most `buffer.count` bytes. Returns 0 at the end of the stream, and
  /// `nil` if the socket is non-blocking and nothing has arrived (recv(2)).
  /// - Throws: the error that ended the connection, `ECONNRESET` if the peer hung up.
  @inline(__always)
  public func receive(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int? {
    try attempt("recv", .read, descriptor.number) {
      recv(descriptor.number, buffer.baseAddress, buffer.count, 0)
    }
  }

  /// Hands bytes to the kernel and returns how many it took: often fewer than offered, and `nil` if
  /// its buffer is full (send(2)). With `MSG_NOSIGNAL`, a peer that is gone causes an error, not a
  /// signal that ends the process.
  /// - Throws: the error that ended the connection, `EPIPE` or `ECONNRESET` if the peer hung up.
  @inline(__always)
  public func send(_ bytes: UnsafeRawBufferPointer) throws(SystemError) -> Int? {
    try attempt("send", .write, descriptor.number) {
      Glibc.send(descriptor.number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
    }
  }

  /// Sends a part of an array, for example what an earlier `send` has left.
  /// - Throws: what ``send(_:)-(UnsafeRawBufferPointer)`` throws.
  @inline(__always)
  public func send(_ bytes: [UInt8], _ part: Range<Int>) throws(SystemError) -> Int? {
    try bytes.span.extracting(part).withUnsafeBytes { raw throws(SystemError) in try send(raw) }
  }

  /// Shuts down the writing side (shutdown(2)): the peer reads the end of the stream, and we can
  /// still read.
  public func shutdownWriting() {
    _ = Glibc.shutdown(descriptor.number, Int32(SHUT_WR))
  }

  /// Ends both directions at once, even while another thread blocks in `recv` or `send` on this
  /// socket; the descriptor stays open.
  public func shutdown() {
    _ = Glibc.shutdown(descriptor.number, Int32(SHUT_RDWR))
  }

  /// Discards what has arrived, without waiting for more.
  public func discardInput() {
    var waste = [UInt8](repeating: 0, count: 4096)
    while recv(descriptor.number, &waste, waste.count, Int32(MSG_DONTWAIT)) > 0 {}
  }
}

extension Descriptor {
  /// Sets an option whose value is a number (setsockopt(2)).
  /// - Throws: the call's error: the kernel does not know the option, or rejects the value.
  public func setOption(_ level: Int32, _ option: Int32, _ value: Int32) throws(SystemError) {
    try check("setsockopt") {
      withUnsafePointer(to: value) {
        setsockopt(number, level, option, $0, socklen_t(MemoryLayout<Int32>.size))
      }
    }
  }
}
