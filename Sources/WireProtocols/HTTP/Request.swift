/// The parts of a request's header section that this service acts on.
///
/// Texts are ranges of the bytes that the request was parsed from, counted from its first byte.
public struct Request: Equatable, Sendable {
  /// The methods that the service tells apart.
  public enum Method: Sendable { case get, head, options, connect, other }

  /// The way in which the body's length is given (RFC 9112 section 6.3).
  public enum Framing: Equatable, Sendable {
    case none
    case length(UInt32)
    case chunked
  }

  /// Fields that occurred, or that have a value that matters.
  struct Marks: OptionSet, Sendable {
    let rawValue: UInt16
    static let host = Marks(rawValue: 1 << 0)
    static let contentLength = Marks(rawValue: 1 << 1)
    static let transferEncoding = Marks(rawValue: 1 << 2)
    static let connectionClose = Marks(rawValue: 1 << 3)
    static let connectionKeepAlive = Marks(rawValue: 1 << 4)
    static let connectionUpgrade = Marks(rawValue: 1 << 5)
    static let upgradeWebSocket = Marks(rawValue: 1 << 6)
    static let webSocketVersion13 = Marks(rawValue: 1 << 7)
    static let webSocketKey = Marks(rawValue: 1 << 8)
    static let expectContinue = Marks(rawValue: 1 << 9)
    static let http10 = Marks(rawValue: 1 << 10)
    static let webSocketVersion = Marks(rawValue: 1 << 11)
    static let origin = Marks(rawValue: 1 << 12)
    static let absoluteForm = Marks(rawValue: 1 << 13)
  }

  public internal(set) var method = Method.get
  public internal(set) var framing = Framing.none
  var marks: Marks = []
  /// The path, for example `/ws`, and the query after its question mark.
  public internal(set) var path: Range<Int> = 0..<0
  public internal(set) var query: Range<Int> = 0..<0
  /// The values of `Host`, `Origin` and `Sec-WebSocket-Key`.
  public internal(set) var host: Range<Int> = 0..<0
  public internal(set) var origin: Range<Int> = 0..<0
  public internal(set) var webSocketKey: Range<Int> = 0..<0

  public init() {}

  /// Whether the connection stays open for another request (RFC 9112 section 9.3).
  public var keepsAlive: Bool {
    if marks.contains(.connectionClose) { return false }
    return !isHTTP10 || marks.contains(.connectionKeepAlive)
  }

  /// Whether the client speaks HTTP/1.0, which has neither chunks nor `Expect`.
  public var isHTTP10: Bool { marks.contains(.http10) }

  /// Whether the client waits for `100 Continue` before it sends the body (RFC 9110 section
  /// 10.1.1).
  public var expectsContinue: Bool {
    marks.contains(.expectContinue) && !isHTTP10 && framing != .none
  }

  /// Whether the request asks for a WebSocket, whatever else may be wrong with it (RFC 6455 section
  /// 4.2.1).
  public var wantsWebSocket: Bool {
    marks.isSuperset(of: [.connectionUpgrade, .upgradeWebSocket]) && !isHTTP10
  }
}
