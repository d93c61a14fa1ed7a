import WireProtocols

/// A client's number, assigned by the registry of the chapter.
public typealias ClientID = Int

/// A request from a session to the registry of clients, which every chapter builds in its own way.
///
/// The last four occur only in a service with topics (``HelloService/init(name:options:topics:)``).
/// The cases with two values, or with a topic, are indirect, so that they do not make every session
/// larger.
public enum Command: Equatable, Sendable {
  /// Make this session a client of `/ws`, and answer with ``Session/joined(as:)``. The client
  /// leaves the registry when its session ends.
  case join
  /// Give this frame to every client of `/ws`, the sender included.
  case broadcast([UInt8])
  /// Give this frame to one client; if there is no such client, answer with
  /// ``Session/noClient(_:)``.
  indirect case send([UInt8], to: ClientID)
  /// Give this client everything that is published to the topic from now on.
  indirect case subscribe(String)
  /// Stop giving this client what is published to the topic.
  indirect case unsubscribe(String)
  /// Give this frame to every client that has subscribed to the topic.
  indirect case publish([UInt8], topic: String)
  /// Collect the members of `/stats` about all clients; answer with ``Session/reported(_:)``.
  case report
}
