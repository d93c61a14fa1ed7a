// expect: The bytes after the first request are the start of the second
import Kit

struct RequestReader {
  let socket: ScriptedSocket

  init(_ socket: ScriptedSocket) { self.socket = socket }

  mutating func next() -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
        return Array(bytes[..<end.upperBound])
      }
      let count = socket.read(into: &buffer)
      if count == 0 { return nil }
      bytes += buffer[..<count]
    }
  }
}
