// expect: don't turn them into text until the request is complete
import Kit

struct RequestReader {
  let socket: ScriptedSocket
  private var bytes: [UInt8] = []
  private static let end = Array("\r\n\r\n".utf8)

  init(_ socket: ScriptedSocket) { self.socket = socket }

  mutating func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let end = bytes.firstRange(of: Self.end)?.upperBound {
        defer { bytes.removeFirst(end) }
        return Array(bytes[..<end])
      }
      let count = socket.read(into: &buffer)
      if count == 0 { return nil }
      bytes += Array(String(decoding: buffer[..<count], as: UTF8.self).utf8)
    }
  }
}
