// snippet: resp
/// A parser for RESP, the protocol of Redis, versions 2 and 3, however the bytes are split
/// (https://redis.io/docs/latest/develop/reference/protocol-spec/).
///
/// **Theory of operation.** Everything begins with a line: a type, a number or a text, CR LF. After
/// the line of a string come its bytes, after that of an aggregate its elements.
///
///     [ line ] ──▶ a value                        + - : # _ , (
///        │ ▲
///        │ ╰─────────────╮
///        ├──▶ [ string ] ─┴─▶ a value             $ = !
///        ╰──▶ a level more on the stack of open aggregates   * ~ % > |
///
/// A value is added to the innermost open aggregate; if that is now complete, it is the next value.
/// If no aggregate is open, the value goes to the caller. Each byte is looked at once: the part of
/// a line or string that has arrived is kept, and reading continues after it.
public struct RESPParser: Sendable {
  /// The replies that we ask for are nested four deep. Without a limit, a peer could make us keep
  /// another aggregate for every four bytes that it sends.
  static let maxDepth = 16
  /// The longest line, in bytes: an error's text or a simple string.
  static let maxLine = 16 * 1024

  private enum Kind { case array, map, push, attribute }

  private struct Aggregate {
    let kind: Kind
    /// How many elements are still to come.
    var missing: Int
    var elements: [RESPValue] = []
  }

  private let maxSize, maxString: Int
  private var open: [Aggregate] = []
  /// The part of an incomplete line or string that has arrived.
  private var part: [UInt8] = []
  /// The string that is being read: the type, and how many bytes are still to come, CR LF included.
  private var string: (type: UInt8, missing: Int, isKept: Bool)?
  /// The memory that the current value needs, in bytes.
  private var size = 0

  /// Creates a parser.
  /// - Parameter maxSize: the most memory that one value may need, roughly. A length that is only
  ///   announced takes up no memory.
  /// - Parameter maxString: the longest string that is kept. A longer one is read and becomes null.
  public init(maxSize: Int, maxString: Int = .max) {
    (self.maxSize, self.maxString) = (maxSize, maxString)
  }

  /// Returns the next whole value; `nil` if all bytes are read and it is not complete.
  /// - Parameter index: where to continue reading; it moves past what was read.
  /// - Throws: ``RESPError`` if the bytes are not RESP, or the value is larger than allowed. Close
  ///   the connection then.
  public mutating func next(
    _ bytes: Span<UInt8>, _ index: inout Int
  ) throws(RESPError) -> RESPValue? {
    while index < bytes.count {
      let value =
        string == nil ? try readLine(bytes, &index) : try readString(bytes, &index)
      if let value, let whole = complete(value) { return whole }
    }
    return nil
  }

  private mutating func readLine(
    _ bytes: Span<UInt8>, _ index: inout Int
  ) throws(RESPError) -> RESPValue? {
    let end = bytes.firstIndex(of: Ascii.lineFeed, from: index)
    let piece = bytes.extracting(index..<(end.map { $0 + 1 } ?? bytes.count))
    index += piece.count
    guard part.count + piece.count <= Self.maxLine else { throw .tooLarge }
    if end != nil && part.isEmpty { return try read(line: piece) }
    piece.withUnsafeBufferPointer { part.append(contentsOf: $0) }
    if end == nil { return nil }
    let whole = part
    part = []
    return try read(line: whole.span)
  }

