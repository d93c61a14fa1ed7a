import WireProtocols

/// The rule that decides whose pages may open a WebSocket here.
extension HelloService {
  /// Checks the origin of a request for a WebSocket. A browser lets any page open a WebSocket to
  /// any server, and sends the page's origin along (RFC 6455 section 10.2). If we ignored it, a
  /// stranger's page could talk to us on behalf of the person visiting it. Our own pages are
  /// allowed, and so is a client that sends no origin because it is not a browser.
  /// - Returns: `nil` if the page may open a WebSocket; otherwise a text that tells the page's
  ///   reader why it may not.
  func objection(to request: Request, _ bytes: Span<UInt8>) -> String? {
    let origin = bytes.extracting(request.origin).text
    let host = bytes.extracting(request.host).text
    if ["", "http://" + host, "https://" + host].contains(origin)
      || options.origins.contains("*") || options.origins.contains(origin)
    {
      return nil
    }
    return """
      403 Forbidden: this page may not open a WebSocket here.

      Origin, the page's address:  \(Self.printable(origin))
      Host, the server's address:  \(Self.printable(host))

      The two differ, so this may be a stranger's page. Or it is the server's own, and a forwarder \
      (an editor's, a cloud's, a proxy) changed one of the two on the way. If you trust the page, \
      start the server with this option:

      \(name) --origins \(Self.canBeListed(origin) ? origin : "ORIGIN")

      """
  }

  /// Whether `--origins` can name the origin, as a word of a shell's command line.
  private static func canBeListed(_ origin: String) -> Bool {
    origin.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-")...UInt8(ascii: "/"): true
      default: false
      }
    }
  }

  /// Returns the beginning of what a client sent, on one line and without control characters.
  private static func printable(_ text: String) -> String {
    let scalars = text.unicodeScalars.prefix(200).map { (" "..."~").contains($0) ? $0 : "?" }
    return String(String.UnicodeScalarView(scalars))
  }
}
