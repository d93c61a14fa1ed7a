import WireProtocols

/// A response that never changes.
enum Page {
  case hello, chat, badRequest, notFound, methodNotAllowed, upgradeRequired
}

/// The bytes of all pages, built once.
struct Pages: ~Copyable, Sendable {
  fileprivate let hello, chat, badRequest, notFound, methodNotAllowed, upgradeRequired: Response
  let unavailable: Response
  /// The head that opens a WebSocket, up to the value of its last field (RFC 6455 section 4.2.2).
  let switchingProtocols: DatedBytes

  /// - Parameter server: the server's name, for the `Server` field.
  init(server: String) {
    hello = Response(.ok, server: server, body: Array("Hello".utf8))
    chat = Response(
      .ok, server: server, type: "text/html; charset=utf-8", body: PackageResources.chat_html)
    badRequest = Response(.badRequest, server: server)
    notFound = Response(.notFound, server: server)
    methodNotAllowed = Response(
      .methodNotAllowed, server: server, fields: "Allow: GET, HEAD\r\n")
    // The client has to learn which protocol to ask for, and which version (RFC 9110 sections 7.8
    // and 15.5.22, RFC 6455 section 4.4).
    upgradeRequired = Response(
      .upgradeRequired, server: server,
      fields: "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
    unavailable = Response(.serviceUnavailable, server: server)
    switchingProtocols = DatedBytes(
      .switchingProtocols, server: server,
      fields: "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")
  }
}

extension HelloService {
  /// Appends a page; see ``Response/append(to:_:headOnly:)``. This is a method of the service
  /// because a method of ``Pages`` would get a copy of all pages for each request.
  @inline(__always)
  func append(
    _ page: Page, to output: inout OutputBuffer, _ persistence: Response.Persistence,
    headOnly: Bool
  ) {
    switch page {
    case .hello: pages.hello.append(to: &output, persistence, headOnly: headOnly)
    case .chat: pages.chat.append(to: &output, persistence, headOnly: headOnly)
    case .badRequest: pages.badRequest.append(to: &output, persistence, headOnly: headOnly)
    case .notFound: pages.notFound.append(to: &output, persistence, headOnly: headOnly)
    case .methodNotAllowed:
      pages.methodNotAllowed.append(to: &output, persistence, headOnly: headOnly)
    case .upgradeRequired:
      pages.upgradeRequired.append(to: &output, persistence, headOnly: headOnly)
    }
  }
}
