import Glibc
import Synchronization

/// The text of the `Date` header (RFC 9110 section 5.6.7), formatted once a second.
public final class HTTPDate: Sendable {
  private let made = Mutex((second: 0, text: ""))

  public init() {}

  public var text: String {
    let now = time(nil)
    return made.withLock { made in
      if made.second != now { made = (now, Self.format(now)) }
      return made.text
    }
  }

  private static func format(_ second: Int) -> String {
    var second = second
    var parts = tm()
    gmtime_r(&second, &parts)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 40) { text in
      strftime(text.baseAddress!, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
      return String(cString: text.baseAddress!)
    }
  }
}
