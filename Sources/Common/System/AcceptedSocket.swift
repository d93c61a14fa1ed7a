/// A box for a socket on its way from the loop that accepted it to the loop that will serve it. The
/// box is needed because a closure cannot give away a captured value that cannot be copied.
public final class AcceptedSocket: @unchecked Sendable {
  // Unchecked: the accepting loop fills the box and gives it away; one loop takes the socket out.
  private var socket: Socket?

  /// Puts a socket into the box.
  public init(_ socket: consuming Socket) { self.socket = consume socket }

  /// Takes the socket out; `nil` the second time.
  public func take() -> Socket? { socket.take() }
}
