import WireProtocols

/// A client's number, assigned by whatever owns the registry of a chapter.
public typealias ClientID = Int

/// What a session asks of the registry of clients, which every chapter builds in its own way.
public enum Order: Equatable, Sendable {
  /// This session became a client of `/ws`: answer with ``Session/joined(as:)``. It leaves when the session ends.
  case join
  /// Give this frame to every client of `/ws`, the sender too.
  case broadcast([UInt8])
  /// Give this frame to one client; where there is no such client, answer with ``Session/noClient(_:)``.
  case send([UInt8], to: ClientID)
}
