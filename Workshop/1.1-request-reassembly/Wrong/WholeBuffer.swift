// expect: Only the first bytes in it came from the client
import Kit

struct RequestReader {
  let socket: ScriptedSocket
  private var bytes: [UInt8] = []

  init(_ socket: ScriptedSocket) { self.socket = socket }

  mutating func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound {
        defer { bytes.removeFirst(end) }
        return Array(bytes[..<end])
      }
      if socket.read(into: &buffer) == 0 { return nil }
      bytes += buffer
    }
  }
}
