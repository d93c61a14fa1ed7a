// expect: but the server sends no ping
// file: Session.swift
/// One connection's conversation, without I/O: bytes go in, bytes come out, and it says what it
/// wants next.
///
/// It makes no system calls and reads no clock, so it works however its caller waits.
struct Session {
  enum Action {
    case read
    case write
    case pause(Duration)
    case finish
  }

  let delay: Duration
  var input: [UInt8] = []
  var output: [UInt8] = []
  /// The response that goes out after a pause.
  private var response: String?
  var isFinishing = false
  /// True when the bytes are no longer HTTP.
  private var isWebSocket = false
  /// The fragments of a message so far, and the opcode of the first one.
  var message: (opcode: Frame.Opcode, payload: [UInt8])?

  init(delay: Duration) { self.delay = delay }

  /// Returns what the caller should do now.
  mutating func next() -> Action {
    if let response {
      output += response.utf8
      self.response = nil
    }
    if isWebSocket && !isFinishing { readFrames() }
    if !output.isEmpty { return .write }
    if isFinishing { return .finish }
    guard !isWebSocket, let head = takeHead() else { return .read }
    let request = Request(head)
    isFinishing = !(request?.keepsAlive ?? false)
    response = respond(to: request)
    return request?.target == "/" ? .pause(delay) : next()
  }

  /// Accepts the bytes that arrived; an empty slice means that the client finished sending.
  mutating func receive(_ bytes: ArraySlice<UInt8>) {
    input += bytes
    if bytes.isEmpty { isFinishing = true }
  }

  /// Tells the session that nothing arrived in time.
  mutating func timeOut() {
    // A WebSocket may be silent. A ping finds out whether the client is still there.

    isFinishing = true
    if !input.isEmpty { response = respond("408 Request Timeout") }
  }

  /// Takes the bytes to send out of the session.
  mutating func takeOutput() -> [UInt8] {
    defer { output = [] }
    return output
  }

  /// Takes the next complete head out of the input, or all of the input once it is too long to be a
  /// head.
  private mutating func takeHead() -> String? {
    var end = input.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
    if end == nil && input.count > 16 * 1024 { end = input.count }
    guard let end else { return nil }
    defer { input.removeFirst(end) }
    return String(decoding: input[..<end], as: UTF8.self)
  }

  private mutating func respond(to request: Request?) -> String {
    guard let request else { return respond("400 Bad Request") }
    if request.method != "GET" { return respond("405 Method Not Allowed\r\nAllow: GET") }
    switch request.target {
    case "/ws":
      let (answer, isUpgrade) = handshake(with: request)
      isWebSocket = isUpgrade
      return answer
    case "/": return respond("200 OK", "Hello")
    case "/big": return respond("200 OK", String(repeating: "Hello...", count: 1 << 20))
    default: return respond("404 Not Found")
    }
  }

  func respond(_ status: String, _ body: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }
}
