/// A socket on its way from the loop that accepted it to the loop that will serve it: a box,
/// because a closure cannot give away what cannot be copied.
public final class AcceptedSocket: @unchecked Sendable {
  // Unchecked: the acceptor fills it and gives it away, one loop takes the socket out.
  private var socket: Socket?

  /// Puts a socket into the box.
  public init(_ socket: consuming Socket) { self.socket = consume socket }

  /// Takes the socket out; `nil` the second time.
  public func take() -> Socket? { socket.take() }
}