  /// Parses a line. Returns its value; `nil` if the line only begins one.
  private mutating func read(line: Span<UInt8>) throws(RESPError) -> RESPValue? {
    guard line.count >= 3, line[line.count - 2] == Ascii.carriageReturn else { throw .malformed }
    let text = line.extracting(1..<line.count - 2)
    try charge(text.count)
    switch line[0] {
    case UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: "("): return .string(text.bytes)
    case UInt8(ascii: "-"): return .error(text.text)
    case UInt8(ascii: ":"): return .integer(try number(text))
    case UInt8(ascii: "#") where text.equals("t"): return .integer(1)
    case UInt8(ascii: "#") where text.equals("f"): return .integer(0)
    case UInt8(ascii: "_") where text.isEmpty: return .null
    case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"):
      guard let count = try length(text) else { return .null }
      let isKept = count <= maxString
      if isKept { try charge(count) }
      guard count < 1 << 32 else { throw .tooLarge }
      string = (line[0], count + 2, isKept)
      return nil
    case UInt8(ascii: "*"), UInt8(ascii: "~"): return try begin(.array, text)
    case UInt8(ascii: "%"): return try begin(.map, text)
    case UInt8(ascii: ">"): return try begin(.push, text)
    case UInt8(ascii: "|"): return try begin(.attribute, text)
    default: throw .malformed
    }
  }

  private mutating func readString(
    _ bytes: Span<UInt8>, _ index: inout Int
  ) throws(RESPError) -> RESPValue? {
    guard let (type, missing, isKept) = string else { return nil }
    let piece = bytes.extracting(index..<min(bytes.count, index + missing))
    index += piece.count
    if isKept { piece.withUnsafeBufferPointer { part.append(contentsOf: $0) } }
    string = (type, missing - piece.count, isKept)
    if piece.count < missing { return nil }
    if !isKept {
      string = nil
      return .null
    }
    var whole: [UInt8] = []
    swap(&whole, &part)
    string = nil
    guard whole.suffix(2).elementsEqual([Ascii.carriageReturn, Ascii.lineFeed]) else {
      throw .malformed
    }
    whole.removeLast(2)
    // A verbatim string begins with its format: `txt:`.
    if type == UInt8(ascii: "=") { whole.removeFirst(min(4, whole.count)) }
    return type == UInt8(ascii: "!") ? .error(whole.span.text) : .string(whole)
  }

  /// Opens an aggregate; returns it if it has no elements.
  private mutating func begin(_ kind: Kind, _ text: Span<UInt8>) throws(RESPError) -> RESPValue? {
    guard let count = try length(text) else { return .null }
    let isPairs = kind == .map || kind == .attribute
    let (missing, overflow) = count.multipliedReportingOverflow(by: isPairs ? 2 : 1)
    guard !overflow, missing <= maxSize / MemoryLayout<RESPValue>.stride else { throw .tooLarge }
    try charge(missing * MemoryLayout<RESPValue>.stride)
    guard open.count < Self.maxDepth else { throw .tooDeep }
    let aggregate = Aggregate(kind: kind, missing: missing)
    if missing == 0 { return value(of: aggregate) }
    open.append(aggregate)
    return nil
  }

  /// Adds a value to the innermost open aggregate. Returns the value for the caller, once there is
  /// one.
  private mutating func complete(_ value: RESPValue) -> RESPValue? {
    var value = value
    while let last = open.indices.last {
      open[last].elements.append(value)
      open[last].missing -= 1
      if open[last].missing > 0 { return nil }
      guard let whole = self.value(of: open.removeLast()) else { return nil }
      value = whole
    }
    size = 0
    return value
  }

  /// Returns the value of an aggregate; `nil` for attributes, which describe the value that follows
  /// and are not needed here.
  private func value(of aggregate: Aggregate) -> RESPValue? {
    switch aggregate.kind {
    case .array: .array(aggregate.elements)
    case .map: .map(aggregate.elements)
    case .push: .push(aggregate.elements)
    case .attribute: nil
    }
  }

  /// Counts memory before it is used.
  private mutating func charge(_ count: Int) throws(RESPError) {
    guard count <= maxSize - size else { throw .tooLarge }
    size += count
  }

  private func number(_ text: Span<UInt8>) throws(RESPError) -> Int {
    guard let number = Int(text.text) else { throw .malformed }
    return number
  }

  /// Returns a length; `nil` for -1, which means null in RESP2.
  private func length(_ text: Span<UInt8>) throws(RESPError) -> Int? {
    let length = try number(text)
    guard length >= -1 else { throw .malformed }
    return length < 0 ? nil : length
  }
}
// snippet: end

extension Span<UInt8> {
  fileprivate var bytes: [UInt8] { withUnsafeBufferPointer { Array($0) } }
}
