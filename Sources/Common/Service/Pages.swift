/// The responses that never change.
enum Page {
  case hello, chat, badRequest, notFound, methodNotAllowed, upgradeRequired
}

/// Their bytes, built once.
struct Pages: Sendable {
  private let hello = Response(.ok, body: Array("Hello".utf8))
  private let chat = Response(
    .ok, type: "text/html; charset=utf-8", body: PackageResources.chat_html)
  private let badRequest = Response(.badRequest)
  private let notFound = Response(.notFound)
  private let methodNotAllowed = Response(.methodNotAllowed, fields: "Allow: GET, HEAD\r\n")
  /// RFC 9110 sections 7.8 and 15.5.22, RFC 6455 section 4.4: which protocol, and which version of it.
  private let upgradeRequired = Response(
    .upgradeRequired,
    fields: "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")

  /// The head that opens a WebSocket, up to the value of its last field (RFC 6455 section 4.2.2).
  let switchingProtocols = DatedBytes(
    .switchingProtocols,
    fields: "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ")

  subscript(_ page: Page) -> Response {
    switch page {
    case .hello: hello
    case .chat: chat
    case .badRequest: badRequest
    case .notFound: notFound
    case .methodNotAllowed: methodNotAllowed
    case .upgradeRequired: upgradeRequired
    }
  }
}
