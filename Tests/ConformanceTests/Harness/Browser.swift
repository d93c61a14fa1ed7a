import Glibc

/// A headless Chromium, driven over the DevTools protocol: one WebSocket, JSON in both directions.
final class Browser {
  private let child: TestedProgram
  private let socket: WebSocketClient
  private let profile: String
  private var lastCommand = 0

  /// The first of its usual names that is found in the PATH.
  static let executable: String? = {
    let folders = getenv("PATH").map { String(cString: $0).split(separator: ":") } ?? []
    let names = ["chromium", "chromium-browser", "google-chrome"]
    return names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { access($0, X_OK) == 0 }
  }()

  init(_ executable: String) throws {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/" + "tmp"
    var template = Array("\(folder)/browser-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw HarnessError(call: "mkdtemp") }
    profile = String(
      decoding: template.dropLast().map(UInt8.init(truncatingIfNeeded:)), as: UTF8.self)
    child = try TestedProgram(
      executable: executable,
      arguments: [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
        "--user-data-dir=\(profile)", "--remote-debugging-port=0", "about:blank",
      ])
    let (port, path) = try Self.debugger(child)
    let client = try Client(port: port)
    socket = WebSocketClient(client)
    try client.send(
      WebSocketClient.upgrade(path).replacing("Host: test", with: "Host: 127.0.0.1"))
    try socket.expectAccepted()
  }

  /// It prints the address it listens on to standard error: `DevTools listening on
  /// ws://127.0.0.1:PORT/PATH`.
  private static func debugger(_ child: TestedProgram) throws -> (UInt16, String) {
    let prefix = "DevTools listening on ws://127.0.0.1:"
    while true {
      let line = try child.standardError.readLine()
      if line.isEmpty && !child.isRunning { throw HarnessError("the browser ended") }
      guard line.hasPrefix(prefix) else { continue }
      let address = line.dropFirst(prefix.count)
      let end = address.firstIndex(of: "/") ?? address.endIndex
      guard let port = UInt16(address[..<end]) else { throw HarnessError("no port: \(line)") }
      return (port, String(address[end...]))
    }
  }

  func openTab(_ url: String) throws -> Tab {
    let target = try command("Target.createTarget", #"{"url":"\#(url)"}"#)
    let attached = try command(
      "Target.attachToTarget",
      #"{"flatten":true,"targetId":"\#(try value(of: "targetId", in: target))"}"#)
    return Tab(browser: self, session: try value(of: "sessionId", in: attached))
  }

  /// Sends a command and returns its answer; other messages are skipped.
  fileprivate func command(
    _ method: String, _ parameters: String, session: String? = nil
  ) throws -> String {
    lastCommand += 1
    let session = session.map { #","sessionId":"\#($0)""# } ?? ""
    try socket.send(
      #"{"id":\#(lastCommand),"method":"\#(method)","params":\#(parameters)\#(session)}"#)
    while true {
      let answer = try socket.readText()
      if answer.hasPrefix(#"{"id":\#(lastCommand),"#) { return answer }
    }
  }

  deinit {
    child.send(signal: SIGKILL)
    _ = try? child.waitForExit()
    _ = try? TestedProgram(executable: "/bin/rm", arguments: ["-rf", profile]).waitForExit()
  }
}

/// A page in its own tab.
struct Tab {
  fileprivate let browser: Browser
  fileprivate let session: String

  /// Runs JavaScript that returns a text without quotation marks.
  @discardableResult
  func run(_ script: String) throws -> String { try value(of: "value", in: evaluate(script)) }

  /// Waits, in the page, until an expression is true. If the page is left meanwhile, the wait ends
  /// with it, and a new one starts in the next page.
  func wait(until condition: String) throws {
    let script = """
      new Promise(done => { const timer = setInterval(() => {
        if (\(condition)) { clearInterval(timer); done('true') } }, 20) })
      """
    var answer = try evaluate(script)
    while answer.contains("Execution context was destroyed") { answer = try evaluate(script) }
    _ = try value(of: "value", in: answer)
  }

  private func evaluate(_ script: String) throws -> String {
    let escaped = script.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n")
    return try browser.command(
      "Runtime.evaluate", #"{"expression":"\#(escaped)","awaitPromise":true}"#, session: session)
  }
}

/// The text with this name in JSON: `"name":"text"`.
private func value(of name: String, in json: String) throws -> String {
  guard let start = json.firstRange(of: #""\#(name)":""#)?.upperBound,
    let end = json[start...].firstIndex(of: "\"")
  else { throw HarnessError("no \(name): \(json)") }
  return String(json[start..<end])
}
