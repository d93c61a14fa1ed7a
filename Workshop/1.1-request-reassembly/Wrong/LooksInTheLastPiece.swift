// expect: The cut can fall inside the \r\n\r\n
import Kit

struct RequestReader {
  let socket: ScriptedSocket

  init(_ socket: ScriptedSocket) { self.socket = socket }

  mutating func next() -> [UInt8]? {
    var request: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = socket.read(into: &buffer)
      if count == 0 { return nil }
      request += buffer[..<count]
      if buffer[..<count].firstRange(of: Array("\r\n\r\n".utf8)) != nil { return request }
    }
  }
}
