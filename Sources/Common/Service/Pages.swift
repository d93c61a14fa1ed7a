import WireProtocols

/// The responses that never change.
enum Page {
  case hello, chat, badRequest, notFound, methodNotAllowed, upgradeRequired
}

/// Their bytes, built once.
struct Pages: ~Copyable, Sendable {
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

  /// ``Response/append(to:_:headOnly:)`` of a page.
  @inline(__always)
  func append(
    _ page: Page, to output: inout OutputBuffer, _ persistence: Response.Persistence,
    headOnly: Bool
  ) {
    switch page {
    case .hello: hello.append(to: &output, persistence, headOnly: headOnly)
    case .chat: chat.append(to: &output, persistence, headOnly: headOnly)
    case .badRequest: badRequest.append(to: &output, persistence, headOnly: headOnly)
    case .notFound: notFound.append(to: &output, persistence, headOnly: headOnly)
    case .methodNotAllowed: methodNotAllowed.append(to: &output, persistence, headOnly: headOnly)
    case .upgradeRequired: upgradeRequired.append(to: &output, persistence, headOnly: headOnly)
    }
  }
}
