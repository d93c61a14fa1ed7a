// expect: A got its response, but the server does not stop
import Glibc

@main
struct Server {
  // A signal handler can do little more than set a variable: signal-safety(7).
  nonisolated(unsafe) static var isStopping = false

  static func main() {
    var action = sigaction()
    action.__sigaction_handler.sa_handler = { _ in Server.isStopping = true }
    sigaction(SIGTERM, &action, nil)
    let port = CommandLine.arguments.dropFirst(2).first.flatMap { UInt16($0) } ?? 7878
    let listener = openListener(port)
    print("listening on http://127.0.0.1:\(port)")
    while !isStopping {
      let client = accept(listener, nil, nil)
      if client == -1 { continue }
      serve(client)
      close(client)
    }
  }

  static func openListener(_ port: UInt16) -> Int32 {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var yes: Int32 = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian  // 127.0.0.1
    let bound = withUnsafePointer(to: address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if bound == -1 || listen(listener, 128) == -1 {
      perror("cannot listen on port \(port)")
      exit(1)
    }
    return listener
  }

  static func serve(_ client: Int32) {
    var input: [UInt8] = []
    while let head = receiveRequest(client, &input) {
      let request = Request(head)
      let response = Array(respond(to: request).utf8)
      if !sendAll(response, to: client) { return }
      if !(request?.keepsAlive ?? false) { return }
    }
  }

  static func respond(to request: Request?) -> String {
    guard let request else { return response("400 Bad Request") }
    if request.method != "GET" { return response("405 Method Not Allowed\r\nAllow: GET") }
    switch request.target {
    case "/": return response("200 OK", "Hello")
    case "/big": return response("200 OK", String(repeating: "Hello...", count: 1 << 20))
    default: return response("404 Not Found")
    }
  }

  static func response(_ status: String, _ body: String = "") -> String {
    "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
  }

  /// Takes the next request out of the input, after receiving the rest of it if necessary. The
  /// bytes after it stay in the input. Returns `nil` if the client leaves first.
  static func receiveRequest(_ client: Int32, _ input: inout [UInt8]) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let end = input.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
        defer { input.removeFirst(end) }
        return String(decoding: input[..<end], as: UTF8.self)
      }
      let count = recv(client, &buffer, buffer.count, 0)
      if count <= 0 { return nil }
      input += buffer[..<count]
      if input.count > 16 * 1024 { return "" }  // The head may never end, but memory does.
    }
  }
}
