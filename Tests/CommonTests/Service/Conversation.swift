import TestSupport
import Testing

@testable import Common
@testable import WireProtocols

/// Everything that a client sends, and everything that the server answers.
struct Conversation: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let input: [UInt8]
  let replies: [String]
  let orders: [String]
  var options = ServerOptions()

  init(
    _ name: String, _ input: [UInt8], _ replies: [String], orders: [String] = [],
    _ change: (inout ServerOptions) -> Void = { _ in }
  ) {
    (testDescription, self.input, self.replies, self.orders) = (name, input, replies, orders)
    change(&options)
  }

  init(
    _ name: String, _ input: String..., replies: [String], orders: [String] = [],
    _ change: (inout ServerOptions) -> Void = { _ in }
  ) {
    self.init(name, bytes(input.joined()), replies, orders: orders, change)
  }

  /// A conversation that begins with a successful opening handshake.
  static func webSocket(
    _ name: String, path: String = "/echo", _ frames: [UInt8]..., replies: [String],
    orders: [String] = [], _ change: (inout ServerOptions) -> Void = { _ in }
  ) -> Conversation {
    Conversation(
      name, bytes(upgrade(path)) + frames.joined(), ["101 Upgrade \(accept)"] + replies,
      orders: (path == "/ws" ? ["join"] : []) + orders, change)
  }
}

let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

/// An opening handshake with the key of RFC 6455 section 1.3.
func upgrade(_ path: String, _ fields: String...) -> String {
  head(
    "GET \(path) HTTP/1.1",
    [
      "Host: h", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ] + fields)
}

@Suite struct ConversationTests {
  @Test(
    "A conversation has the expected outcome, however its bytes arrive",
    arguments: Conversation.requests + Conversation.bodies + Conversation.errors
      + Conversation.upgrades + Conversation.messages + Conversation.closings + Conversation.chats)
  func goesTheSame(_ conversation: Conversation) {
    let service = HelloService(name: "test", options: conversation.options)
    var whole: [UInt8]?
    for cut in everyCut(of: conversation.input.count) {
      let peer = Peer(service)
      for piece in pieces(of: conversation.input, cut: cut) where !piece.isEmpty {
        peer.send(piece)
      }
      peer.end()
      // Whether bytes remain after the last request depends on the cut, and so does the half-close.
      #expect(
        peer.orders.filter { $0 != "half-close" } == conversation.orders + ["finish"],
        "cut at \(cut)")
      if let whole {
        #expect(peer.output == whole, "cut at \(cut)")
      } else {
        whole = peer.output
        #expect(peer.replies() == conversation.replies)
      }
    }
  }
}
